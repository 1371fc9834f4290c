package dev.clew.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Derivatives;
import dev.clew.gradient.Gradients;
import dev.clew.law.ByHand.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Formulas that people derived and wrote down, against the automatic ones. */
final class ByHandTest {
    private static final int STEPS = 7;
    private static final int INPUTS = 2;
    private static final int UNITS = 3;
    private static final double STEP = 2e-4;

    private final NDArray x = draw(1, STEPS, INPUTS);
    private final NDArray q = draw(2, STEPS, UNITS);
    private final Parameter start = Parameter.of(draw(3, 1, UNITS));

    private static NDArray draw(long number, int... lengths) {
        return RandomKey.of(11).fold(number).uniform(-1, 1, DType.F64, Shape.of(lengths));
    }

    private static List<Parameter> weights(Cell cell) {
        return IntStream.range(0, cell.gates)
                .mapToObj(k -> Parameter.of(draw(10 + k, INPUTS + UNITS + 1, UNITS)))
                .toList();
    }

    /** The states h₀ .. h_T of the cell, written with tensors. */
    private List<Tensor> states(Cell cell, List<Parameter> weights) {
        List<Tensor> states = new ArrayList<>(List.of(start));
        Tensor c = Tensor.zeros(DType.F64, 1, UNITS);
        for (int t = 0; t < STEPS; t++) {
            Tensor now = Tensor.of(x.rows(t, t + 1));
            Tensor h = states.getLast();
            List<Tensor> a =
                    weights.stream().map(weight -> gate(now, h, weight)).toList();
            switch (cell) {
                case RNN -> states.add(a.getFirst().tanh());
                case GRU -> {
                    Tensor z = a.get(0).sigmoid();
                    Tensor n = gate(now, a.get(1).sigmoid().times(h), weights.get(2))
                            .tanh();
                    states.add(
                            Tensor.ones(DType.F64, 1, UNITS).minus(z).times(n).plus(z.times(h)));
                }
                case LSTM -> {
                    c = a.get(1)
                            .sigmoid()
                            .times(c)
                            .plus(a.get(0).sigmoid().times(a.get(2).tanh()));
                    states.add(a.get(3).sigmoid().times(c.tanh()));
                }
            }
        }
        return states;
    }

    private static Tensor gate(Tensor x, Tensor h, Parameter weight) {
        return Tensor.concat(1, List.of(x, h, Tensor.ones(DType.F64, 1, 1))).matmul(weight);
    }

    private Tensor loss(List<Tensor> states) {
        return Tensor.concat(0, states.subList(1, states.size()))
                .times(Tensor.of(q))
                .sum();
    }

    private double[][] byHand(Cell cell, List<double[]> weights, List<double[]> stateBars) {
        ByHand hand = new ByHand(INPUTS, UNITS, weights.toArray(new double[0][]));
        stateBars.addAll(
                List.of(hand.run(cell, x.toRows(), q.toRows(), start.value().toDoubles())));
        return hand.bars;
    }

    @ParameterizedTest
    @EnumSource(Cell.class)
    void backpropagationThroughTimeIsTheGradient(Cell cell) {
        List<Parameter> weights = weights(cell);
        List<Tensor> states = states(cell, weights);
        Gradients gradients = Gradients.of(loss(states));
        List<double[]> stateBars = new ArrayList<>();
        double[][] bars = byHand(
                cell, weights.stream().map(weight -> weight.value().toDoubles()).toList(), stateBars);
        for (int k = 0; k < bars.length; k++) {
            assertThat(gradients.wrt(weights.get(k)).value().toDoubles()).containsExactly(bars[k], within(1e-13));
        }
        for (int t = 0; t <= STEPS; t++) {
            assertThat(gradients.wrt(states.get(t)).value().toDoubles())
                    .containsExactly(stateBars.get(t), within(1e-13));
        }
    }

    /** H·v, against central differences of fourth order of the gradient by hand. */
    @ParameterizedTest
    @EnumSource(Cell.class)
    void theHessianIsTheSlopeOfTheGradientByHand(Cell cell) {
        List<Parameter> weights = weights(cell);
        Parameter moved = weights.getLast();
        double[] v = draw(30, INPUTS + UNITS + 1, UNITS).toDoubles();
        double[] found = Derivatives.hvp(loss(states(cell, weights)), moved, Tensor.of(NDArray.of(moved.shape(), v)))
                .value()
                .toDoubles();
        double[] slope = new double[v.length];
        double[] steps = {-2, -1, 1, 2};
        double[] factors = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12};
        for (int i = 0; i < steps.length; i++) {
            List<double[]> shifted = new ArrayList<>(
                    weights.stream().map(weight -> weight.value().toDoubles()).toList());
            for (int j = 0; j < v.length; j++) {
                shifted.getLast()[j] += STEP * steps[i] * v[j];
            }
            double[] gradient = byHand(cell, shifted, new ArrayList<>())[cell.gates - 1];
            for (int j = 0; j < v.length; j++) {
                slope[j] += factors[i] * gradient[j] / STEP;
            }
        }
        assertThat(found).containsExactly(slope, within(1e-9));
    }

    /** ∂p_i/∂x_j = p_i(δ_ij − p_j), and its derivative by x_k: p_i((δ_ij − p_j)(δ_ik − p_k) − p_j(δ_jk − p_k)). */
    @Test
    void jacobianAndSecondDerivativesOfSoftmax() {
        Parameter logits = Parameter.of(new double[] {0.3, -1, 2, 0.7});
        Tensor p = logits.softmax(0);
        double[] at = p.value().toDoubles();
        NDArray jacobian = Derivatives.jacobian(p, logits).value();
        NDArray second = Derivatives.hessian(p, logits).value();
        assertThat(second.shape()).isEqualTo(Shape.of(4, 4, 4));
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                double ij = i == j ? 1 : 0;
                assertThat(jacobian.get(i, j)).isCloseTo(at[i] * (ij - at[j]), within(1e-15));
                for (int k = 0; k < 4; k++) {
                    double ik = i == k ? 1 : 0;
                    double jk = j == k ? 1 : 0;
                    double expected = at[i] * ((ij - at[j]) * (ik - at[k]) - at[j] * (jk - at[k]));
                    assertThat(second.get(i, j, k)).isCloseTo(expected, within(1e-15));
                }
            }
        }
    }
}
