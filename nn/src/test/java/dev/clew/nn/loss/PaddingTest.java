package dev.clew.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.sequence.Masks;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Means of padded batches, by token and by sequence. */
class PaddingTest {
    private static final int BATCH = 3;
    private static final int TIME = 4;

    private static double perToken(double[][] losses, double[][] weights) {
        double sum = 0;
        double total = 0;
        for (int row = 0; row < losses.length; row++) {
            for (int t = 0; t < losses[row].length; t++) {
                sum += weights[row][t] * losses[row][t];
                total += weights[row][t];
            }
        }
        return sum / total;
    }

    private static double perSequence(double[][] losses, double[][] weights) {
        double sum = 0;
        int count = 0;
        for (int row = 0; row < losses.length; row++) {
            double mean = perToken(new double[][] {losses[row]}, new double[][] {weights[row]});
            sum += Double.isNaN(mean) ? 0 : mean;
            count += Double.isNaN(mean) ? 0 : 1;
        }
        return sum / count;
    }

    @Property(tries = 40)
    void meansAreThoseOfWhatCounts(@ForAll long seed) {
        Random random = new Random(seed);
        double[][] losses = RandomKey.of(seed)
                .normal(0, 1, DType.F64, Shape.of(BATCH, TIME))
                .toRows();
        double[][] weights = new double[BATCH][TIME];
        int[] lengths = {random.nextInt(TIME) + 1, random.nextInt(TIME + 1), random.nextInt(TIME + 1)};
        for (int row = 0; row < BATCH; row++) {
            for (int t = 0; t < lengths[row]; t++) {
                weights[row][t] = 1;
            }
        }
        Tensor x = Tensor.of(losses);
        Tensor counted = Tensor.of(lengths);
        Tensor mask = Masks.ofLengths(counted, TIME);
        for (Tensor each : List.of(counted, mask, mask.cast(DType.F64))) {
            assertThat(Losses.perToken(x, each).item()).isCloseTo(perToken(losses, weights), within(1e-14));
            assertThat(Losses.perSequence(x, each).item()).isCloseTo(perSequence(losses, weights), within(1e-14));
        }
        for (double[] row : weights) {
            for (int t = 0; t < TIME; t++) {
                row[t] *= random.nextInt(3);
            }
        }
        weights[0][0] = 2;
        Tensor given = Tensor.of(weights);
        assertThat(Losses.perToken(x, given).item()).isCloseTo(perToken(losses, weights), within(1e-14));
        assertThat(Losses.perSequence(x, given).item()).isCloseTo(perSequence(losses, weights), within(1e-14));
    }

    @Test
    void meansOfUnequalSequencesDiffer() {
        Tensor losses = Tensor.of(new double[][] {{1, 7, 7}, {4, 4, 1}});
        Tensor lengths = Tensor.of(new int[] {1, 3});
        assertThat(Losses.perToken(losses, lengths).item()).isEqualTo(2.5);
        assertThat(Losses.perSequence(losses, lengths).item()).isEqualTo(2);
    }

