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
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Normal distributions and mixtures of them against their densities, as they are defined. */
class DensitiesTest {
    private static final double NEVER = Double.NEGATIVE_INFINITY;
    private static final int ROWS = 3;
    private static final int COMPONENTS = 4;
    private static final GaussianDensity NORMAL = GaussianDensity.create().withReduce(Reduce.NONE);
    private static final MixtureDensity MIXTURE = MixtureDensity.create().withReduce(Reduce.NONE);

    private static double density(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
    }

    private static NDArray normal(RandomKey key, int... shape) {
        return key.normal(0, 1, DType.F64, Shape.of(shape));
    }

    private static Tensor at(Map<String, Tensor> all, String name) {
        return Objects.requireNonNull(all.get(name));
    }

    private static Tensor number(double x) {
        return Tensor.of(new double[] {x});
    }

    @Property(tries = 100)
    void aNormalNumberCostsWhatItsDensitySays(
            @ForAll @DoubleRange(min = -3, max = 3) double mean,
            @ForAll @DoubleRange(min = -2, max = 2) double s,
            @ForAll @DoubleRange(min = -3, max = 3) double x) {
        double expected = -Math.log(density(x, mean, Math.exp(s)));
        if (expected < 500) {
            double tolerance = 1e-13 * Math.max(1, expected);
            assertThat(NORMAL.of(number(mean), number(s), number(x)).value().get(0))
                    .isCloseTo(expected, within(tolerance));
            assertThat(NORMAL.ofVariance(number(mean), number(Math.exp(2 * s)), number(x))
                            .value()
                            .get(0))
                    .isCloseTo(expected, within(tolerance));
        }
    }

    /** PyTorch: a variance below the floor counts as the floor, and its slope goes through; the constant is left out. */
    @Test
    void theFloorOfTheVarianceIsThatOfPyTorch() {
        Parameter variance = Parameter.of(new double[] {1e-9, 0.5, -1});
        Tensor mean = Tensor.zeros(DType.F64, 3);
        Tensor target = Tensor.of(new double[] {0.125, 0.125, 0.125});
        Tensor costs = NORMAL.withoutConstant().withFloor(0.25).ofVariance(mean, variance, target);
        assertThat(costs.value().get(0)).isCloseTo(0.5 * (Math.log(0.25) + 0.0625), within(1e-15));
        assertThat(costs.value().get(1)).isCloseTo(0.5 * (Math.log(0.5) + 0.03125), within(1e-15));
        assertThat(costs.value().get(2)).isNaN();
        double[] slopes =
                Gradients.of(costs.slice(0, 0, 2).sum()).wrt(variance).value().toDoubles();
        assertThat(slopes[0]).isCloseTo(0.5 * (4 - 0.25), within(1e-14));
        assertThat(slopes[1]).isCloseTo(0.5 * (2 - 0.0625), within(1e-14));
        Tensor whole = NORMAL.withFloor(0.25).ofVariance(mean, variance, target);
        assertThat(whole.value().get(0) - costs.value().get(0)).isCloseTo(0.5 * Math.log(2 * Math.PI), within(1e-15));
    }

    /** e⁻ˢ leaves the range of numbers long before the standardized distance does. */
    @Test
    void tinyDeviationsCostWhatTheySay() {
        double c = 0.5 * Math.log(2 * Math.PI);
        Parameter mean = Parameter.of(new double[] {0, 0, 1e-320, 0, 0});
        Parameter s = Parameter.of(new double[] {-800, -800, -736.8, 800, -2000});
        Tensor target = Tensor.of(new double[] {0, 1, 0, 1e300, 0});
        Tensor costs = NORMAL.of(mean, s, target);
        double[] found = costs.value().toDoubles();
        double z = Math.exp(Math.log(1e-320) + 736.8);
        assertThat(found[0]).isEqualTo(-800 + c);
        assertThat(found[1]).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(found[2]).isCloseTo(z * z / 2 - 736.8 + c, within(1e-3)); // 1e-320 has few digits.
        assertThat(found[3]).isEqualTo(800 + c);
        assertThat(found[4]).isEqualTo(-2000 + c);
        Gradients gradients = Gradients.of(costs.sum());
        double[] byS = gradients.wrt(s).value().toDoubles();
        assertThat(byS[0]).isEqualTo(1);
        assertThat(byS[1]).isEqualTo(0);
        assertThat(byS[3]).isEqualTo(1);
        assertThat(byS[4]).isEqualTo(1);
        for (double each : gradients.wrt(mean).value().toDoubles()) {
            assertThat(each).isNotNaN();
        }
    }

    @Test
    void gradientsOfNormalNumbersAreThoseOfDifferences() {
        Map<String, NDArray> point = Map.of(
                "mean", normal(RandomKey.of(1), ROWS),
                "s", normal(RandomKey.of(2), ROWS),
                "target", normal(RandomKey.of(3), ROWS));
        assertThat(GradientCheck.of(x -> NORMAL.of(at(x, "mean"), at(x, "s"), at(x, "target")), point)
                        .withOrder(2))
                .isRight();
    }

