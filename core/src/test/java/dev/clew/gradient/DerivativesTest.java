package dev.clew.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class DerivativesTest {
    private static final Offset<Double> CLOSE = within(1e-13);

    private static Parameter parameter(long number, int... lengths) {
        return Parameter.of(RandomKey.of(3).fold(number).uniform(-1, 1, DType.F64, Shape.of(lengths)));
    }

    private static void same(NDArray found, NDArray expected) {
        assertThat(found.shape()).isEqualTo(expected.shape());
        assertThat(found.toDoubles()).containsExactly(expected.toDoubles(), CLOSE);
    }

    /** h_t = tanh(h_{t−1}·w + x_t), all states. */
    private static List<Tensor> loop(Tensor h0, Tensor w, int steps) {
        List<Tensor> states = new ArrayList<>(List.of(h0));
        for (int t = 0; t < steps; t++) {
            states.add(states.getLast().matmul(w).plus(0.1 * t).tanh());
        }
        return states;
    }

    @Test
    void jacobianOfAnElementwiseFunctionIsDiagonal() {
        Parameter x = Parameter.of(new double[] {0.5, -1, 2});
        same(Derivatives.jacobian(x.square(), x).value(), NDArray.of(new double[][] {{1, 0, 0}, {0, -2, 0}, {0, 0, 4}
        }));
    }

    @Test
    void jacobianHasTheShapeOfBothAndEveryEntryIsAtItsIndex() {
        Parameter a = parameter(1, 2, 3);
        Parameter b = parameter(2, 3, 4);
        Tensor jacobian = Derivatives.jacobian(a.matmul(b), a);
        assertThat(jacobian.shape()).isEqualTo(Shape.of(2, 4, 2, 3));
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 4; j++) {
                for (int k = 0; k < 3; k++) {
                    assertThat(jacobian.value().get(i, j, i, k))
                            .isEqualTo(b.value().get(k, j));
                    assertThat(jacobian.value().get(i, j, 1 - i, k)).isZero();
                }
            }
        }
    }

    @Test
    void rowsAndColumnsOfAJacobianAreTheSame() {
        Parameter few = parameter(1, 2);
        Parameter many = parameter(2, 2, 5);
        Tensor tall = few.expandDims(1).times(many).tanh(); // 10 results of 2 inputs: by columns
        Tensor byColumns = Derivatives.jacobian(tall, few);
        List<Tensor> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rows.add(Gradients.of(tall.reshape(10).get(i)).wrt(few));
        }
        same(byColumns.value(), Tensor.stack(0, rows).reshape(2, 5, 2).value());
        assertThat(Derivatives.jacobian(tall.sum(1), many).shape()).isEqualTo(Shape.of(2, 2, 5));
    }

    @Test
    void jvpIsTheJacobianTimesTheTangentAndVjpItsTranspose() {
        Parameter h0 = parameter(1, 2, 3);
        Parameter w = parameter(2, 3, 3);
        Tensor last = loop(h0, w, 4).getLast();
        Tensor wDot = Tensor.of(parameter(3, 3, 3).value());
        Tensor jacobian = Derivatives.jacobian(last, w).reshape(6, 9);
        same(
                Derivatives.jvp(last, w, wDot).value(),
                jacobian.matmul(wDot.reshape(9)).reshape(2, 3).value());
        Tensor yBar = Tensor.of(parameter(4, 2, 3).value());
        same(
                Derivatives.vjp(last, w, yBar).value(),
                yBar.reshape(6).matmul(jacobian).reshape(3, 3).value());
    }

    @Test
    void jvpAlongSeveralTensorsIsTheSumOfEach() {
        Parameter h0 = parameter(1, 2, 3);
        Parameter w = parameter(2, 3, 3);
        Tensor last = loop(h0, w, 4).getLast();
        Tensor hDot = Tensor.of(parameter(3, 2, 3).value());
        Tensor wDot = Tensor.of(parameter(4, 3, 3).value());
        same(
                Derivatives.jvp(last, Map.of(h0, hDot, w, wDot)).value(),
                Derivatives.jvp(last, h0, hDot)
                        .plus(Derivatives.jvp(last, w, wDot))
                        .value());
    }

    @Test
    void jvpOfAnyOrderFollowsTheFormula() {
        Parameter x = Parameter.of(0.7);
        Tensor derivative = x.exp().square();
        for (int order = 0; order < 5; order++) {
            assertThat(derivative.item()).isCloseTo(Math.pow(2, order) * Math.exp(1.4), within(1e-12));
            derivative = Derivatives.jvp(derivative, x, Tensor.of(1.0));
        }
        Tensor mixed = Derivatives.jvp(Gradients.of(x.tanh()).wrt(x), x, Tensor.of(2.0));
        double y = Math.tanh(0.7);
        assertThat(mixed.item()).isCloseTo(-4 * y * (1 - y * y), CLOSE);
    }

    @Test
    void hessianOfAQuadraticFormIsTheMatrixAndItsTranspose() {
        Parameter x = parameter(1, 3);
        Parameter a = parameter(2, 3, 3);
        Tensor y = x.matmul(a).matmul(x);
        same(Derivatives.hessian(y, x).value(), a.plus(a.transpose()).value());
        Tensor v = Tensor.of(new double[] {1, -2, 0.5});
        same(Derivatives.hvp(y, x, v).value(), a.plus(a.transpose()).matmul(v).value());
    }

    @Test
    void hessianThroughALoopIsSymmetricAndItsProductsAreHvps() {
        Parameter h0 = parameter(1, 2, 3);
        Parameter w = parameter(2, 3, 3);
        Tensor loss =
                Tensor.sum(loop(h0, w, 5).stream().map(h -> h.square().sum()).toList());
        Tensor hessian = Derivatives.hessian(loss, w);
        assertThat(hessian.shape()).isEqualTo(Shape.of(3, 3, 3, 3));
        same(hessian.value(), hessian.transpose(2, 3, 0, 1).value());
        Tensor v = Tensor.of(parameter(5, 3, 3).value());
        same(
                Derivatives.hvp(loss, w, v).value(),
                hessian.reshape(9, 9).matmul(v.reshape(9)).reshape(3, 3).value());
    }

    @Test
    void hessianOfAVectorHasOneMatrixForEveryElement() {
        Parameter x = Parameter.of(new double[] {2, 3});
        Tensor hessian = Derivatives.hessian(x.square().times(x), x);
        same(hessian.value(), NDArray.of(Shape.of(2, 2, 2), 12.0, 0, 0, 0, 0, 0, 0, 18));
        assertThat(Derivatives.hessian(x.square().sum().reshape(1, 1), x).shape())
                .isEqualTo(Shape.of(1, 1, 2, 2));
    }

    @Test
    void gradientsOfAllStatesAtOnceAreThoseOfEach() {
        Parameter h0 = parameter(1, 2, 3);
        Parameter w = parameter(2, 3, 3);
        List<Tensor> states = loop(h0, w, 6);
        Map<Tensor, Tensor> all = Gradients.of(states.getLast().sum()).wrt(states);
        assertThat(all).hasSize(7);
        for (Tensor state : states) {
            Tensor alone = Gradients.of(states.getLast().sum()).wrt(state);
            same(all.getOrDefault(state, w).value(), alone.value());
        }
    }

    @Test
    void perExampleGradientsAddUpToThatOfTheBatch() {
        Parameter w = parameter(1, 3, 2);
        Tensor x = Tensor.of(parameter(2, 5, 3).value());
        Tensor all = Derivatives.perExample(5, i -> x.get(i).matmul(w).tanh().sum(), w);
        assertThat(all.shape()).isEqualTo(Shape.of(5, 3, 2));
        same(all.sum(0).value(), Gradients.of(x.matmul(w).tanh().sum()).wrt(w).value());
        assertThat(Derivatives.perExample(0, i -> w.sum(), w).shape()).isEqualTo(Shape.of(0, 3, 2));
        assertThat(Derivatives.perExample(2, i -> x.get(i).matmul(w).sum())).hasSize(2);
    }

    @Test
    void whatDoesNotDependHasZeros() {
        Parameter x = parameter(1, 2);
        Parameter other = parameter(2, 3);
        same(Derivatives.jvp(x.square(), other, other).value(), NDArray.of(new double[2]));
        same(Derivatives.jacobian(x.square(), other).value(), NDArray.of(new double[2][3]));
        assertThat(Derivatives.jacobian(x.slice(0, 0, 0), x).value().shape()).isEqualTo(Shape.of(0, 2));
    }

    @Test
    void singlePrecisionStaysSingle() {
        Parameter x = Parameter.of(NDArray.of(new float[] {1, 2}));
        Tensor wide = x.cast(DType.F64).square();
        assertThat(Derivatives.jvp(x.square(), x, x).value()).isEqualTo(NDArray.of(new float[] {2, 8}));
        assertThat(Derivatives.jvp(wide, x, x).value()).isEqualTo(NDArray.of(new double[] {2, 8}));
        assertThat(Derivatives.jacobian(wide, x).dtype()).isEqualTo(DType.F32);
        assertThat(Derivatives.jacobian(Tensor.concat(0, List.of(wide, wide)), x)
                        .dtype())
                .isEqualTo(DType.F32);
        assertThat(Derivatives.hvp(x.square().sum(), x, x).value()).isEqualTo(NDArray.of(new float[] {2, 4}));
    }

    /** Counted: the nodes that a Jacobian adds to its graph. */
    private static long added(Tensor y, Tensor x) {
        return size(Derivatives.jacobian(y, x)) - size(y);
    }

    @Test
    void aJacobianIsBuiltAlongItsShorterSide() {
        Parameter one = parameter(1, 1);
        Parameter many = parameter(2, 40);
        assertThat(added(one.times(many).tanh(), one)).as("one column").isLessThan(20);
        assertThat(added(one.times(many).tanh().sum(), many)).as("one row").isLessThan(20);
    }

    @Test
    void twiceTheStepsAreTwiceTheNodes() {
        assertThat(sizes(100)).satisfies(twice -> {
            long[] once = sizes(50);
            for (int i = 0; i < twice.length; i++) {
                assertThat((double) twice[i] / once[i]).isBetween(1.8, 2.1);
            }
        });
    }

    private static long[] sizes(int steps) {
        Parameter h0 = parameter(1, 1, 2);
        Parameter w = parameter(2, 2, 2);
        Tensor last = loop(h0, w, steps).getLast();
        long[] sizes = {
            size(last),
            size(Derivatives.jvp(last, w, w)),
            size(Derivatives.hvp(last.sum(), w, w)),
            size(Derivatives.jacobian(last, w)),
            size(Derivatives.hessian(last.sum(), w))
        };
        assertThat(sizes[1]).as("a jvp against its graph").isLessThan(5 * sizes[0]);
        return sizes;
    }

    private static long size(Tensor of) {
        return Graph.of(List.of(of)).size();
    }

    @Test
    void mistakesAreExplained() {
        Parameter x = parameter(1, 2, 3);
        Tensor y = x.tanh();
        assertThatThrownBy(() -> Derivatives.jvp(y, x, Tensor.zeros(DType.F64, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("derivative of tanh (2, 3) f64 along constant (3) f64 at parameter (2, 3) f64:"
                        + " a tangent has the shape and type of what it belongs to");
        assertThatThrownBy(() -> Derivatives.hvp(y.sum(), x, Tensor.zeros(DType.F32, 2, 3)))
                .hasMessage("derivative of reshape () f64 along constant (2, 3) f32 at parameter (2, 3) f64:"
                        + " a tangent has the shape and type of what it belongs to");
        assertThatThrownBy(() -> Derivatives.hvp(y, x, x))
                .hasMessage(
                        "gradient of tanh (2, 3) f64: only a single number has a gradient;"
                                + " reduce it first with sum() or mean(), or give a cotangent of its shape: Gradients.of(y, yBar)");
        assertThatThrownBy(() -> Derivatives.jacobian(x.greaterThan(0), x))
                .hasMessage("derivative at greaterThan (2, 3) bool:"
                        + " integers and truth values have no derivatives; gradients stop there");
        assertThatThrownBy(() -> Derivatives.perExample(-1, i -> x.sum()))
                .hasMessage("perExample of -1 examples: there must be 0 or more");
        assertThatThrownBy(() -> Derivatives.perExample(2, i -> x))
                .hasMessage("gradients per example: the loss of example 0 is parameter (2, 3) f64, not a single number;"
                        + " reduce it with sum() or mean()");
    }
}
