package dev.clew.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class GradientsTest {
    private static Tensor derivative(UnaryOperator<Tensor> function, Tensor x, int order) {
        Tensor y = function.apply(x);
        for (int i = 0; i < order; i++) {
            y = Gradients.of(y).wrt(x);
        }
        return y;
    }

    @Test
    void derivativesOfAnyOrderFollowTheFormulas() {
        for (double at : new double[] {-1.3, -0.2, 0.0, 0.7, 2.1}) {
            Parameter x = Parameter.of(at);
            double y = Math.tanh(at);
            double[] tanh = {y, 1 - y * y, -2 * y * (1 - y * y), (1 - y * y) * (6 * y * y - 2)};
            double[] cube = {at * at * at, 3 * at * at, 6 * at, 6, 0};
            for (int order = 0; order < tanh.length; order++) {
                assertThat(derivative(Tensor::tanh, x, order).item()).isCloseTo(tanh[order], within(1e-13));
            }
            for (int order = 0; order < cube.length; order++) {
                double found = derivative(t -> t.times(t).times(t), x, order).item();
                assertThat(found).isCloseTo(cube[order], within(1e-13));
            }
            assertThat(derivative(Tensor::exp, x, 5).item()).isCloseTo(Math.exp(at), within(1e-13));
        }
    }

    @Test
    void thirdAndFourthDerivativesOfLogReciprocalSigmoidFollowTheFormulas() {
        double at = 0.8;
        Parameter x = Parameter.of(at);
        double s = 1 / (1 + Math.exp(-at));
        assertThat(derivative(Tensor::log, x, 4).item()).isCloseTo(-6 / Math.pow(at, 4), within(1e-11));
        assertThat(derivative(Tensor::reciprocal, x, 3).item()).isCloseTo(-6 / Math.pow(at, 4), within(1e-11));
        assertThat(derivative(Tensor::sigmoid, x, 3).item())
                .isCloseTo(s * (1 - s) * (1 - 6 * s + 6 * s * s), within(1e-13));
        assertThat(derivative(Tensor::sqrt, x, 3).item()).isCloseTo(3.0 / 8 * Math.pow(at, -2.5), within(1e-12));
    }

    @Test
    void everyStateOfALoopHasAGradient() {
        double a = 0.9;
        Parameter h0 = Parameter.of(0.3);
        List<Tensor> states = new ArrayList<>(List.of(h0));
        for (int t = 0; t < 5; t++) {
            states.add(states.getLast().times(a).tanh());
        }
        Gradients gradients = Gradients.of(states.getLast());
        double expected = 1;
        for (int t = 5; t >= 0; t--) {
            assertThat(gradients.wrt(states.get(t)).item()).isCloseTo(expected, within(1e-15));
            double h = states.get(t).item();
            expected *= a * (1 - h * h);
        }
    }

    @Test
    void theResultItselfHasGradientOne() {
        Tensor y = Parameter.of(3.0).square().reshape(1, 1);
        assertThat(Gradients.of(y).wrt(y).value()).isEqualTo(NDArray.of(new double[][] {{1}}));
    }

    @Test
    void whatTheResultDoesNotDependOnHasZerosOfItsShape() {
        Parameter x = Parameter.of(new double[] {1, 2});
        Parameter other = Parameter.of(new double[][] {{1, 2, 3}});
        Tensor later = x.square();
        Gradients gradients = Gradients.of(x.sum());
        assertThat(gradients.reaches(x)).isTrue();
        for (Tensor unrelated : List.of(other, later)) {
            assertThat(gradients.reaches(unrelated)).isFalse();
            assertThat(gradients.wrt(unrelated).shape()).isEqualTo(unrelated.shape());
            assertThat(gradients.wrt(unrelated).value().toDoubles()).containsOnly(0);
        }
    }

    /** A gradient by the state of now does not look at what was before, or a loop with one in every step would cost a square. */
    @Test
    void askingFurtherBackGivesTheSameTensorsAsAskingAtOnce() {
        Parameter w = Parameter.of(new double[] {0.3, -0.2});
        List<Tensor> states = new ArrayList<>(List.of(w));
        for (int t = 0; t < 40; t++) {
            Tensor before = states.get(Math.max(0, states.size() - 3));
            states.add(states.getLast().times(w).plus(before).tanh());
        }
        Tensor loss = states.getLast().square().sum();
        Gradients oneByOne = Gradients.of(loss);
        Gradients atOnce = Gradients.of(loss);
        Tensor first = atOnce.wrt(w);
        List<Tensor> backwards = new ArrayList<>(states.reversed());
        Collections.swap(backwards, 3, 20);
        for (Tensor state : backwards) {
            Tensor found = oneByOne.wrt(state);
            assertThat(found.value()).isEqualTo(atOnce.wrt(state).value());
            assertThat(oneByOne.wrt(state)).isSameAs(found);
        }
        assertThat(oneByOne.wrt(w).value()).isEqualTo(first.value());
        assertThat(oneByOne.reaches(Tensor.of(1.0))).isFalse();
        assertThat(oneByOne.graph().size()).isEqualTo(atOnce.graph().size());
    }

    @Test
    void stopGradientPassesTheValueAndNoGradient() {
        Parameter x = Parameter.of(3.0);
        Tensor y = x.times(x.stopGradient());
        assertThat(y.item()).isEqualTo(9);
        assertThat(Gradients.of(y).wrt(x).item()).isEqualTo(3);
        Gradients cut = Gradients.of(x.square().stopGradient().times(2));
        assertThat(cut.reaches(x)).isFalse();
        assertThat(cut.wrt(x).item()).isZero();
    }

    @Test
    void comparisonsAndIntegersStopGradients() {
        Parameter x = Parameter.of(new double[] {-1, 2});
        assertThat(Gradients.of(x.greaterThan(0).cast(DType.F64).sum()).reaches(x))
                .isFalse();
        assertThat(Gradients.of(x.cast(DType.I32).cast(DType.F64).sum()).reaches(x))
                .isFalse();
    }

    @Test
    void aMaskMayBeUsedManyTimes() {
        Parameter x = Parameter.of(new double[] {-1, 2, 3});
        Tensor mask = x.greaterThan(0);
        Tensor y = x.times(mask.cast(DType.F64)).plus(mask.cast(DType.F64).times(x));
        assertThat(Gradients.of(y.sum()).wrt(x).value().toDoubles()).containsExactly(0, 2, 2);
        Tensor whole = x.cast(DType.I32);
        Tensor chosen = Tensor.where(mask, whole, whole).cast(DType.F64);
        assertThat(Gradients.of(chosen.times(x).sum()).wrt(x).value().toDoubles())
                .containsExactly(-1, 2, 3);
    }

    @Test
    void ownCotangentGivesTheVectorJacobianProduct() {
        Parameter x = Parameter.of(new double[] {1, 2, 3});
        Tensor y = x.square();
        Tensor yBar = Tensor.of(new double[] {10, -1, 0.5});
        assertThat(Gradients.of(y, yBar).wrt(x).value().toDoubles()).containsExactly(20, -4, 3);
        assertThat(Gradients.of(y, yBar).wrt(y)).isSameAs(yBar);
    }

    @Test
    void aCotangentMayItselfBeDifferentiated() {
        Parameter x = Parameter.of(new double[] {1, 2});
        Parameter v = Parameter.of(new double[] {3, 4});
        Tensor product = Gradients.of(x.square(), v).wrt(x).sum();
        assertThat(Gradients.of(product).wrt(v).value().toDoubles()).containsExactly(2, 4);
        assertThat(Gradients.of(product).wrt(x).value().toDoubles()).containsExactly(6, 8);
    }

    @Test
    void aNodeUsedManyTimesSumsAllUses() {
        Parameter x = Parameter.of(2.0);
        Tensor y = x.times(x).plus(x).plus(x.times(3)).minus(x.div(x)).plus(x.maximum(x));
        assertThat(Gradients.of(y).wrt(x).item()).isEqualTo(2 * 2 + 1 + 3 + 1);
    }

    @Test
    void gradientsAreIndependentAndStoreNothingInNodes() {
        Parameter x = Parameter.of(3.0);
        Tensor u = x.square();
        Tensor y = u.times(x);
        Tensor z = u.plus(1);
        Gradients ofY = Gradients.of(y);
        Gradients ofZ = Gradients.of(z);
        assertThat(ofY.wrt(u).item()).isEqualTo(3);
        assertThat(ofZ.wrt(u).item()).isEqualTo(1);
        assertThat(ofZ.wrt(x).item()).isEqualTo(6);
        assertThat(ofY.wrt(x).item()).isEqualTo(27);
        assertThat(Gradients.of(y).wrt(x).item()).isEqualTo(27);
    }

    @Test
    void askingTwiceGivesTheSameNode() {
        Parameter x = Parameter.of(3.0);
        Gradients gradients = Gradients.of(x.square().tanh());
        assertThat(gradients.wrt(x)).isSameAs(gradients.wrt(x));
    }

    @Test
    void severalAreAskedTogetherInTheirOrder() {
        Parameter x = Parameter.of(3.0);
        Parameter y = Parameter.of(5.0);
        Map<Parameter, Tensor> all = Gradients.of(x.times(y)).wrt(List.of(y, x, y));
        assertThat(all.keySet()).containsExactly(y, x);
        assertThat(all.values()).extracting(Tensor::item).containsExactly(3.0, 5.0);
    }

    @Test
    void tiesOfALargestElementShareTheGradientEvenly() {
        Parameter x = Parameter.of(new double[][] {{1, 5, 5}, {2, 2, 2}});
        Tensor perRow = x.max(1).times(Tensor.of(new double[] {6, 12}));
        assertThat(Gradients.of(perRow.sum()).wrt(x).value().toRows())
                .isDeepEqualTo(new double[][] {{0, 3, 3}, {4, 4, 4}});
        Parameter a = Parameter.of(new double[] {1, 2, 3});
        Parameter b = Parameter.of(new double[] {2, 2, 2});
        for (Tensor extreme : List.of(a.maximum(b), a.minimum(b))) {
            Gradients gradients = Gradients.of(extreme.sum());
            assertThat(gradients.wrt(a).value().get(1)).isEqualTo(0.5);
            assertThat(gradients.wrt(b).value().get(1)).isEqualTo(0.5);
        }
        assertThat(Gradients.of(a.maximum(b).sum()).wrt(a).value().toDoubles()).containsExactly(0, 0.5, 1);
        assertThat(Gradients.of(a.minimum(b).sum()).wrt(a).value().toDoubles()).containsExactly(1, 0.5, 0);
    }

    @Test
    void kinksTakeTheMiddle() {
        Parameter x = Parameter.of(new double[] {-2, -0.0, 0, 4});
        assertThat(Gradients.of(x.abs().sum()).wrt(x).value().toDoubles()).containsExactly(-1, 0, 0, 1);
    }

    @Test
    void whereSendsTheGradientToTheChosenSideOnly() {
        Parameter a = Parameter.of(new double[] {0, 4});
        Tensor safe = Tensor.where(a.greaterThan(0), a, Tensor.of(1.0));
        Tensor root = Tensor.where(a.greaterThan(0), safe.sqrt(), Tensor.of(0.0));
        assertThat(Gradients.of(root.sum()).wrt(a).value().toDoubles()).containsExactly(0, 0.25);
    }

    @Test
    void gradientsOfSingleNumbersMayHaveAnyRank() {
        Parameter x = Parameter.of(NDArray.full(3, DType.F32, Shape.of(1, 1, 1)));
        Tensor gradient = Gradients.of(x.square()).wrt(x);
        assertThat(gradient.value()).isEqualTo(NDArray.full(6, DType.F32, Shape.of(1, 1, 1)));
    }

    @Test
    void softmaxCrossEntropyHasTheTextbookGradient() {
        NDArray logits = RandomKey.of(4).normal(0, 3, DType.F64, Shape.of(5, 4));
        Parameter x = Parameter.of(logits);
        int[] labels = {3, 0, 0, 2, 1};
        Tensor loss = x.logSumExp(-1).minus(x.pick(labels)).mean();
        Tensor other = x.logSoftmax(-1).pick(labels).mean().negate();
        for (Tensor one : List.of(loss, other)) {
            NDArray gradient = Gradients.of(one).wrt(x).value();
            for (int i = 0; i < 5; i++) {
                double sum = 0;
                for (int j = 0; j < 4; j++) {
                    sum += Math.exp(logits.get(i, j));
                }
                for (int j = 0; j < 4; j++) {
                    double expected = (Math.exp(logits.get(i, j)) / sum - (labels[i] == j ? 1 : 0)) / 5;
                    assertThat(gradient.get(i, j)).isCloseTo(expected, within(1e-14));
                }
            }
        }
    }

    @Test
    void manyThreadsMayAskOneGradients() throws Exception {
        Parameter x = Parameter.of(0.5);
        List<Tensor> states = new ArrayList<>(List.of(x));
        for (int t = 0; t < 500; t++) {
            states.add(states.getLast().times(1.01).tanh());
        }
        Gradients shared = Gradients.of(states.getLast());
        Gradients alone = Gradients.of(states.getLast());
        List<Callable<Tensor>> asks = new ArrayList<>();
        states.forEach(state -> asks.add(() -> shared.wrt(state)));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Tensor>> found = threads.invokeAll(asks);
            for (int t = 0; t < states.size(); t++) {
                assertThat(found.get(t).get()).isSameAs(shared.wrt(states.get(t)));
            }
            assertThat(found.getFirst().get().item()).isEqualTo(alone.wrt(x).item());
        }
        assertThat(Graph.of(List.of(shared.wrt(x))).size())
                .isEqualTo(Graph.of(List.of(alone.wrt(x))).size());
    }
}
