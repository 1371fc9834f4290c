package dev.clew.nn.loss;

import static dev.clew.audit.GradientAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientCheck;
import dev.clew.gradient.Gradients;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Connectionist temporal classification against all ways, one after the other. */
class CtcTest {
    private static final int BATCH = 6;
    private static final int TIME = 5;
    private static final int MOST = 3;
    private static final int CLASSES = 3;
    private static final Ctc EACH = Ctc.create().withReduce(Reduce.NONE);
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    /**
     * Sequences of any length, with any labels but the blank; beyond their length they are −7.
     */
    private static final class Batch {
        final NDArray logits;
        final int[] inputLengths;
        final int[][] labels;
        final int[] labelLengths;

        Batch(NDArray logits, int[] inputLengths, int[][] labels, int[] labelLengths) {
            this.logits = logits;
            this.inputLengths = inputLengths;
            this.labels = labels;
            this.labelLengths = labelLengths;
        }

        static Batch of(long seed, int blank) {
            Random random = new Random(seed);
            int[] inputs = new int[BATCH];
            int[] counts = new int[BATCH];
            int[][] labels = new int[BATCH][MOST];
            for (int row = 0; row < BATCH; row++) {
                inputs[row] = random.nextInt(TIME + 1);
                counts[row] = random.nextInt(MOST + 1);
                for (int i = 0; i < MOST; i++) {
                    int other = random.nextInt(CLASSES - 1);
                    labels[row][i] = i >= counts[row] ? -7 : other < blank ? other : other + 1;
                }
            }
            NDArray logits = RandomKey.of(seed).normal(0, 1.5, DType.F64, Shape.of(BATCH, TIME, CLASSES));
            return new Batch(logits, inputs, labels, counts);
        }

        double[][] probabilities(int row) {
            double[][] p = new double[TIME][];
            for (int t = 0; t < TIME; t++) {
                double[] logits = new double[CLASSES];
                for (int c = 0; c < CLASSES; c++) {
                    logits[c] = this.logits.get(row, t, c);
                }
                p[t] = CtcByHand.softmax(logits);
            }
            return p;
        }

        double cost(int row, int blank) {
            return CtcByHand.cost(
                    probabilities(row), inputLengths[row], blank, Arrays.copyOf(labels[row], labelLengths[row]));
        }

        Tensor loss(Ctc ctc, Tensor of) {
            return ctc.of(of, Tensor.of(inputLengths), Tensor.of(labels), Tensor.of(labelLengths));
        }

        /** With another number in all padding of the logits. */
        NDArray filled(double number) {
            double[] all = logits.toDoubles();
            for (int i = 0; i < all.length; i++) {
                boolean isStep = i / CLASSES % TIME < inputLengths[i / CLASSES / TIME];
                all[i] = isStep ? all[i] : number;
            }
            return NDArray.of(logits.shape(), all);
        }
    }

    @Property(tries = 40)
    void theCostIsThatOfAllWaysTogether(@ForAll long seed) {
        int blank = Math.floorMod(seed, CLASSES);
        Batch batch = Batch.of(seed, blank);
        double[] costs = batch.loss(EACH.withBlank(blank), Tensor.of(batch.logits))
                .value()
                .toDoubles();
        for (int row = 0; row < BATCH; row++) {
            double expected = batch.cost(row, blank);
            if (Double.isInfinite(expected)) {
                assertThat(costs[row]).as("row %d of seed %d", row, seed).isEqualTo(expected);
            } else {
                assertThat(costs[row]).as("row %d of seed %d", row, seed).isCloseTo(expected, within(1e-13 * TIME));
            }
        }
    }

    /** The gradient of PyTorch's definition: p less the share of the ways that stand on the class. */
    @Test
    void gradientsOfBothOrdersAreThoseOfDifferences() {
        NDArray point = RandomKey.of(4).normal(0, 1, DType.F64, Shape.of(2, 4, 3));
        Tensor steps = Tensor.of(new int[] {3, 4});
        Tensor labels = Tensor.of(new int[][] {{1, 2}, {2, 2}});
        Tensor counts = Tensor.of(new int[] {1, 2});
        assertThat(GradientCheck.of(x -> Ctc.create().of(x, steps, labels, counts), point)
                        .withOrder(2))
                .isRight();
    }

