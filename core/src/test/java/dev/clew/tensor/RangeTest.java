package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Roots of sums of squares, where the squares leave the range of numbers. */
final class RangeTest {
    private static final double[] SCALES = {1e20, 1e-30, 1e35, 1e-38};
    private static final double[] WIDER = {1, 1e200, 1e-200, 1e305, 1e-305};

    /** In units in the last place, of second derivatives in those of their largest addend. */
    private static final double BOUND = 8;

    /**
     * @param expected the value, the gradient, and the derivatives of its first element
     * @param addends the largest of those that a derivative of the gradient's first element is the sum of
     */
    private static void check(
            DType type, UnaryOperator<Tensor> function, double scale, double[] x, double[] expected, double[] addends) {
        double[] scaled = x.clone();
        for (int i = 0; i < x.length; i++) {
            scaled[i] *= scale;
        }
        Parameter input = Parameter.of(NDArray.of(scaled).cast(type));
        Tensor y = function.apply(input);
        isWithin(type, y.item(), expected[0] * scale, expected[0] * scale, "value");
        Tensor gradient = Gradients.of(y).wrt(input);
        Tensor second = Gradients.of(gradient.get(0)).wrt(input);
        for (int i = 0; i < x.length; i++) {
            String where = type + " at " + scale + ", element " + i;
            isWithin(type, gradient.value().get(i), expected[1 + i], expected[1 + i], where);
            double curvature = expected[1 + x.length + i] / scale;
            if (Math.abs(curvature) < (type == DType.F32 ? 1e38 : 1e300)) {
                isWithin(type, second.value().get(i), curvature, addends[i] / scale, where);
            }
        }
    }

    private static void isWithin(DType type, double found, double exact, double addend, String where) {
        double unit = ExactTable.unit(type, addend);
        assertThat(Math.abs(found - exact) / unit)
                .as("%s: %s for %s, in units of %s", where, found, exact, unit)
                .isLessThanOrEqualTo(BOUND);
    }

    /** Of (3, 4): 5, with the gradient x/5 and the second derivatives (1 − x₀²/25)/5 and −x₀·x₁/125. */
    @Test
    void theNormKeepsItsDigitsAtEveryScale() {
        double[] expected = {5, 0.6, 0.8, 0.128, -0.096};
        double[] addends = {0.2, 0.096};
        for (double scale : SCALES) {
            check(DType.F32, Tensor::norm, scale, new double[] {3, 4}, expected, addends);
            check(DType.F32, x -> x.get(0).hypot(x.get(1)), scale, new double[] {3, 4}, expected, addends);
        }
        for (double scale : WIDER) {
            check(DType.F64, Tensor::norm, scale, new double[] {3, 4}, expected, addends);
            check(DType.F64, x -> x.get(0).hypot(x.get(1)), scale, new double[] {3, 4}, expected, addends);
        }
    }

    /** Of (−3, 1, 2): mean 0, variance 14/3. */
    @Test
    void theStandardDeviationKeepsItsDigitsAtEveryScale() {
        double deviation = Math.sqrt(14 / 3.0);
        double cube = Math.pow(deviation, 3);
        double[] expected = {
            deviation,
            -1 / deviation,
            1 / (3 * deviation),
            2 / (3 * deviation),
            2 / (9 * deviation) - 1 / cube,
            -1 / (9 * deviation) + 1 / (3 * cube),
            -1 / (9 * deviation) + 2 / (3 * cube)
        };
        // The first is the difference of 0.103 and 0.099, and has lost a digit and a half.
        double[] addends = {2 / (9 * deviation), 1 / (9 * deviation), 2 / (3 * cube)};
        for (double scale : SCALES) {
            check(DType.F32, Tensor::standardDeviation, scale, new double[] {-3, 1, 2}, expected, addends);
        }
        for (double scale : WIDER) {
            check(DType.F64, Tensor::standardDeviation, scale, new double[] {-3, 1, 2}, expected, addends);
        }
    }

    /** (|x|³ + |2x|³ + ...)^(1/3) of (1, 2): 9^(1/3), with the gradient x²/y². */
    @Test
    void otherNormsDoToo() {
        double y = Math.cbrt(9);
        double[] expected = {y, 1 / (y * y), 4 / (y * y), 2 / (y * y) - 2 / Math.pow(y, 5), -2 * 4 / Math.pow(y, 5)};
        double[] addends = {2 / (y * y), 8 / Math.pow(y, 5)};
        for (double scale : new double[] {1, 1e150, 1e-150}) {
            check(DType.F64, x -> x.norm(3, false), scale, new double[] {1, 2}, expected, addends);
        }
    }

