package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Derivatives where a function is nearly constant: they are tiny there, and not 0. */
final class TailsTest {
    /** In percent; a few units in the last place. */
    private static final double F64 = 1e-13;

    private static final double F32 = 3e-5;

    private static double slope(UnaryOperator<Tensor> function, DType type, double at) {
        Parameter x = Parameter.of(NDArray.of(at).cast(type));
        return Gradients.of(function.apply(x).sum()).wrt(x).item();
    }

    private static UnaryOperator<Tensor> slopeOf(UnaryOperator<Tensor> function) {
        return x -> Gradients.of(function.apply(x).sum()).wrt(x);
    }

    @Test
    void tanhAndSigmoidHaveSlopesWhereTheirValuesAreOne() {
        assertThat(slope(Tensor::tanh, DType.F32, 10)).isCloseTo(8.24461446e-9, withinPercentage(F32));
        assertThat(slope(Tensor::tanh, DType.F64, -20)).isCloseTo(1.6993417021166355e-17, withinPercentage(F64));
        assertThat(slope(Tensor::sigmoid, DType.F32, 17)).isCloseTo(4.1399376e-8, withinPercentage(F32));
        assertThat(slope(Tensor::sigmoid, DType.F64, 40)).isCloseTo(4.248354255291589e-18, withinPercentage(F64));
        assertThat(slope(slopeOf(Tensor::logSigmoid), DType.F64, 40))
                .isCloseTo(-4.248354255291589e-18, withinPercentage(F64));
        assertThat(slope(slopeOf(Tensor::softplus), DType.F64, 40))
                .isCloseTo(4.248354255291589e-18, withinPercentage(F64));
        assertThat(slope(slopeOf(Tensor::sigmoid), DType.F64, 40))
                .isCloseTo(-4.248354255291589e-18, withinPercentage(F64));
    }

    /** tanh: y' = 1 − y², y'' = −2yy', y''' = −2y'² − 2yy''; in the tail that is 4y' with y = 1. */
    @Test
    void higherDerivativesOfTheTailsAreRightToo() {
        double first = 1.6993417021166355e-17;
        assertThat(slope(slopeOf(Tensor::tanh), DType.F64, 20)).isCloseTo(-2 * first, withinPercentage(F64));
        assertThat(slope(slopeOf(slopeOf(Tensor::tanh)), DType.F64, 20)).isCloseTo(4 * first, withinPercentage(F64));
        double sigmoid = 4.248354255291589e-18;
        assertThat(slope(slopeOf(slopeOf(Tensor::sigmoid)), DType.F64, 40)).isCloseTo(sigmoid, withinPercentage(F64));
    }

    /** d/dx (1 − x²) as a sum of two slopes would lose x against 1. */
    @Test
    void theSecondDerivativeOfAsinNearZeroIsItsArgument() {
        assertThat(slope(slopeOf(Tensor::asin), DType.F64, 1e-9)).isCloseTo(1e-9, withinPercentage(F64));
        assertThat(slope(slopeOf(Tensor::acos), DType.F64, 1e-9)).isCloseTo(-1e-9, withinPercentage(F64));
    }

    /** By x² the f64 range is left long before the derivative is 0. */
    @Test
    void atanHasSlopesFarOut() {
        assertThat(slope(Tensor::atan, DType.F64, 1e154)).isCloseTo(1e-308, withinPercentage(F64));
        assertThat(slope(slopeOf(Tensor::atan), DType.F64, 1e100)).isCloseTo(-2e-300, withinPercentage(F64));
        assertThat(slope(slopeOf(Tensor::atan), DType.F32, 1e12)).isCloseTo(-2e-36, withinPercentage(F32));
    }

    @Test
    void theShareOfAnExponentialKeepsItsDigitsHoweverSmall() {
        Parameter a = Parameter.of(NDArray.of(-3.0));
        Tensor y = a.logAddExp(Tensor.of(700.1));
        // e to the power of −(3 + 700.1), with 700.1 as the f64 it is.
        assertThat(Gradients.of(y).wrt(a).item()).isCloseTo(4.441705641548383e-306, withinPercentage(F64));
    }

    /** Where y times its slope leaves the range, the gate has long been constant. */
    @Test
    void secondDerivativesFarOutAreNumbers() {
        for (double far : new double[] {-1e300, -2.1e305, 2.1e305, 1.7e308}) {
            for (DType type : List.of(DType.F32, DType.F64)) {
                double at = type == DType.F32 ? (float) (far * 1e-270) : far;
                Parameter x = Parameter.of(NDArray.of(at).cast(type));
                Tensor slope = Gradients.of(x.geluTanh()).wrt(x);
                assertThat(slope.item()).isEqualTo(far > 0 ? 1 : 0);
                assertThat(Gradients.of(slope).wrt(x).item()).isZero();
            }
        }
    }

    @Test
    void slopesAtInfinityAreZero() {
        double infinite = Double.POSITIVE_INFINITY;
        for (DType type : List.of(DType.F32, DType.F64)) {
            for (double x : new double[] {infinite, -infinite}) {
                assertThat(slope(Tensor::tanh, type, x)).isZero();
                assertThat(slope(Tensor::sigmoid, type, x)).isZero();
                assertThat(slope(Tensor::atan, type, x)).isZero();
                assertThat(slope(Tensor::erf, type, x)).isZero();
                assertThat(slope(slopeOf(Tensor::tanh), type, x)).isZero();
                assertThat(slope(slopeOf(Tensor::sigmoid), type, x)).isZero();
            }
            assertThat(slope(Tensor::tanh, type, Double.NaN)).isNaN();
            assertThat(slope(Tensor::sigmoid, type, Double.NaN)).isNaN();
        }
    }
}
