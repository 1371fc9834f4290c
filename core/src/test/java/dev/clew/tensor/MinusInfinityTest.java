package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** −∞ as data: what cannot be, in masks and hidden Markov models. */
final class MinusInfinityTest {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private static double[] gradient(UnaryOperator<Tensor> function, double... at) {
        Parameter x = Parameter.of(at);
        return Gradients.of(function.apply(x).sum()).wrt(x).value().toDoubles();
    }

    @Test
    void rowsOfNothingButMinusInfinityPassNoGradient() {
        Parameter x = Parameter.of(new double[][] {{NEVER, NEVER}, {NEVER, 3}, {1, 1}});
        Tensor y = x.logSumExp(1);
        assertThat(y.value().toDoubles()).containsExactly(NEVER, 3, 1 + Math.log(2));
        assertThat(Gradients.of(y.sum()).wrt(x).value().toRows())
                .isDeepEqualTo(new double[][] {{0, 0}, {0, 1}, {0.5, 0.5}});
        assertThat(gradient(t -> t.logCumulativeSumExp(0), NEVER, NEVER)).containsExactly(0, 0);
        assertThat(gradient(t -> t.logAddExp(Tensor.of(NEVER)), NEVER)).containsExactly(0.5);
        Tensor mask = Tensor.of(NDArray.of(new boolean[] {true, true}));
        assertThat(gradient(t -> t.maskedFill(mask, NEVER).logSumExp(0), 1, 2)).containsExactly(0, 0);
        Parameter single = Parameter.of(NDArray.of(new double[] {NEVER, NEVER}).cast(DType.F32));
        assertThat(Gradients.of(single.logSumExp(0)).wrt(single).value().toDoubles())
                .containsExactly(0, 0);
    }

    /** The chain 0 → 1 → 2 of three states, which cannot go back, starts in 0 and cannot show 1 in state 2. */
    @Test
    void aForwardRecursionWithForbiddenTransitionsHasTheExpectedCountsAsItsGradient() {
        double[][] transition = {{0.5, 0.5, 0}, {0, 0.25, 0.75}, {0, 0, 1}};
        double[][] emission = {{0.75, 0.25}, {0.5, 0.5}, {1, 0}};
        int[] shown = {0, 1, 1, 0};
        Parameter logTransition = Parameter.of(logs(transition));
        Parameter logEmission = Parameter.of(logs(emission));
        Tensor state = Tensor.of(new double[] {0, NEVER, NEVER})
                .plus(logEmission.transpose(1, 0).get(shown[0]));
        for (int t = 1; t < shown.length; t++) {
            Tensor arriving = state.expandDims(1).plus(logTransition).logSumExp(0);
            state = arriving.plus(logEmission.transpose(1, 0).get(shown[t]));
        }
        Tensor likelihood = state.logSumExp(0);
        double[][] counts = new double[3][3];
        double total = 0;
        for (List<Integer> path : paths(shown.length)) {
            double p = path.getFirst() == 0 ? emission[0][shown[0]] : 0;
            for (int t = 1; t < shown.length; t++) {
                p *= transition[path.get(t - 1)][path.get(t)] * emission[path.get(t)][shown[t]];
            }
            total += p;
            for (int t = 1; t < shown.length; t++) {
                counts[path.get(t - 1)][path.get(t)] += p;
            }
        }
        assertThat(likelihood.item()).isCloseTo(Math.log(total), within(1e-14));
        double[] found = Gradients.of(likelihood).wrt(logTransition).value().toDoubles();
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("transition %d", i).isCloseTo(counts[i / 3][i % 3] / total, within(1e-14));
        }
        assertThat(Gradients.of(likelihood).wrt(logEmission).value().toDoubles()[5])
                .isZero();
    }

    private static List<List<Integer>> paths(int length) {
        List<List<Integer>> paths = new ArrayList<>(List.of(List.of()));
        for (int t = 0; t < length; t++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> path : paths) {
                for (int next = 0; next < 3; next++) {
                    List<Integer> one = new ArrayList<>(path);
                    one.add(next);
                    longer.add(one);
                }
            }
            paths = longer;
        }
        return paths;
    }

    private static double[][] logs(double[][] x) {
        double[][] logs = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            logs[i] = new double[x[i].length];
            for (int j = 0; j < x[i].length; j++) {
                logs[i][j] = Math.log(x[i][j]);
            }
        }
        return logs;
    }

    @Test
    void aRootThatIsChosenBeforeHasNoGradientWhereItIsNotTaken() {
        Parameter x = Parameter.of(new double[] {0, 4});
        Tensor positive = x.greaterThan(0);
        Tensor root =
                Tensor.where(positive, Tensor.where(positive, x, x.constant(1)).sqrt(), x.constant(0));
        assertThat(root.value().toDoubles()).containsExactly(0, 2);
        assertThat(Gradients.of(root.sum()).wrt(x).value().toDoubles()).containsExactly(0, 0.25);
    }
}