    @Property(tries = 40)
    void aMixtureOfNumbersCostsWhatItsDensitySays(@ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        NDArray logits = normal(key.fold(0), ROWS, COMPONENTS);
        NDArray means = normal(key.fold(1), ROWS, COMPONENTS);
        NDArray s = normal(key.fold(2), ROWS, COMPONENTS);
        NDArray target = normal(key.fold(3), ROWS);
        double[] costs = MIXTURE.of(Tensor.of(logits), Tensor.of(means), Tensor.of(s), Tensor.of(target))
                .value()
                .toDoubles();
        for (int row = 0; row < ROWS; row++) {
            double[] share = CtcByHand.softmax(logits.toRows()[row]);
            double total = 0;
            for (int k = 0; k < COMPONENTS; k++) {
                total += share[k] * density(target.get(row), means.get(row, k), Math.exp(s.get(row, k)));
            }
            assertThat(costs[row]).isCloseTo(-Math.log(total), within(1e-12 * (1 + Math.abs(Math.log(total)))));
        }
    }

    @Property(tries = 40)
    void aMixtureOfVectorsIsOfProducts(@ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        int n = 3;
        NDArray logits = normal(key.fold(0), ROWS, COMPONENTS);
        NDArray means = normal(key.fold(1), ROWS, COMPONENTS, n);
        NDArray s = normal(key.fold(2), ROWS, COMPONENTS, n);
        NDArray target = normal(key.fold(3), ROWS, n);
        double[] costs = MIXTURE.ofVectors(Tensor.of(logits), Tensor.of(means), Tensor.of(s), Tensor.of(target))
                .value()
                .toDoubles();
        for (int row = 0; row < ROWS; row++) {
            double[] share = CtcByHand.softmax(logits.toRows()[row]);
            double total = 0;
            for (int k = 0; k < COMPONENTS; k++) {
                double product = share[k];
                for (int i = 0; i < n; i++) {
                    product *= density(target.get(row, i), means.get(row, k, i), Math.exp(s.get(row, k, i)));
                }
                total += product;
            }
            if (total > 1e-250) {
                assertThat(costs[row]).isCloseTo(-Math.log(total), within(1e-12 * (1 + Math.abs(Math.log(total)))));
            }
        }
    }

    @Property(tries = 40)
    void aMixtureOfPointsHasTheDensityOfGraves(@ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        NDArray logits = normal(key.fold(0), ROWS, COMPONENTS);
        NDArray means = normal(key.fold(1), ROWS, COMPONENTS, 2);
        NDArray s = key.fold(2).uniform(-1, 1, DType.F64, Shape.of(ROWS, COMPONENTS, 2));
        NDArray r = key.fold(3).uniform(-1.5, 1.5, DType.F64, Shape.of(ROWS, COMPONENTS));
        NDArray target = normal(key.fold(4), ROWS, 2);
        double[] costs = MIXTURE.ofPlane(
                        Tensor.of(logits), Tensor.of(means), Tensor.of(s), Tensor.of(r), Tensor.of(target))
                .value()
                .toDoubles();
        for (int row = 0; row < ROWS; row++) {
            double[] share = CtcByHand.softmax(logits.toRows()[row]);
            double total = 0;
            for (int k = 0; k < COMPONENTS; k++) {
                double z1 = (target.get(row, 0) - means.get(row, k, 0)) / Math.exp(s.get(row, k, 0));
                double z2 = (target.get(row, 1) - means.get(row, k, 1)) / Math.exp(s.get(row, k, 1));
                double rho = Math.tanh(r.get(row, k));
                double rest = 1 - rho * rho;
                double form = (z1 * z1 + z2 * z2 - 2 * rho * z1 * z2) / (2 * rest);
                double deviations = Math.exp(s.get(row, k, 0) + s.get(row, k, 1));
                total += share[k] * Math.exp(-form) / (2 * Math.PI * deviations * Math.sqrt(rest));
            }
            if (total > 1e-250) {
                assertThat(costs[row]).isCloseTo(-Math.log(total), within(1e-11 * (1 + Math.abs(Math.log(total)))));
            }
        }
    }

    @Test
    void gradientsOfMixturesAreThoseOfDifferences() {
        RandomKey key = RandomKey.of(7);
        Map<String, NDArray> point = Map.of(
                "logits", normal(key.fold(0), 2, 2),
                "means", normal(key.fold(1), 2, 2, 2),
                "s", normal(key.fold(2), 2, 2, 2),
                "r", normal(key.fold(3), 2, 2),
                "target", normal(key.fold(4), 2, 2));
        assertThat(GradientCheck.of(
                                x -> MIXTURE.ofPlane(
                                        at(x, "logits"), at(x, "means"), at(x, "s"), at(x, "r"), at(x, "target")),
                                point)
                        .withOrder(2))
                .isRight();
        assertThat(GradientCheck.of(
                                x -> MIXTURE.ofVectors(at(x, "logits"), at(x, "means"), at(x, "s"), at(x, "target")),
                                Map.of(
                                        "logits", point.get("logits"),
                                        "means", point.get("means"),
                                        "s", point.get("s"),
                                        "target", point.get("target")))
                        .withOrder(2))
                .isRight();
    }

