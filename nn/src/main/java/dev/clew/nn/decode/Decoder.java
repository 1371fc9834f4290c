package dev.clew.nn.decode;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * A model that reads and writes tokens, one step at a time.
 *
 * {@snippet lang=java :
 * Decoder<Lstm.State> decoder = Decoder.of((tokens, state) -> model.step(tokens, state)); // logits, and the next state
 * var read = decoder.read(new int[] {start}, model.cell().start(1));
 * int[] written = decoder.write(read, Sampler.create().withTemperature(0.8), key)
 *         .mapToInt(Decoder.Drawn::token)
 *         .takeWhile(token -> token != end)
 *         .limit(40)
 *         .toArray();
 * }
 *
 * <p>The state is a value, numbers without a history: whoever holds it can go on from there, as often and in as many ways as they like. A
 * decoder holds nothing but the step. A step is one evaluation, on a plan that is compiled for the first of its kind and found
 * again after that; nothing that was read is computed twice.
 *
 * @param <S> the state of the model
 */
public final class Decoder<S> {
    private final BiFunction<Tensor, S, Cell.Out<S>> step;

    private Decoder(BiFunction<Tensor, S, Cell.Out<S>> step) {
        this.step = step;
    }

    /**
     * Of a step of a model.
     *
     * @param step from tokens (batch) i32 and a state to logits (batch, classes) of the tokens that come next, and the next state
     */
    public static <S> Decoder<S> of(BiFunction<Tensor, S, Cell.Out<S>> step) {
        Present.require("decoder", step);
        return new Decoder<>(step);
    }

    /**
     * What a model says after all it has read.
     *
     * @param logits of the next token: (batch, classes)
     * @param state to go on from, numbers
     */
    public record Reading<S>(NDArray logits, S state) {
        /** Of both. */
        public Reading {
            Present.require("reading", logits, state);
        }
    }

    /**
     * What was drawn, and all it takes to go on: {@code decoder.write(drawn, sampler)}.
     *
     * @param tokens (batch) i32
     * @param logProbabilities ln of the probabilities of these tokens, as the model has them: (batch) f64
     * @param state of the model before it reads these tokens, numbers
     * @param key for the tokens after these
     */
    public record Drawn<S>(NDArray tokens, NDArray logProbabilities, S state, RandomKey key) {
        /** Of all of these. */
        public Drawn {
            Present.require("drawn", tokens, logProbabilities, state, key);
        }

        /**
         * The token of the only sequence.
         *
         * @throws IllegalStateException if there are several
         */
        public int token() {
            if (tokens.shape().elements() != 1) {
                throw new IllegalStateException(
                        "token of " + tokens.shape().elements() + " sequences: there is one for each; use tokens()");
            }
            return (int) tokens.item();
        }
    }

    /**
     * Reads a token of every sequence.
     *
     * @param tokens (batch) i32
     * @throws IllegalArgumentException if they are not, or the step gives no logits (batch, classes)
     */
    public Reading<S> read(NDArray tokens, S state) {
        Present.require("read", tokens, state);
        if (tokens.dtype() != DType.I32 || tokens.shape().rank() != 1) {
            throw new IllegalArgumentException("read of the tokens " + tokens.shape() + " " + tokens.dtype()
                    + ": there is one for every sequence, (batch) i32");
        }
        Cell.Out<S> out = Present.given("read", "the decoder's step", step.apply(Tensor.of(tokens), state));
        Shape shape = out.output().shape();
        if (shape.rank() != 2 || shape.length(0) != tokens.shape().length(0)) {
            throw new IllegalArgumentException("read of the tokens " + tokens.shape() + ": the decoder's step gives "
                    + out.output().describe() + "; logits are (batch, classes), here ("
                    + tokens.shape().length(0)
                    + ", classes)");
        }
        List<Tensor> wanted = new ArrayList<>(States.tensors(out.state()));
        wanted.add(out.output());
        List<NDArray> values = numbers(wanted);
        List<Tensor> numbers =
                values.stream().limit(wanted.size() - 1L).map(Tensor::of).toList();
        return new Reading<>(values.getLast(), States.withTensors(out.state(), numbers));
    }

    /** A step that has computed them, as {@link JoinedStep} does, leaves nothing to evaluate. */
    private static List<NDArray> numbers(List<Tensor> wanted) {
        boolean isThere = wanted.stream().allMatch(each -> each.op() instanceof Source.Constant);
        return isThere ? wanted.stream().map(Tensor::value).toList() : Tensor.values(wanted);
    }

    /**
     * Reads some tokens of one sequence, one after the other.
     *
     * @throws IllegalArgumentException if there are none: there would be nothing to say
     */
    public Reading<S> read(int[] tokens, S state) {
        Present.require("read", tokens, state);
        if (tokens.length == 0) {
            throw new IllegalArgumentException(
                    "read of no tokens: a model says what comes after one, such as a mark for"
                            + " the start of a text");
        }
        Reading<S> reading = read(NDArray.of(new int[] {tokens[0]}), state);
        for (int i = 1; i < tokens.length; i++) {
            reading = read(NDArray.of(new int[] {tokens[i]}), reading.state());
        }
        return reading;
    }

    /**
     * Writes for ever: a token of every sequence, each drawn after all before it. It is lazy; a token costs a step when it is asked for.
     * Tokens are a function of the reading, the sampler and the key.
     */
    public Stream<Drawn<S>> write(Reading<S> from, Sampler sampler, RandomKey key) {
        Present.require("write", from, sampler, key);
        return Stream.iterate(drawn(from, sampler, key), before -> next(before, sampler));
    }

    /** Goes on after what was drawn, with the tokens that would have followed. */
    public Stream<Drawn<S>> write(Drawn<S> after, Sampler sampler) {
        Present.require("write", after, sampler);
        return Stream.iterate(next(after, sampler), before -> next(before, sampler));
    }

    private Drawn<S> next(Drawn<S> before, Sampler sampler) {
        return drawn(read(before.tokens(), before.state()), sampler, before.key());
    }

    private static <S> Drawn<S> drawn(Reading<S> reading, Sampler sampler, RandomKey key) {
        NDArray tokens = sampler.draw(reading.logits(), key.fold(0));
        int[] chosen = tokens.toInts();
        double[] logs = new double[chosen.length];
        for (int row = 0; row < logs.length; row++) {
            logs[row] = Rows.logProbabilities("write", reading.logits(), row)[chosen[row]];
        }
        return new Drawn<>(tokens, NDArray.of(logs), reading.state(), key.fold(1));
    }

    /** What it is. */
    @Override
    public String toString() {
        return "Decoder of a step of a model";
    }
}
