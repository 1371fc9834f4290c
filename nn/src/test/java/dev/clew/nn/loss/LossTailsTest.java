package dev.clew.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Expect;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Losses that are nearly 0, and logits of ±∞ or NaN where they do not count. */
final class LossTailsTest {
    private static final double NEVER = Double.NEGATIVE_INFINITY;
    /** In percent. */
    private static final double F64 = 1e-13;

    private static final double F32 = 5e-5;

    /** The loss of one logit, its first and its second derivative. */
    private static double[] binary(DType type, double logit, double target) {
        Parameter x = Parameter.of(NDArray.of(logit).cast(type));
        Tensor loss = Losses.binaryCrossEntropyWithLogits(
                x, Tensor.of(NDArray.of(target).cast(type)));
        Tensor slope = Gradients.of(loss).wrt(x);
        return new double[] {
            loss.item(), slope.item(), Gradients.of(slope).wrt(x).item()
        };
    }

    @Test
    void binaryCrossEntropyOfACertainLogitIsTinyAndNotZero() {
        double tiny = 4.248354255291589e-18;
        for (double[] right : new double[][] {{-40, 0}, {40, 1}}) {
            double[] found = binary(DType.F64, right[0], right[1]);
            assertThat(found[0]).isCloseTo(tiny, withinPercentage(F64));
            assertThat(found[1]).isCloseTo(-Math.signum(right[0]) * tiny, withinPercentage(F64));
            assertThat(found[2]).isCloseTo(tiny, withinPercentage(F64));
            double[] single = binary(DType.F32, 0.3 * right[0], right[1]);
            assertThat(single[0]).isCloseTo(6.1441935e-6, withinPercentage(F32));
            assertThat(single[1]).isCloseTo(-Math.signum(right[0]) * 6.1441746e-6, withinPercentage(F32));
            assertThat(single[2]).isCloseTo(6.1441369e-6, withinPercentage(F32));
        }
        assertThat(binary(DType.F64, -40, 1)[0]).isEqualTo(40);
        assertThat(binary(DType.F64, 0, 0.25)).containsExactly(Math.log(2), 0.25, 0.25);
    }