    /** A component that cannot be, one that is too narrow to reach the target, and one that takes all. */
    @Test
    void componentsWithoutAShareMakeNoNaNInAnyDerivative() {
        Parameter logits = Parameter.of(new double[][] {{NEVER, 0, 0}, {0, 0, NEVER}});
        Parameter means = Parameter.of(new double[][] {{0, 5, 1}, {3, 3, 3}});
        Parameter s = Parameter.of(new double[][] {{-900, -900, 0.5}, {-800, -1600, -900}});
        Tensor target = Tensor.of(new double[] {0, 3.5});
        Tensor costs = MIXTURE.of(logits, means, s, target);
        assertThat(costs.value().get(0)).isCloseTo(-Math.log(0.5 * density(0, 1, Math.exp(0.5))), within(1e-14));
        assertThat(costs.value().get(1)).isEqualTo(Double.POSITIVE_INFINITY);
        for (Parameter each : new Parameter[] {logits, means, s}) {
            Tensor slopes = Gradients.of(costs.sum()).wrt(each);
            Tensor second = Gradients.of(slopes.square().sum()).wrt(each);
            for (NDArray all : Tensor.values(slopes, second)) {
                for (double number : all.toDoubles()) {
                    assertThat(number).isFinite();
                }
            }
        }
    }

    /** 1 − tanh² r is 0 in the numbers from r = 19.1 on; the density is not. */
    @Test
    void pointsOnANarrowRidgeKeepTheirDigits() {
        double r = 25;
        Tensor one = Tensor.zeros(DType.F64, 1, 1);
        Tensor cost = MIXTURE.ofPlane(
                one,
                Tensor.zeros(DType.F64, 1, 1, 2),
                Tensor.zeros(DType.F64, 1, 1, 2),
                Tensor.of(new double[][] {{r}}),
                Tensor.of(new double[][] {{0.5, 0.5}}));
        // Along the ridge, z = ½ twice: ¼·(z₁ + z₂)²·(1 + e⁻²ʳ)/2, and ln cosh 25 = 25 − ln 2.
        assertThat(cost.value().get(0)).isCloseTo(0.125 + Math.log(2 * Math.PI) - (r - Math.log(2)), within(1e-14));
    }

    @Test
    void floatsAgreeWithDoubles() {
        RandomKey key = RandomKey.of(2);
        NDArray[] x = {
            normal(key.fold(0), 5, 3), normal(key.fold(1), 5, 3), normal(key.fold(2), 5, 3), normal(key.fold(3), 5)
        };
        Tensor[] floats = new Tensor[4];
        Tensor[] doubles = new Tensor[4];
        for (int i = 0; i < 4; i++) {
            floats[i] = Tensor.of(x[i].cast(DType.F32));
            doubles[i] = Tensor.of(x[i].cast(DType.F32).cast(DType.F64));
        }
        MixtureDensity mean = MixtureDensity.create();
        double exact = mean.of(doubles[0], doubles[1], doubles[2], doubles[3]).item();
        Tensor single = mean.of(floats[0], floats[1], floats[2], floats[3]);
        assertThat(single.dtype()).isEqualTo(DType.F32);
        assertThat(single.item()).isCloseTo(exact, within(1e-5 * Math.max(1, Math.abs(exact))));
    }

    @Test
    void errors() {
        Tensor two = Tensor.zeros(DType.F64, 2);
        Tensor x = Tensor.zeros(DType.F64, 2, 3);
        fails(
                () -> GaussianDensity.create().of(two, two, Tensor.zeros(DType.F64, 3)),
                "gaussianDensity: mean (2) f64 and target (3) f64: the shapes must be equal; broadcasting here would hide"
                        + " a mistake, so reshape one");
        fails(
                () -> GaussianDensity.create().withFloor(-1),
                "gaussianDensity: the least variance -1.0 must be finite, and 0 or more");
        fails(
                () -> MIXTURE.of(x, x, x, x),
                "mixtureDensity: logits (2, 3) f64 and target (2, 3) f64: of these components, target must be (2) f64");
        fails(
                () -> MIXTURE.ofVectors(x, x, x, x),
                "mixtureDensity: logits (2, 3) f64 and means (2, 3) f64: of these components, means must be (2, 3, 3)"
                        + " f64");
        fails(
                () -> MIXTURE.ofPlane(x, x, x, x, x),
                "mixtureDensity: logits (2, 3) f64 and target (2, 3) f64: of these components, target must be (2, 2)"
                        + " f64");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
