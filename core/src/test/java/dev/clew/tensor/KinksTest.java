package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Derivatives where there is none and a choice is made, or where a careless form of them overflows, cancels or is NaN. The
 * choices are PyTorch's.
 */
final class KinksTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private static double[] slopes(UnaryOperator<Tensor> function, double... at) {
        Parameter x = Parameter.of(NDArray.of(at));
        return Gradients.of(function.apply(x).sum()).wrt(x).value().toDoubles();
    }

    private static double[] secondSlopes(UnaryOperator<Tensor> function, double... at) {
        return slopes(
                x -> {
                    Tensor y = function.apply(x).sum();
                    return Gradients.of(y).wrt(x);
                },
                at);
    }

    /** ∂/∂a and ∂/∂b. */
    private static double[] slopes(BinaryOperator<Tensor> function, double a, double b) {
        Parameter left = Parameter.of(NDArray.of(a));
        Parameter right = Parameter.of(NDArray.of(b));
        Gradients gradients = Gradients.of(function.apply(left, right));
        return new double[] {gradients.wrt(left).item(), gradients.wrt(right).item()};
    }

    @Test
    void kinksAtZero() {
        assertThat(slopes(Tensor::abs, -1, -0.0, 0, 1)).containsExactly(-1, 0, 0, 1);
        assertThat(slopes(Tensor::relu, -1, -0.0, 0, 1)).containsExactly(0, 0, 0, 1);
        assertThat(slopes(x -> x.leakyRelu(0.1), -1, 0, 1)).containsExactly(0.1, 0.1, 1);
        assertThat(slopes(x -> x.elu(1.5), 0, 1e-9)).containsExactly(1.5, 1);
        assertThat(slopes(Tensor::selu, 0, 1)).containsExactly(1.7580993408473768, 1.0507009873554805);
        assertThat(slopes(Tensor::softsign, -1, 0, 1)).containsExactly(0.25, 1, 0.25);
        assertThat(slopes(Tensor::sign, -1, 0, 1)).containsExactly(0, 0, 0);
    }

    @Test
    void bounds() {
        assertThat(slopes(Tensor::hardTanh, -2, -1, -0.5, 1, 2)).containsExactly(0, 0, 1, 0, 0);
        assertThat(slopes(Tensor::hardSigmoid, -4, -3, 0, 3, 4)).containsExactly(0, 0, 1 / 6.0, 0, 0);
        assertThat(slopes(x -> x.clip(-1, 2), -2, -1, 0, 2, 3)).containsExactly(0, 1, 1, 1, 0);
    }

    @Test
    void boundsGiveTheirValues() {
        double[] x = {-INFINITE, -4, -3, -1, 0, 1, 3, 4, INFINITE, Double.NaN};
        assertThat(Tensor.of(x).hardTanh().value().toDoubles())
                .containsExactly(-1, -1, -1, -1, 0, 1, 1, 1, 1, Double.NaN);
        assertThat(Tensor.of(x).hardSigmoid().value().toDoubles())
                .containsExactly(0, 0, 0, 2 / 6.0, 0.5, 4 / 6.0, 1, 1, 1, Double.NaN);
        assertThat(Tensor.of(x).clip(-2, 3.5).value().toDoubles())
                .containsExactly(-2, -2, -2, -1, 0, 1, 3, 3.5, 3.5, Double.NaN);
        assertThat(Tensor.of(x).leakyRelu(0.5).value().toDoubles())
                .containsExactly(-INFINITE, -2, -1.5, -0.5, 0, 1, 3, 4, INFINITE, Double.NaN);
        assertThat(Tensor.of(new int[] {-5, 1, 7}).clip(-2, 3).value().toInts()).containsExactly(-2, 1, 3);
    }

    /** The limits, where there are any: a, b, ∂a and ∂b. */
    @Test
    void slopesOfTwoNumbersAtInfinityAreTheirLimits() {
        limits(Tensor::hypot, INFINITE, 2, 1, 0);
        limits(Tensor::hypot, -0.5, -INFINITE, 0, -1);
        limits(Tensor::hypot, -INFINITE, 0, -1, 0);
        // No limit: as atan2 does, both are taken as large as each other.
        limits(Tensor::hypot, INFINITE, -INFINITE, 1 / Math.sqrt(2), -1 / Math.sqrt(2));
        limits(Tensor::atan2, INFINITE, 2, 0, 0);
        limits(Tensor::atan2, -2, -INFINITE, 0, 0);
        limits(Tensor::atan2, -INFINITE, INFINITE, 0, 0);
        limits(Tensor::pow, 2, -INFINITE, 0, 0);
        limits(Tensor::pow, 0.5, INFINITE, 0, 0);
        limits(Tensor::pow, 0, INFINITE, 0, 0);
        limits(Tensor::pow, INFINITE, -INFINITE, 0, 0);
        limits(Tensor::pow, INFINITE, -2, 0, 0);
        limits(Tensor::pow, INFINITE, 2, INFINITE, INFINITE);
        limits(Tensor::xlogy, 2, INFINITE, INFINITE, 0);
        limits(Tensor::logAddExp, 3, -INFINITE, 1, 0);
        limits(Tensor::logAddExp, INFINITE, 3, 1, 0);
        limits(Tensor::maximum, -INFINITE, INFINITE, 0, 1);
        limits(Tensor::minimum, -INFINITE, 5, 1, 0);
        limits(Tensor::remainder, 2, INFINITE, 1, 0);
        limits(Tensor::remainder, -2, INFINITE, 1, 1);
        limits((a, b) -> a.lerp(b, 0.25), INFINITE, 3, 0.75, 0.25);
    }

    private static void limits(BinaryOperator<Tensor> function, double a, double b, double byA, double byB) {
        double[] found = slopes(function, a, b);
        assertThat(found[0] + 0.0).as("∂a at %s, %s", a, b).isEqualTo(byA);
        assertThat(found[1] + 0.0).as("∂b at %s, %s", a, b).isEqualTo(byB);
    }

    /** Second derivatives, which fall faster than first ones, are 0 there. */
    @Test
    void curvaturesAtInfinityAreZero() {
        for (BinaryOperator<Tensor> function : List.<BinaryOperator<Tensor>>of(Tensor::hypot, Tensor::atan2)) {
            for (double far : new double[] {INFINITE, -INFINITE}) {
                for (double other : new double[] {0, -2, 0.5, INFINITE}) {
                    BinaryOperator<Tensor> byLeft = (a, b) -> slope(function.apply(a, b), a);
                    BinaryOperator<Tensor> byRight = (a, b) -> slope(function.apply(a, b), b);
                    limits(byLeft, far, other, 0, 0);
                    limits(byRight, far, other, 0, 0);
                    limits(byLeft, other, far, 0, 0);
                    limits(byRight, other, far, 0, 0);
                }
            }
        }
        limits((a, b) -> slope(a.pow(b), a), 2, -INFINITE, 0, 0);
        limits((a, b) -> slope(a.pow(b), b), INFINITE, -2, 0, 0);
    }

    private static Tensor slope(Tensor y, Tensor x) {
        return Gradients.of(y).wrt(x);
    }

    @Test
    void tiesAreShared() {
        assertThat(slopes(Tensor::maximum, 2, 2)).containsExactly(0.5, 0.5);
        assertThat(slopes(Tensor::minimum, 2, 2)).containsExactly(0.5, 0.5);
        assertThat(slopes(Tensor::maximum, 2, 1)).containsExactly(1, 0);
        assertThat(slopes(Tensor::minimum, 2, 1)).containsExactly(0, 1);
    }

    @Test
    void jumps() {
        assertThat(slopes(Tensor::floor, 1, 1.5)).containsExactly(0, 0);
        assertThat(slopes(Tensor::ceil, 1, 1.5)).containsExactly(0, 0);
        assertThat(slopes(Tensor::round, 1, 1.5)).containsExactly(0, 0);
        assertThat(slopes(Tensor::remainder, 6, 3)).containsExactly(1, -2);
        assertThat(slopes(Tensor::remainder, -7, 3)).containsExactly(1, 3);
        assertThat(slopes(Tensor::remainder, 7, -3)).containsExactly(1, 3);
    }

    @Test
    void powersAtZero() {
        assertThat(slopes(Tensor::pow, 0, 0)).containsExactly(0, 0);
        assertThat(slopes(Tensor::pow, Double.NaN, 0)[0]).isZero();
        assertThat(slopes(x -> x.pow(0), 0, 3, INFINITE, Double.NaN)).containsExactly(0, 0, 0, 0);
        assertThat(slopes(Tensor::pow, 0, 1)).containsExactly(1, 0);
        assertThat(slopes(Tensor::pow, 0, 2)).containsExactly(0, 0);
        assertThat(slopes(Tensor::pow, 0, 0.5)).containsExactly(INFINITE, 0);
        assertThat(slopes(Tensor::pow, 0, -1)).containsExactly(-INFINITE, -INFINITE);
        assertThat(slopes(Tensor::pow, 2, 0)).containsExactly(0, 0.6931471805599453);
        assertThat(slopes(Tensor::pow, -2, 3)).containsExactly(12, Double.NaN);
        assertThat(slopes(Tensor::pow, -2, 0)).containsExactly(-0.0, Double.NaN);
        assertThat(secondSlopes(x -> x.pow(2), -1, 0, 3)).containsExactly(2, 2, 2);
        assertThat(secondSlopes(x -> x.pow(1), -1, 0, 3)).containsExactly(-0.0, 0, 0);
        assertThat(secondSlopes(x -> x.pow(0), -1, 0, 3)).containsExactly(-0.0, 0, -0.0);
    }

    @Test
    void mixedSecondDerivativeOfAPowerAtTheExponentZero() {
        Parameter a = Parameter.of(NDArray.of(2.0));
        Parameter b = Parameter.of(NDArray.of(0.0));
        Tensor byBase = Gradients.of(a.pow(b)).wrt(a);
        assertThat(Gradients.of(byBase).wrt(b).item()).isEqualTo(0.5);
    }

    @Test
    void smoothFunctionsHaveSecondDerivativesWhereTheirFormsHaveSeams() {
        assertThat(secondSlopes(Tensor::softplus, 0)).containsExactly(0.25);
        assertThat(secondSlopes(Tensor::logSigmoid, 0)).containsExactly(-0.25);
        assertThat(secondSlopes(x -> x.elu(1), 0)).containsExactly(1);
        assertThat(secondSlopes(x -> x.logAddExp(x.constant(3)), 3)).containsExactly(0.25);
        assertThat(secondSlopes(Tensor::silu, 0)).containsExactly(0.5);
    }

    @Test
    void farOut() {
        assertThat(slopes(Tensor::softplus, -1e4, 1e4, -INFINITE, INFINITE)).containsExactly(0, 1, 0, 1);
        assertThat(slopes(Tensor::logSigmoid, -1e4, 1e4, -40)).containsExactly(1, 0, 1);
        assertThat(slopes(x -> x.elu(1), -1e4, 1e4)).containsExactly(0, 1);
        assertThat(slopes(Tensor::silu, -1e4, 1e4)).containsExactly(0, 1);
        assertThat(slopes(Tensor::gelu, -1e4, 1e4)).containsExactly(0, 1);
        assertThat(slopes(Tensor::geluTanh, -1e4, 1e4)).containsExactly(0, 1);
        assertThat(slopes(Tensor::tanh, -1e4, INFINITE)).containsExactly(0, 0);
        assertThat(slopes(Tensor::atan, -1e200, INFINITE)).containsExactly(0, 0);
        assertThat(slopes(Tensor::erf, -1e200, INFINITE)).containsExactly(0, 0);
        assertThat(Tensor.of(new double[] {-1e4, 1e4}).softplus().value().toDoubles())
                .containsExactly(0, 1e4);
        assertThat(Tensor.of(new double[] {-1e4, 1e4}).logSigmoid().value().toDoubles())
                .containsExactly(-1e4, -0.0);
    }

    @Test
    void withAllDigits() {
        assertThat(slopes(Tensor::expm1, -40)).containsExactly(Math.exp(-40));
        assertThat(slopes(Tensor::log1p, 1e-20, -0.5)).containsExactly(1, 2);
        assertThat(slopes(Tensor::softplus, -40)[0]).isEqualTo(4.248354255291589e-18);
        assertThat(slopes(Tensor::asin, 1 - 0x1p-53)[0]).isCloseTo(0x1p26, within(1.0));
        assertThat(slopes(Tensor::asin, 1)).containsExactly(INFINITE);
        assertThat(slopes(Tensor::acos, 1)).containsExactly(-INFINITE);
        assertThat(slopes(Tensor::rsqrt, 4)).containsExactly(-0.0625);
    }

    @Test
    void anglesOfFarAndNearPoints() {
        assertThat(slopes(Tensor::atan2, 1e200, 1e200)).containsExactly(0.5e-200, -0.5e-200);
        assertThat(slopes(Tensor::atan2, 3e-200, 4e-200)[0]).isCloseTo(0.16e200, within(1e185));
        assertThat(slopes(Tensor::atan2, 0, 0)).containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void sumsOfExponentialsAtInfinity() {
        assertThat(slopes(Tensor::logAddExp, -INFINITE, -INFINITE)).containsExactly(0.5, 0.5);
        assertThat(slopes(Tensor::logAddExp, INFINITE, INFINITE)).containsExactly(0.5, 0.5);
        assertThat(slopes(Tensor::logAddExp, -INFINITE, 3)).containsExactly(0, 1);
        assertThat(slopes(Tensor::logAddExp, INFINITE, 3)).containsExactly(1, 0);
        assertThat(slopes(Tensor::logAddExp, 1e4, -1e4)).containsExactly(1, 0);
        assertThat(slopes(Tensor::logAddExp, 3, 3)).containsExactly(0.5, 0.5);
    }

    @Test
    void geluOfTheLargestNumbersHasTheSlopeOfItsLimit() {
        double[] far = {1e300, -1e300, 1e20, -1e20};
        assertThat(slopes(Tensor::geluTanh, far)).containsExactly(1, 0, 1, 0);
        assertThat(secondSlopes(Tensor::geluTanh, far)).containsExactly(0, 0, 0, 0);
        assertThat(slopes(Tensor::gelu, far)).containsExactly(1, 0, 1, 0);
        assertThat(slopes(Tensor::silu, far)).containsExactly(1, 0, 1, 0);
    }

    @Test
    void aRowOfNothingButMinusInfinityHasNoSoftmax() {
        double[] nothing = {-INFINITE, -INFINITE};
        double[] nan = {Double.NaN, Double.NaN};
        for (double[] row : new double[][] {nothing, {INFINITE, 0}}) {
            assertThat(Tensor.of(row).softmax(0).value().toDoubles()).containsExactly(nan);
            assertThat(Tensor.of(row).logSoftmax(0).value().toDoubles()).containsExactly(nan);
            assertThat(slopes(x -> x.softmax(0), row)).containsExactly(nan);
            assertThat(slopes(x -> x.logSoftmax(0), row)).containsExactly(nan);
        }
        assertThat(Tensor.of(nothing).logSumExp(0).item()).isEqualTo(-INFINITE);
        assertThat(slopes(x -> x.logSumExp(0), nothing)).containsExactly(0, 0);
        assertThat(secondSlopes(x -> x.logSumExp(0), nothing)).containsExactly(0, 0);
        assertThat(slopes(x -> x.logSumExp(0), -INFINITE, 0)).containsExactly(0, 1);
        assertThat(slopes(x -> x.softmax(0).times(Tensor.of(new double[] {5, 2, 4})), -INFINITE, 3, 3))
                .containsExactly(0, -0.5, 0.5);
    }

    @Test
    void aRowThatIsMaskedWholeHasTheSoftmaxZeroAndPassesNoGradient() {
        Tensor none = Tensor.of(NDArray.of(new boolean[] {false, false}));
        for (double[] row : new double[][] {{1, 2}, {-INFINITE, INFINITE}, {Double.NaN, 0}}) {
            Tensor x = Tensor.of(row);
            assertThat(x.softmax(0, none).value().toDoubles()).containsExactly(0, 0);
            assertThat(x.logSoftmax(0, none).value().toDoubles()).containsExactly(-INFINITE, -INFINITE);
            assertThat(x.logSumExp(0, none).item()).isEqualTo(-INFINITE);
            assertThat(slopes(t -> t.softmax(0, none), row)).containsExactly(0, 0);
            assertThat(slopes(t -> t.logSoftmax(0, none), row)).containsExactly(0, 0);
            assertThat(slopes(t -> t.logSumExp(0, none), row)).containsExactly(0, 0);
            assertThat(secondSlopes(t -> t.softmax(0, none), row)).containsExactly(0, 0);
        }
    }

    @Test
    void lerpReachesItsEnds() {
        Tensor a = Tensor.of(new double[] {0.1, -3, 1e20});
        Tensor b = Tensor.of(new double[] {0.3, 7, 1});
        assertThat(a.lerp(b, 0).value()).isEqualTo(a.value());
        assertThat(a.lerp(b, 1).value()).isEqualTo(b.value());
        assertThat(a.lerp(b, Tensor.of(1.0)).value()).isEqualTo(b.value());
        assertThat(a.lerp(b, Tensor.zeros(DType.F64, 3)).value()).isEqualTo(a.value());
        Parameter weight = Parameter.of(NDArray.of(0.5));
        assertThat(Gradients.of(a.lerp(b, weight).sum()).wrt(weight).item())
                .isEqualTo(b.minus(a).sum().item());
    }
}
