package dev.clew.nn.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tokens are written one after the other, by a state that is a value. */
class DecoderTest {
    private static final SmallModel MODEL = SmallModel.of(6, 3);
    private static final Sampler SAMPLER = Sampler.create().withTemperature(1.3);

    private static Decoder.Reading<Lstm.State> start(Decoder<Lstm.State> decoder) {
        return decoder.read(new int[] {0}, MODEL.cell().start(1));
    }

    @Test
    void whatIsWrittenHasTheProbabilityOfTheWholeSequence() {
        Decoder<Lstm.State> decoder = MODEL.decoder();
        List<Decoder.Drawn<Lstm.State>> drawn =
                decoder.write(start(decoder), SAMPLER, RandomKey.of(7)).limit(8).toList();
        double sum = drawn.stream()
                .mapToDouble(each -> each.logProbabilities().item())
                .sum();
        int[] tokens = drawn.stream().mapToInt(Decoder.Drawn::token).toArray();
        assertThat(tokens).hasSizeGreaterThan(4);
        assertThat(sum).isCloseTo(MODEL.logProbability(tokens), within(1e-12));
    }

    @Test
    void aTokenCostsAStepWhenItIsAskedForAndNothingIsReadTwice() {
        AtomicInteger steps = new AtomicInteger();
        Decoder<Lstm.State> decoder = Decoder.of((tokens, state) -> {
            steps.incrementAndGet();
            return MODEL.step(tokens, state);
        });
        Decoder.Reading<Lstm.State> read = start(decoder);
        assertThat(steps).hasValue(1);
        var stream = decoder.write(read, SAMPLER, RandomKey.of(7));
        assertThat(steps).hasValue(1);
        assertThat(stream.limit(5).count()).isEqualTo(5);
        assertThat(steps).hasValue(5); // The first comes from what was read, and nothing reads the last.
    }

    @Test
    void theStateIsNumbersAndGoesOnWhereItWasWithTheSameTokens() {
        Decoder<Lstm.State> decoder = MODEL.decoder();
        var all = decoder.write(start(decoder), SAMPLER, RandomKey.of(1))
                .limit(12)
                .toList();
        Decoder.Drawn<Lstm.State> fifth = all.get(4);
        for (Tensor part : States.tensors(fifth.state())) {
            assertThat(part.op()).isInstanceOf(Source.Constant.class);
        }
        int[] rest = decoder.write(fifth, SAMPLER)
                .limit(7)
                .mapToInt(Decoder.Drawn::token)
                .toArray();
        assertThat(rest)
                .containsExactly(all.subList(5, 12).stream()
                        .mapToInt(Decoder.Drawn::token)
                        .toArray());
        int[] other = decoder.write(start(decoder), SAMPLER, RandomKey.of(2))
                .limit(12)
                .mapToInt(Decoder.Drawn::token)
                .toArray();
        assertThat(other)
                .isNotEqualTo(all.stream().mapToInt(Decoder.Drawn::token).toArray());
    }

    @Test
    void greedyTakesTheArgMaxOfEveryStep() {
        Decoder<Lstm.State> decoder = MODEL.decoder();
        int[] tokens = decoder.write(start(decoder), Sampler.greedy(), RandomKey.of(1))
                .limit(6)
                .mapToInt(Decoder.Drawn::token)
                .toArray();
        Lstm.State state = MODEL.cell().start(1);
        int token = 0;
        for (int expected : tokens) {
            Cell.Out<Lstm.State> out = MODEL.step(Tensor.of(new int[] {token}), state);
            token = (int) out.output().argMax(-1).value().get(0);
            state = out.state();
            assertThat(expected).isEqualTo(token);
        }
    }

    /** Rows of a batch are sequences of their own; one evaluation serves all of them. */
    @Test
    void aBatchIsItsSequences() {
        AtomicInteger evaluations = new AtomicInteger();
        Evaluator counting = outputs -> {
            evaluations.incrementAndGet();
            return Evaluator.plain().evaluate(outputs);
        };
        Decoder<Lstm.State> decoder = MODEL.decoder();
        NDArray first = NDArray.of(new int[] {0, 3, 5});
        ScopedValue.where(Evaluator.SCOPED, counting).run(() -> {
            var read = decoder.read(first, MODEL.cell().start(3));
            var together = decoder.write(read, Sampler.greedy(), RandomKey.of(1))
                    .limit(5)
                    .toList();
            assertThat(evaluations.get()).isEqualTo(5);
            for (int row = 0; row < 3; row++) {
                var alone = decoder.write(
                                decoder.read(
                                        new int[] {first.toInts()[row]},
                                        MODEL.cell().start(1)),
                                Sampler.greedy(),
                                RandomKey.of(1))
                        .limit(5)
                        .toList();
                for (int i = 0; i < 5; i++) {
                    assertThat((int) together.get(i).tokens().get(row))
                            .isEqualTo(alone.get(i).token());
                }
            }
        });
    }

    @Test
    void errors() {
        Decoder<Lstm.State> decoder = MODEL.decoder();
        Lstm.State start = MODEL.cell().start(1);
        assertThatThrownBy(() -> decoder.read(new int[0], start))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "read of no tokens: a model says what comes after one, such as a mark for the start of a text");
        assertThatThrownBy(() -> decoder.read(NDArray.full(0, DType.F64, Shape.of(1)), start))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("read of the tokens (1) f64: there is one for every sequence, (batch) i32");
        Decoder<Tensor> flat = Decoder.of((tokens, state) -> new Cell.Out<>(state, state));
        assertThatThrownBy(() -> flat.read(new int[] {1}, Tensor.of(new double[] {1, 2})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("read of the tokens (1): the decoder's step gives constant (2) f64; logits are (batch,"
                        + " classes), here (1, classes)");
        assertThatThrownBy(() -> new Decoder.Drawn<>(
                                NDArray.of(new int[] {1, 2}), NDArray.of(new double[2]), start, RandomKey.of(1))
                        .token())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("token of 2 sequences: there is one for each; use tokens()");
    }
}
