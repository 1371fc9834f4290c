package dev.clew.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.GradientCheck;
import dev.clew.plan.Plan;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FixedPointTest {
    private static Parameter normal(long seed, double deviation, DType type, int... shape) {
        return Parameter.of(RandomKey.of(seed).normal(0, deviation, type, Shape.of(shape)));
    }

    private static Tensor equilibrium(Tensor w, Tensor u, Tensor x) {
        return FixedPoint.of(
                h -> h.matmul(w).plus(x.matmul(u)).tanh(),
                Tensor.zeros(x.dtype(), x.shape().length(0), w.shape().length(0)));
    }

    /** h = cos h, and h = a·cos(b·h), whose derivatives are known: dh = (cos(bh)·da − a·h·sin(bh)·db) / (1 + ab·sin(bh)). */
    @Test
    void aSingleNumberHasTheDerivativeOfItsEquation() {
        assertThat(FixedPoint.of(Tensor::cos, Tensor.of(1.0)).item()).isCloseTo(0.7390851332151607, offset(1e-13));
        Parameter a = Parameter.of(NDArray.of(0.8));
        Parameter b = Parameter.of(NDArray.of(0.9));
        Tensor h = FixedPoint.of(z -> z.times(b).cos().times(a), Tensor.of(0.5));
        double at = h.item();
        double sine = Math.sin(0.9 * at);
        double below = 1 + 0.8 * 0.9 * sine;
        Gradients gradients = Gradients.of(h);
        assertThat(gradients.wrt(a).item()).isCloseTo(Math.cos(0.9 * at) / below, offset(1e-13));
        assertThat(gradients.wrt(b).item()).isCloseTo(-0.8 * at * sine / below, offset(1e-13));
        // The second derivative by a, from the first by the same rule.
        double first = Math.cos(0.9 * at) / below;
        double second = (-2 * 0.9 * sine * first - 0.8 * 0.81 * Math.cos(0.9 * at) * first * first) / below;
        assertThat(Gradients.of(gradients.wrt(a)).wrt(a).item()).isCloseTo(second, offset(1e-12));
    }

    @Test
    void anEquilibriumLayerHasDerivativesOfBothOrders() {
        Parameter w = normal(1, 0.2, DType.F64, 4, 4);
        Parameter u = normal(2, 0.7, DType.F64, 3, 4);
        Parameter x = normal(3, 1, DType.F64, 2, 3);
        assertThat(GradientCheck.of(equilibrium(w, u, x), Map.of("w", w, "u", u, "x", x))
                        .withOrder(2)
                        .report()
                        .isRight())
                .isTrue();
    }

    /** The derivative by hand: v = h̄·(I − diag(1 − h²)·W)⁻ᵀ, by Gaussian elimination instead of iterations. */
    @Test
    void theGradientSolvesTheLinearEquation() {
        Parameter w = normal(4, 0.3, DType.F64, 3, 3);
        Parameter u = normal(5, 0.7, DType.F64, 2, 3);
        Tensor x = Tensor.of(RandomKey.of(6).normal(0, 1, DType.F64, Shape.of(1, 2)));
        Tensor h = equilibrium(w, u, x);
        double[] at = h.value().toDoubles();
        double[] weights = w.value().toDoubles();
        double[][] equations = new double[3][4]; // (I − W·D)·s = 1, where D = diag(1 − h²), and v = D·s
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                equations[i][j] = (i == j ? 1 : 0) - weights[i * 3 + j] * (1 - at[j] * at[j]);
            }
            equations[i][3] = 1;
        }
        double[] s = solved(equations);
        double[] bar = Gradients.of(h.sum()).wrt(u).value().toDoubles();
        double[] in = x.value().toDoubles();
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(bar[i * 3 + j]).isCloseTo(in[i] * s[j] * (1 - at[j] * at[j]), offset(1e-12));
            }
        }
    }

    private static double[] solved(double[][] rows) {
        int n = rows.length;
        for (int i = 0; i < n; i++) {
            for (int other = 0; other < n; other++) {
                double factor = other == i ? 0 : rows[other][i] / rows[i][i];
                for (int j = 0; j <= n; j++) {
                    rows[other][j] -= factor * rows[i][j];
                }
            }
        }
        double[] s = new double[n];
        for (int i = 0; i < n; i++) {
            s[i] = rows[i][n] / rows[i][i];
        }
        return s;
    }

    @Test
    void aPlanIteratesAsTheWalkDoesAndIsTheSameForEveryGraphOfItsStructure() {
        Parameter w = normal(7, 0.2, DType.F32, 5, 5);
        Parameter u = normal(8, 0.7, DType.F32, 3, 5);
        Tensor x = Tensor.input("x", DType.F32, 2, 3);
        Tensor loss = equilibrium(w, u, x).square().sum();
        Plan plan = Plan.compile(List.of(loss, Gradients.of(loss).wrt(w)));
        NDArray data = RandomKey.of(9).normal(0, 1, DType.F32, Shape.of(2, 3));
        List<NDArray> values = plan.run(Map.of(x, data));
        Tensor given = equilibrium(w, u, Tensor.of(data)).square().sum();
        List<NDArray> walked =
                Evaluator.plain().evaluate(List.of(given, Gradients.of(given).wrt(w)));
        for (int i = 0; i < 2; i++) {
            double[] one = values.get(i).toDoubles();
            double[] other = walked.get(i).toDoubles();
            for (int at = 0; at < one.length; at++) {
                assertThat(one[at]).isCloseTo(other[at], offset(1e-5));
            }
        }
        assertThat(equilibrium(w, u, x).op()).isEqualTo(equilibrium(w, u, x).op());
        assertThat(equilibrium(w, u, x).op())
                .isNotEqualTo(FixedPoint.of(h -> h.matmul(w).plus(x.matmul(u)).sin(), Tensor.zeros(DType.F32, 2, 5))
                        .op());
    }

    @Test
    void whatDoesNotConvergeIsAnErrorThatSaysHowFarItCame() {
        Tensor doubled = FixedPoint.of(h -> h.times(-1).plus(1), Tensor.of(0.0), 1e-9, 20);
        assertThatThrownBy(doubled::item)
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("fixed point from () f64: it did not converge; the last of 20 iterations still"
                        + " moved an element by 1.0 of the largest, and 1.0E-9 is asked for; F must bring");
        assertThatThrownBy(FixedPoint.of(h -> h.times(3).plus(1), Tensor.of(0.0))::item)
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("F(h) is not finite after 6");
    }

    @Test
    void whatIsNoFunctionOfItsKindIsRefused() {
        Tensor start = Tensor.zeros(DType.F64, 3);
        assertThatThrownBy(() -> FixedPoint.of(Tensor::sum, start))
                .hasMessage(
                        "fixed point from constant (3) f64: the function gives reshape () f64, which it must take in its turn;"
                                + " shape and type have to be those of the start");
        assertThatThrownBy(() -> FixedPoint.of(h -> h, start)).hasMessageContaining("every point is one");
        assertThatThrownBy(() -> FixedPoint.of(Tensor::tanh, Tensor.of(1))).hasMessageContaining("floating-point");
        assertThatThrownBy(() -> FixedPoint.of(Tensor::tanh, start, -1, 10)).hasMessageContaining("tolerance");
        Tensor constant = Tensor.ones(DType.F64, 3);
        assertThat(FixedPoint.of(_ -> constant, start)).isSameAs(constant);
    }
}