    @Test
    void paddingOfLogitsOfAnyKindGivesTheSameBitsAndAGradientOfZero() {
        int[] lengths = {3, 0, 1};
        NDArray logits = RandomKey.of(4).normal(0, 1, DType.F32, Shape.of(BATCH, TIME, 5));
        double[] zeros = filled(logits, lengths, 0);
        int[][] labels = {{1, 2, 0, 99}, {99, 99, 99, 99}, {4, -1, -1, -1}};
        Parameter plain = Parameter.of(NDArray.of(logits.shape(), zeros).cast(DType.F32));
        Tensor counted = Tensor.of(lengths);
        Tensor loss = Losses.perToken(plain, Tensor.of(labels), counted);
        Tensor other = Losses.perSequence(plain, Tensor.of(labels), counted);
        NDArray slopes = Gradients.of(loss).wrt(plain).value();
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            NDArray array = NDArray.of(logits.shape(), filled(logits, lengths, number));
            Parameter x = Parameter.of(array.cast(DType.F32));
            Tensor same = Losses.perToken(x, Tensor.of(labels), counted);
            assertThat(same.value()).isEqualTo(loss.value());
            assertThat(Gradients.of(same).wrt(x).value()).isEqualTo(slopes);
            assertThat(Losses.perSequence(x, Tensor.of(labels), counted).value())
                    .isEqualTo(other.value());
        }
        for (int i = 0; i < zeros.length; i++) {
            assertThat(slopes.toDoubles()[i] == 0).isEqualTo(i / 5 % TIME >= lengths[i / 5 / TIME]);
        }
        double rows = 0;
        for (int t = 0; t < 3; t++) {
            rows += Losses.softmaxCrossEntropy(plain.get(0).slice(0, t, t + 1), labels[0][t])
                    .item();
        }
        double last = Losses.softmaxCrossEntropy(plain.get(2).slice(0, 0, 1), 4).item();
        assertThat(loss.item()).isCloseTo((rows + last) / 4, within(1e-6));
        assertThat(other.item()).isCloseTo((rows / 3 + last) / 2, within(1e-6));
    }

    private static double[] filled(NDArray logits, int[] lengths, double number) {
        double[] all = logits.toDoubles();
        for (int i = 0; i < all.length; i++) {
            all[i] = i / 5 % TIME < lengths[i / 5 / TIME] ? all[i] : number;
        }
        return all;
    }

    /** Any loss: padding goes before it, and what it costs after it. */
    @Test
    void paddingOfNumbersGoesBeforeAnyLoss() {
        double[][] rows = {{1, 2, Double.NaN}, {3, Double.NaN, Double.NaN}};
        Parameter x = Parameter.of(rows);
        Tensor target = Tensor.of(new double[][] {{0, 0, Double.NaN}, {0, 0, 0}});
        Tensor lengths = Tensor.of(new int[] {2, 1});
        Tensor losses = Losses.squaredError(
                Losses.withoutPadding(x, lengths), Losses.withoutPadding(target, lengths), Reduce.NONE);
        Tensor loss = Losses.perToken(losses, lengths);
        assertThat(loss.item()).isCloseTo(14.0 / 3, within(1e-15));
        assertThat(Gradients.of(loss).wrt(x).value().toRows()).isDeepEqualTo(new double[][] {
            {2.0 / 3, 4.0 / 3, 0}, {2, 0, 0}
        });
    }

    @Test
    void nothingThatCountsHasNoMean() {
        Tensor losses = Tensor.zeros(DType.F64, 2, 3);
        Tensor none = Tensor.of(new int[] {0, 0});
        assertThat(Losses.perToken(losses, none).item()).isNaN();
        assertThat(Losses.perSequence(losses, none).item()).isNaN();
    }

    @Test
    void lengthsAreDataOfAPlanAndOutOfRangeAnError() {
        Tensor lengths = Tensor.input("lengths", DType.I32, 2);
        Tensor losses = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
        Plan plan = Plan.compile(List.of(Losses.perToken(losses, lengths)));
        assertThat(plan.run(Map.of(lengths, NDArray.of(new int[] {1, 1})))
                        .getFirst()
                        .item())
                .isEqualTo(2.5);
        assertThat(plan.run(Map.of(lengths, NDArray.of(new int[] {3, 0})))
                        .getFirst()
                        .item())
                .isEqualTo(2);
        assertThatThrownBy(() -> plan.run(Map.of(lengths, NDArray.of(new int[] {1, 4}))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "perToken: lengths: index 4 at position 1 of (2), from the input \"lengths\" (2)"
                                + " i32 at [1] is outside 0 to 3: there are 4 lengths");
    }

    @Test
    void errors() {
        Tensor losses = Tensor.zeros(DType.F64, 2, 3);
        fails(
                () -> Losses.perToken(losses.sum(), Tensor.of(new int[] {1, 1})),
                "perToken: losses () f64 are (batch, time) floating-point numbers; ask for them with Reduce.NONE");
        fails(
                () -> Losses.perSequence(losses, Tensor.of(new int[] {1, 4})),
                "perSequence: lengths: 4 of sequence 1 must be from 0 to 3, the steps that there are");
        fails(
                () -> Losses.perToken(losses, Tensor.zeros(DType.F32, 2, 3)),
                "perToken: (2, 3) f32 says what counts of (2, 3) steps: it is lengths, (2) i32, a mask, (2, 3) bool, or"
                        + " weights, (2, 3) f64");
        fails(
                () -> Losses.perToken(losses, Tensor.zeros(DType.I32, 2), Tensor.of(new int[] {1, 1})),
                "perToken: logits (2, 3) f64 and labels (2) i32: they are (batch, time, classes) floating-point numbers"
                        + " and (batch, time) i32");
        fails(
                () -> Losses.withoutPadding(Tensor.of(1.0), Tensor.of(new int[] {1, 1})),
                "withoutPadding: x () f64 must be (batch, time, ...)");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