    /** What is left to a class, e⁻⁴⁰/(1 + e⁻⁴⁰), is the loss to the last digit, and the slope; the walk, a plan and its plain form agree. */
    @Test
    void crossEntropyOfACertainClassIsTinyAndNotZero() {
        double tiny = 4.248354255291589e-18;
        Parameter x = Parameter.of(new double[] {40, 0});
        Tensor loss = Losses.softmaxCrossEntropy(x, 0);
        Tensor slope = Gradients.of(loss).wrt(x);
        Tensor second = Gradients.of(slope.get(0)).wrt(x);
        List<Tensor> all = List.of(
                loss,
                slope,
                second,
                Losses.softmaxCrossEntropy(x, Tensor.of(new double[] {1, 0})),
                x.logSoftmax(0),
                x.minus(40).logSumExp(0));
        List<NDArray> walked = Evaluator.plain().evaluate(all);
        assertThat(Evaluator.current().evaluate(all)).isEqualTo(walked);
        double[] expected = {tiny, -tiny, tiny, tiny, -tiny, tiny, -tiny, -40, tiny};
        double[] found = walked.stream()
                .flatMapToDouble(each -> Arrays.stream(each.toDoubles()))
                .toArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).as("number %d", i).isCloseTo(expected[i], withinPercentage(F64));
        }
        Parameter single = Parameter.of(new float[] {17, 0});
        Tensor lost = Losses.softmaxCrossEntropy(single, 0);
        assertThat(lost.item()).isCloseTo(4.1399376e-8, withinPercentage(F32));
        assertThat(Gradients.of(lost).wrt(single).value().get(0)).isCloseTo(-4.1399375e-8, withinPercentage(F32));
    }

    /** Half the square wherever that is all there is, and no 0·∞ from the part that is not. */
    @Test
    void huberOfAnyDeltaHasItsSlope() {
        for (double delta : new double[] {1e39, 1e308, Double.POSITIVE_INFINITY}) {
            for (DType type : List.of(DType.F32, DType.F64)) {
                Parameter x = Parameter.of(NDArray.of(new double[] {1, -2}).cast(type));
                Tensor loss = Losses.huber(x, Tensor.zeros(type, 2), delta);
                assertThat(loss.item()).isEqualTo(1.25);
                assertThat(Gradients.of(loss).wrt(x).value().toDoubles()).containsExactly(0.5, -1);
            }
        }
    }

    @Test
    void smoothL1OfAnyBetaKeepsItsDigits() {
        for (double beta : new double[] {1e-23, 1e-20, 1e-39, 1e-170, 1e-310, 1, 1e30}) {
            for (DType type : List.of(DType.F32, DType.F64)) {
                double least = type == DType.F32 ? 1e-30 : 1e-200;
                Parameter x =
                        Parameter.of(NDArray.of(new double[] {beta / 2, 1e33}).cast(type));
                Tensor costs = Losses.smoothL1(x, Tensor.zeros(type, 2), beta, Reduce.NONE);
                double[] slopes = Gradients.of(costs.sum()).wrt(x).value().toDoubles();
                assertThat(slopes[1]).as("%s %s", type, beta).isEqualTo(1);
                if (beta > least) {
                    assertThat(costs.value().get(0))
                            .as("%s %s", type, beta)
                            .isCloseTo(beta / 8, withinPercentage(2e-5));
                    assertThat(slopes[0]).isCloseTo(0.5, withinPercentage(2e-5));
                }
            }
        }
    }

    /** All of the label's part goes to all classes: what it would have cost alone is nothing to it. */
    @Test
    void aLabelThatSmoothingLeavesNothingToCostsNothing() {
        Tensor logits = Tensor.of(new double[][] {{NEVER, 0}});
        CrossEntropy smooth = CrossEntropy.create().withSmoothing(1);
        assertThat(smooth.of(logits, Tensor.of(new int[] {0})).item()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(smooth.of(Tensor.of(new double[][] {{0, 0}}), Tensor.of(new int[] {0}))
                        .item())
                .isCloseTo(Math.log(2), withinPercentage(1e-13));
    }

    @Test
    void binaryCrossEntropyOfAnInfiniteLogitIsZeroWhereTheTargetAgrees() {
        double infinite = Double.POSITIVE_INFINITY;
        assertThat(binary(DType.F64, NEVER, 0)).containsExactly(0, 0, 0);
        assertThat(binary(DType.F64, infinite, 1)).containsExactly(0, 0, 0);
        assertThat(binary(DType.F64, NEVER, 1)).containsExactly(infinite, -1, 0);
        assertThat(binary(DType.F32, infinite, 0)).containsExactly(infinite, 1, 0);
    }

    @Test
    void binaryCrossEntropyOfASmallProbabilityIsThatProbability() {
        Parameter p = Parameter.of(NDArray.of(1e-20));
        Tensor loss = Losses.binaryCrossEntropy(p, Tensor.of(0.0));
        assertThat(loss.item()).isCloseTo(1e-20, withinPercentage(F64));
        assertThat(Gradients.of(loss).wrt(p).item()).isEqualTo(1);
    }

    @Test
    void aClassThatCannotBeCostsNothingWhereItsTargetIsZero() {
        Parameter logits = Parameter.of(new double[][] {{NEVER, 0}, {0, NEVER}, {NEVER, 1}});
        Parameter targets = Parameter.of(new double[][] {{0, 1}, {1, 0}, {0, 0.5}});
        Tensor loss = CrossEntropy.create().withReduce(Reduce.NONE).of(logits, targets);
        Expect.close(loss.value(), new double[3], 0);
        Expect.close(Gradients.of(loss.sum()).wrt(logits).value(), new double[6], 0);
        Tensor hard = CrossEntropy.create().withReduce(Reduce.NONE).of(logits, Tensor.of(new int[] {1, 0, 1}));
        Expect.close(hard.value(), new double[3], 0);
        Expect.close(Gradients.of(hard.sum()).wrt(logits).value(), new double[6], 0);
    }

    @Test
    void aClassOfWeightZeroCostsNothingEvenIfItCannotBe() {
        CrossEntropy options =
                CrossEntropy.create().withReduce(Reduce.SUM).withWeights(Tensor.of(new double[] {0, 1, 1}));
        double[][] rows = {{NEVER, 0, 0}};
        Parameter smoothed = Parameter.of(rows);
        Tensor loss = options.withSmoothing(0.3).of(smoothed, Tensor.of(new int[] {1}));
        // (1 − 0.3)·ln 2 + 0.3/3·(ln 2 + ln 2).
        assertThat(loss.item()).isCloseTo(0.9 * Math.log(2), withinPercentage(F64));
        double[] slopes = Gradients.of(loss).wrt(smoothed).value().toDoubles();
        assertThat(slopes[0]).isZero();
        assertThat(slopes[1]).isCloseTo(-0.35, withinPercentage(F64));
        assertThat(slopes[2]).isCloseTo(0.35, withinPercentage(F64));
        Parameter logits = Parameter.of(rows);
        Tensor free = options.of(logits, Tensor.of(new int[] {0}));
        assertThat(free.item()).isZero();
        Expect.close(Gradients.of(free).wrt(logits).value(), new double[3], 0);
    }

    @Test
    void ignoredRowsPassNoGradientWhateverIsInThem() {
        double nan = Double.NaN;
        double[][] rows = {{nan, nan}, {NEVER, NEVER}, {nan, 0}, {0, 0}, {Double.POSITIVE_INFINITY, 0}};
        Tensor labels = Tensor.of(new int[] {-1, -1, -1, 1, -1});
        CrossEntropy options = CrossEntropy.create().withIgnored(-1);
        for (CrossEntropy each : new CrossEntropy[] {
            options, options.withSmoothing(0.5), options.withWeights(Tensor.of(new double[] {1, 1}))
        }) {
            Parameter logits = Parameter.of(rows);
            Tensor loss = each.of(logits, labels);
            assertThat(loss.item()).isCloseTo(Math.log(2), withinPercentage(F64));
            double half = each.smoothing() == 0 ? 0.5 : 0.25;
            assertThat(Gradients.of(loss).wrt(logits).value().toDoubles())
                    .containsExactly(0, 0, 0, 0, 0, 0, half, -half, 0, 0);
        }
        Parameter logarithms = Parameter.of(rows);
        Tensor loss = options.ofLogProbabilities(logarithms, labels);
        assertThat(Gradients.of(loss).wrt(logarithms).value().toDoubles())
                .containsExactly(0, 0, 0, 0, 0, 0, 0, -1, 0, 0);
    }
}
