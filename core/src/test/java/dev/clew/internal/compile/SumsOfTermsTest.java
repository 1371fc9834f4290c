package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Sums of many tensors stay near the exact ones, with the same bits however they are cut up. */
final class SumsOfTermsTest {

    private static List<Tensor> terms(SplittableRandom random, DType type, int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(_ -> Tensor.of(LongSumsTest.vector(type, length, _ -> LongSumsTest.wide(random))))
                .toList();
    }

    private static double[] first(List<Tensor> terms) {
        return terms.stream().mapToDouble(term -> term.value().toDoubles()[0]).toArray();
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void aSumOfTensorsIsWithinItsBound(
            @ForAll @IntRange(min = 1, max = 150) int count, @ForAll boolean single, @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        List<Tensor> terms = terms(new SplittableRandom(seed), type, count, 37);
        double[] sums = LongSumsTest.everywhere(Tensor.sum(terms));
        assertThat(LongSumsTest.error(type, sums[0], first(terms))).isLessThanOrEqualTo(LongSumsTest.log2(count) + 16);
    }

    @Test
    void aThousandTenthsAreWithinTheBound() {
        List<Tensor> tenths = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            tenths.add(Tensor.of(0.1f));
        }
        double[] all = new double[1000];
        Arrays.fill(all, 0.1f);
        assertThat(LongSumsTest.error(DType.F32, LongSumsTest.everywhere(Tensor.sum(tenths))[0], all))
                .isLessThanOrEqualTo(LongSumsTest.log2(1000) + 16);
    }