    @Test
    void paddingOfAnyKindGivesTheSameBitsAndAGradientOfZero() {
        Batch batch = Batch.of(11, 0);
        Ctc ctc = Ctc.create().withReduce(Reduce.SUM).withImpossibleAsZero();
        Parameter plain = Parameter.of(batch.filled(0));
        Tensor loss = batch.loss(ctc, plain);
        NDArray slopes = Gradients.of(loss).wrt(plain).value();
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, NEVER, 1e308}) {
            Parameter other = Parameter.of(batch.filled(number));
            Tensor same = batch.loss(ctc, other);
            assertThat(same.value()).isEqualTo(loss.value());
            assertThat(Gradients.of(same).wrt(other).value()).isEqualTo(slopes);
        }
        double[] all = slopes.toDoubles();
        for (int i = 0; i < all.length; i++) {
            boolean isStep = i / CLASSES % TIME < batch.inputLengths[i / CLASSES / TIME];
            assertThat(isStep || all[i] == 0).isTrue();
        }
    }

    @Test
    void whatCannotBeCostsInfinityWithoutAGradientOrNothingIfTold() {
        Parameter x = Parameter.of(NDArray.full(0, DType.F64, Shape.of(3, 2, 3)));
        // Two equal labels need three steps; two others two; one step for none.
        Tensor inputs = Tensor.of(new int[] {2, 2, 0});
        Tensor labels = Tensor.of(new int[][] {{1, 1}, {1, 2}, {0, 0}});
        Tensor counts = Tensor.of(new int[] {2, 2, 0});
        Tensor costs = EACH.of(x, inputs, labels, counts);
        assertThat(costs.value().get(0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(costs.value().get(1)).isCloseTo(2 * Math.log(3), within(1e-15));
        assertThat(costs.value().get(2)).isZero();
        double[] slopes = Gradients.of(costs.sum()).wrt(x).value().toDoubles();
        assertThat(Arrays.copyOf(slopes, 6)).containsOnly(0);
        assertThat(slopes[7]).isCloseTo(1.0 / 3 - 1, within(1e-15));
        Tensor told = EACH.withImpossibleAsZero().of(x, inputs, labels, counts);
        assertThat(told.value().get(0)).isZero();
        assertThat(told.value().get(1)).isEqualTo(costs.value().get(1));
        assertThat(Gradients.of(told.sum()).wrt(x).value().toDoubles()).containsExactly(slopes);
    }

    /** −∞ for a class that cannot be: the ways through it are gone, and no NaN comes of them, in derivatives neither. */
    @Test
    void classesThatCannotBeTakeTheirWaysAway() {
        double[][] rows = {{0, NEVER, 1}, {0.5, 1, NEVER}, {NEVER, 0.25, 2}};
        Parameter x = Parameter.of(NDArray.of(rows).reshape(Shape.of(1, 3, 3)));
        Tensor cost = EACH.of(x, Tensor.of(new int[] {3}), Tensor.of(new int[][] {{2, 1}}), Tensor.of(new int[] {2}));
        double[][] p = new double[3][];
        for (int t = 0; t < 3; t++) {
            p[t] = CtcByHand.softmax(rows[t]);
        }
        assertThat(cost.sum().item()).isCloseTo(CtcByHand.cost(p, 3, 0, 2, 1), within(1e-14));
        Tensor slopes = Gradients.of(cost.sum()).wrt(x);
        Tensor second = Gradients.of(slopes.square().sum()).wrt(x);
        for (double each : slopes.value().toDoubles()) {
            assertThat(each).isFinite();
        }
        for (double each : second.value().toDoubles()) {
            assertThat(each).isFinite();
        }
        assertThat(slopes.value().get(0, 0, 1)).isZero();
    }

    @Test
    void reductionsAreThoseOfPyTorch() {
        Batch batch = Batch.of(5, 0);
        int[] inputs = {5, 5, 5, 4, 5, 4};
        Batch possible = new Batch(batch.logits, inputs, batch.labels, batch.labelLengths);
        Tensor x = Tensor.of(batch.logits);
        double mean = 0;
        double sum = 0;
        for (int row = 0; row < BATCH; row++) {
            double cost = possible.cost(row, 0);
            mean += cost / Math.max(1, possible.labelLengths[row]) / BATCH;
            sum += cost;
        }
        assertThat(sum).isFinite();
        assertThat(possible.loss(Ctc.create(), x).item()).isCloseTo(mean, within(1e-13));
        assertThat(possible.loss(Ctc.create().withReduce(Reduce.SUM), x).item()).isCloseTo(sum, within(1e-12));
    }

    @Test
    void noLabelsAtAllAreBlanksOnly() {
        Parameter x = Parameter.of(RandomKey.of(1).normal(0, 1, DType.F64, Shape.of(2, 3, 4)));
        Tensor costs =
                EACH.of(x, Tensor.of(new int[] {3, 1}), Tensor.zeros(DType.I32, 2, 0), Tensor.of(new int[] {0, 0}));
        Tensor blanks = x.logSoftmax(-1).get(2, 0);
        assertThat(costs.value().get(0)).isCloseTo(-blanks.get(0).sum().item(), within(1e-14));
        assertThat(costs.value().get(1)).isCloseTo(-blanks.get(1).get(0).item(), within(1e-14));
    }

    @Test
    void logarithmsOfProbabilitiesAreTakenAsTheyAre() {
        Batch batch = Batch.of(7, 0);
        Tensor x = Tensor.of(batch.logits);
        Tensor same = EACH.ofLogProbabilities(
                x.logSoftmax(-1),
                Tensor.of(batch.inputLengths),
                Tensor.of(batch.labels),
                Tensor.of(batch.labelLengths));
        assertThat(same.value()).isEqualTo(batch.loss(EACH, x).value());
    }

    /** Costs are sums of many logarithms in f32. */
    @Test
    void longSequencesOfFloatsKeepTheirDigits() {
        int time = 150;
        Parameter x = Parameter.of(RandomKey.of(3).normal(0, 1, DType.F32, Shape.of(1, time, 4)));
        int[][] labels = {{1, 2, 2, 3, 1}};
        Tensor[] lengths = {Tensor.of(new int[] {time}), Tensor.of(new int[] {5})};
        Tensor cost = EACH.of(x, lengths[0], Tensor.of(labels), lengths[1]).sum();
        Parameter wide = Parameter.of(x.value().cast(DType.F64));
        Tensor exact = EACH.of(wide, lengths[0], Tensor.of(labels), lengths[1]).sum();
        assertThat(exact.item()).isGreaterThan(30);
        assertThat(cost.item()).isCloseTo(exact.item(), within(5e-5 * exact.item()));
        double[] slopes = Gradients.of(cost).wrt(x).value().toDoubles();
        double[] expected = Gradients.of(exact).wrt(wide).value().toDoubles();
        for (int i = 0; i < slopes.length; i++) {
            assertThat(slopes[i]).isCloseTo(expected[i], within(2e-3)); // e to what a sum of hundreds has lost.
        }
    }

    @Test
    void noStepsAtAllWriteNothing() {
        Tensor none = Tensor.of(new int[] {0, 0});
        Tensor costs = EACH.of(
                Tensor.zeros(DType.F64, 2, 0, 3), none, Tensor.of(new int[][] {{1}, {1}}), Tensor.of(new int[] {0, 1}));
        assertThat(costs.value().get(0)).isZero();
        assertThat(costs.value().get(1)).isEqualTo(Double.POSITIVE_INFINITY);
        Tensor empty = Tensor.zeros(DType.I32, 0);
        assertThat(Ctc.create()
                        .withReduce(Reduce.SUM)
                        .of(Tensor.zeros(DType.F64, 0, 2, 3), empty, Tensor.zeros(DType.I32, 0, 1), empty)
                        .item())
                .isZero();
    }

    /** Every length and label is data: the plan is compiled once. */
    @Test
    void onePlanServesAllLengthsAndLabelsOfASize() {
        Tensor x = Tensor.input("logits", DType.F64, BATCH, TIME, CLASSES);
        Tensor inputs = Tensor.input("steps", DType.I32, BATCH);
        Tensor labels = Tensor.input("labels", DType.I32, BATCH, MOST);
        Tensor counts = Tensor.input("counts", DType.I32, BATCH);
        Plan plan = Plan.compile(List.of(EACH.of(x, inputs, labels, counts)));
        for (long seed = 0; seed < 5; seed++) {
            Batch batch = Batch.of(seed, 0);
            double[] costs =
                    plan.run(given(x, inputs, labels, counts, batch)).getFirst().toDoubles();
            assertThat(costs)
                    .containsExactly(
                            batch.loss(EACH, Tensor.of(batch.logits)).value().toDoubles());
        }
        Batch batch = Batch.of(1, 0);
        batch.labels[4][0] = CLASSES;
        batch.labelLengths[4] = 1;
        fails(
                () -> plan.run(given(x, inputs, labels, counts, batch)),
                "ctc: label 3 in row 12, from the input \"labels\" (6, 3) i32 at [4, 0]: logits of a step (6, 3) have 3"
                        + " classes, so labels go from 0 to 2; do these count from 1?");
        batch.labels[4][0] = 0;
        assertThat(plan.run(given(x, inputs, labels, counts, batch)).getFirst().get(4))
                .isNaN();
        batch.labelLengths[4] = 4;
        fails(
                () -> plan.run(given(x, inputs, labels, counts, batch)),
                "ctc: label lengths: index 4 at position 4 of (6), from the input \"counts\" (6) i32 at [4] is outside 0"
                        + " to 3: there are 4 lengths");
    }

    private static Map<Tensor, NDArray> given(Tensor x, Tensor inputs, Tensor labels, Tensor counts, Batch batch) {
        return Map.of(
                x, batch.logits,
                inputs, NDArray.of(batch.inputLengths),
                labels, NDArray.of(batch.labels),
                counts, NDArray.of(batch.labelLengths));
    }

    @Test
    void errors() {
        Tensor x = Tensor.zeros(DType.F64, 2, 3, 4);
        Tensor steps = Tensor.of(new int[] {3, 2});
        Tensor labels = Tensor.of(new int[][] {{1, 2}, {3, 0}});
        Tensor counts = Tensor.of(new int[] {2, 1});
        fails(() -> new Ctc(-1, Reduce.MEAN, false), "ctc: the blank -1 is a class, 0 or more");
        fails(
                () -> Ctc.create().withBlank(4).of(x, steps, labels, counts),
                "ctc: logits (2, 3, 4) f64 and labels (2, 2) i32: the blank is class 4 of 4; there must be that class,"
                        + " and another one");
        fails(
                () -> Ctc.create().of(x.get(0), steps, labels, counts),
                "ctc: logits (3, 4) f64 and labels (2, 2) i32: logits are (batch, time, classes) floating-point numbers,"
                        + " and labels (batch, most) i32, padded");
        fails(
                () -> Ctc.create().of(x, Tensor.of(new int[] {3}), labels, counts),
                "ctc: input lengths (1) i32: there is one for every sequence, (2) i32");
        fails(
                () -> Ctc.create().of(x, Tensor.of(new int[] {3, 4}), labels, counts),
                "ctc: input lengths: 4 of sequence 1 must be from 0 to 3, the steps that there are");
        fails(
                () -> Ctc.create().of(x, steps, labels, Tensor.of(new int[] {2, 2})),
                "ctc: label 1 of sequence 1 is 0: logits (2, 3, 4) have 4 classes, so labels go from 0 to 3, and the"
                        + " blank, 0, is none");
        fails(
                () -> Ctc.create().of(x, steps, Tensor.of(new int[][] {{1, 4}, {3, 0}}), counts),
                "ctc: label 1 of sequence 0 is 4: logits (2, 3, 4) have 4 classes, so labels go from 0 to 3, and the"
                        + " blank, 0, is none; do these count from 1?");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