    /** Of (1.9, 1.9) the norm is 1.9·2^(1/p), and its gradient 2^(1/p − 1) each, however high the power. */
    @Test
    void highPowersStayInRange() {
        for (double p : new double[] {3, 127, 128, 1023, 2000, 1e6}) {
            for (DType type : List.of(DType.F32, DType.F64)) {
                for (double scale : new double[] {1, 1e-30, 1e30}) {
                    Parameter x = Parameter.of(
                            NDArray.full(1.9 * scale, DType.F64, Shape.of(2)).cast(type));
                    Tensor norm = x.norm(p, false);
                    double percent = type == DType.F32 ? 1e-4 : 1e-12;
                    assertThat(norm.item() / scale)
                            .as("%s by %s", p, scale)
                            .isCloseTo(1.9 * Math.pow(2, 1 / p), withinPercentage(percent));
                    assertThat(Gradients.of(norm).wrt(x).value().get(1))
                            .isCloseTo(Math.pow(2, 1 / p - 1), withinPercentage(percent));
                }
            }
        }
    }

    /** The sum of the numbers leaves the range, their deviations do not. */
    @Test
    void theStandardDeviationOfNumbersWhoseSumIsInfiniteIsFinite() {
        assertThat(Tensor.of(new float[] {2e38f, 3e38f}).standardDeviation().item())
                .isCloseTo(5e37, withinPercentage(1e-4));
        assertThat(Tensor.of(new double[] {1e308, 1.2e308}).standardDeviation().item())
                .isCloseTo(1e307, withinPercentage(1e-12));
    }

    @Test
    void deviationsOfEqualNumbersAreZero() {
        for (float equal : new float[] {0.1f, 100.1f, 9281121f, 3e-39f}) {
            for (int n = 1; n < 40; n++) {
                assertThat(Tensor.of(NDArray.full(equal, DType.F32, Shape.of(n)))
                                .centered()
                                .value()
                                .toDoubles())
                        .containsOnly(0);
            }
        }
    }

    @Test
    void whereTheyAreZeroSoAreTheirDerivatives() {
        Parameter zero = Parameter.of(new double[] {0, -0.0});
        for (Tensor y :
                new Tensor[] {zero.norm(), zero.standardDeviation(), zero.get(0).hypot(zero.get(1))}) {
            assertThat(y.item()).isZero();
            Tensor gradient = Gradients.of(y).wrt(zero);
            assertThat(gradient.abs().value().toDoubles()).containsExactly(0, 0);
            assertThat(Gradients.of(gradient.sum()).wrt(zero).value().toDoubles())
                    .doesNotContain(Double.NaN);
        }
    }

    @Test
    void infinitiesAndNaNStay() {
        double infinite = Double.POSITIVE_INFINITY;
        assertThat(Tensor.of(new double[] {1, -infinite}).norm().item()).isEqualTo(infinite);
        assertThat(Tensor.of(new double[] {1, Double.NaN}).norm().item()).isNaN();
        assertThat(Tensor.of(new double[] {1, Double.NaN}).standardDeviation().item())
                .isNaN();
    }

    @Test
    void xlogyOfNothingIsZeroAndHasFiniteDerivatives() {
        Parameter a = Parameter.of(new double[] {0, 0, 0, 2, 0});
        Parameter b = Parameter.of(new double[] {0, -1, 3, 4, Double.POSITIVE_INFINITY});
        Tensor y = a.xlogy(b);
        assertThat(y.value().toDoubles()).containsExactly(0, 0, 0, 2 * Math.log(4), 0);
        Gradients gradients = Gradients.of(y.sum());
        double[] logarithms = gradients.wrt(a).value().toDoubles();
        assertThat(logarithms).startsWith(0, 0).endsWith(Math.log(4), Double.POSITIVE_INFINITY);
        assertThat(logarithms[2]).isCloseTo(Math.log(3), withinPercentage(1e-13));
        assertThat(gradients.wrt(b).value().toDoubles()).containsExactly(0, 0, 0, 0.5, 0);
        assertThat(Gradients.of(gradients.wrt(b).sum()).wrt(a).value().get(2)).isEqualTo(1 / 3.0);
    }
}