    /** Uses of one slice are terms of one sum, like uses of the whole. */
    @Test
    void theGradientOfASliceThatIsUsedVeryOftenIsWithinTheBound() {
        Parameter weights = Parameter.of(NDArray.full(1, DType.F32, Shape.of(3, 2)));
        List<Tensor> losses = new ArrayList<>();
        double[] terms = new double[700];
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < terms.length; i++) {
            terms[i] = (float) LongSumsTest.wide(random);
            losses.add(weights.slice(0, 1, 2).times(Tensor.of((float) terms[i])));
        }
        losses.add(weights.slice(0, 0, 2).sum().broadcastTo(Shape.of(1, 2)));
        double[] gradient =
                LongSumsTest.everywhere(Gradients.of(Tensor.sum(losses).sum()).wrt(weights));
        assertThat(LongSumsTest.error(DType.F32, gradient[2] - 2, terms))
                .isLessThanOrEqualTo(LongSumsTest.log2(700) + 16);
        assertThat(gradient[0]).isEqualTo(2);
        assertThat(gradient[4]).isZero();
    }

    /** Windows that slide, jump or go back over one parameter, as the steps of a convolution do. */
    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void theGradientOfWindowsThatOverlapIsWithinTheBound(
            @ForAll @IntRange(min = 1, max = 400) int count, @ForAll boolean single, @ForAll long seed) {
        DType type = single ? DType.F32 : DType.F64;
        SplittableRandom random = new SplittableRandom(seed);
        int length = random.nextInt(1, 60);
        Parameter weights = Parameter.of(NDArray.full(1, type, Shape.of(3, length)));
        List<Tensor> losses = new ArrayList<>();
        List<List<Double>> terms = Stream.generate(() -> (List<Double>) new ArrayList<Double>())
                .limit(length)
                .toList();
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(length);
            int to = random.nextInt(from, length) + 1;
            int step = random.nextInt(1, 3);
            Tensor window = random.nextBoolean()
                    ? weights.slice(1, from, to, step)
                    : weights.slice(1, to - 1, from - 1 - (from == 0 ? length : 0), -step);
            NDArray factors = LongSumsTest.vector(type, window.shape().length(1), _ -> LongSumsTest.wide(random));
            losses.add(window.times(Tensor.of(factors)).sum());
            int back = window.op() instanceof Movement.Slice slice
                            && Window.of(slice).step().get(1) < 0
                    ? -1
                    : 1;
            for (int at = 0; at < factors.shape().elements(); at++) {
                terms.get(back < 0 ? to - 1 - at * step : from + at * step).add(factors.toDoubles()[at]);
            }
        }
        double[] gradient = LongSumsTest.everywhere(
                Gradients.of(Tensor.sum(losses).cast(DType.F64)).wrt(weights));
        for (int i = 0; i < length; i++) {
            double[] each =
                    terms.get(i).stream().mapToDouble(Double::doubleValue).toArray();
            double off = each.length == 0 ? gradient[length + i] : LongSumsTest.error(type, gradient[length + i], each);
            assertThat(off)
                    .as("%s of %s windows at element %s", each.length, count, i)
                    .isLessThanOrEqualTo(LongSumsTest.log2(Math.max(1, each.length)) + 16);
        }
    }

    /** A window of a long sequence that slides by one: the sums of one element are as many as the window is long. */
    @Test
    void theGradientOfASlidingWindowIsWithinTheBound() {
        int length = 1500;
        int width = 700;
        Parameter sequence = Parameter.of(NDArray.full(1, DType.F32, Shape.of(length)));
        List<Tensor> losses = new ArrayList<>();
        for (int from = 0; from + width <= length; from++) {
            losses.add(sequence.slice(0, from, from + width).times(0.1f).sum());
        }
        double[] gradient =
                LongSumsTest.everywhere(Gradients.of(Tensor.sum(losses)).wrt(sequence));
        double[] tenths = new double[width];
        Arrays.fill(tenths, 0.1f);
        assertThat(LongSumsTest.error(DType.F32, gradient[length / 2], tenths))
                .isLessThanOrEqualTo(LongSumsTest.log2(width) + 16);
        assertThat(gradient[0]).isEqualTo((double) 0.1f);
    }

    /** Slices that do not overlap are one node, however many: their gradients cost the length of the sequence. */
    @Test
    void theGradientOfTheStepsOfASequenceIsOneNode() {
        Parameter sequence = Parameter.of(NDArray.full(1, DType.F32, Shape.of(4, 500, 3)));
        List<Tensor> losses = new ArrayList<>();
        for (int step = 0; step < 500; step++) {
            losses.add(sequence.get(1, step).sum());
            losses.add(sequence.slice(1, step, Math.min(step + 5, 500)).sum());
        }
        assertThat(Gradients.of(Tensor.sum(losses)).wrt(sequence).op().label()).isEqualTo("place");
    }

    /** Whoever adds one by one has said in which order. */
    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aChainOfSumsIsAddedInItsOrder(@ForAll @IntRange(min = 2, max = 60) int count, @ForAll long seed) {
        List<Tensor> terms = terms(new SplittableRandom(seed), DType.F32, count, 5);
        Tensor sum = terms.getFirst();
        float inOrder = (float) first(terms)[0];
        for (int i = 1; i < count; i++) {
            sum = sum.plus(terms.get(i));
            inOrder += (float) first(terms)[i];
        }
        assertThat(LongSumsTest.everywhere(sum)[0]).isEqualTo((double) inOrder);
    }

    /** Sums of sums: those of up to 16 terms go on in order, those of more stay what they are. */
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void sumsOfSumsHaveTheBitsOfTheWalk(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor sum = terms(random, DType.F32, 1, 5).getFirst();
        for (int i = 0; i < 4; i++) {
            List<Tensor> terms = new ArrayList<>(terms(random, DType.F32, random.nextInt(1, 30), 5));
            terms.addFirst(sum);
            sum = random.nextBoolean() ? Tensor.sum(terms) : sum.plus(terms.getLast());
        }
        LongSumsTest.everywhere(sum);
    }

    /** A parameter that every step multiplies by element: its gradient is a sum of as many terms as there are steps. */
    @Test
    void termsAreAddedInPhasesWithTheSameBits() {
        SplittableRandom random = new SplittableRandom(3);
        for (int steps : new int[] {12, 16, 50}) {
            Parameter weights = Parameter.of(LongSumsTest.vector(DType.F32, 40, _ -> random.nextDouble(-1, 1)));
            Tensor state = Tensor.of(NDArray.full(0.5, DType.F32, Shape.of(40)));
            List<Tensor> losses = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                state = state.times(weights)
                        .plus(terms(random, DType.F32, 1, 40).getFirst())
                        .tanh();
                losses.add(state.square());
            }
            Tensor loss = Tensor.sum(losses).sum();
            List<Tensor> outputs = List.of(loss, Gradients.of(loss).wrt(weights));
            Capture capture = Capture.of(outputs);
            List<String> expected = BitsTest.bits(Poisoned.run(
                    Compiler.compile(capture.program(), Compiler.ALL), capture.numbers(), RecordDraft.Form.PLAIN));
            for (int segments : new int[] {2, 7, 13}) {
                CompiledProgram code = Budget.inSegments(capture.program(), segments, 1, 0);
                assertThat(BitsTest.bits(Poisoned.run(code, capture.numbers(), RecordDraft.Form.PLAIN)))
                        .as("%s steps in %s segments", steps, segments)
                        .isEqualTo(expected);
            }
        }
    }
}
