package dev.clew.examples.byhand;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The loss of one sequence and its derivative by everything that was used to compute it.
 *
 * <p>The arrays are not copied, and two gradients are equal only if they hold the same arrays.
 *
 * @param loss the sum of {@code lossPerStep}
 * @param lossPerStep what each step adds to the loss, in the unit of the loss
 * @param parameters ∂L/∂w by the name of each weight, in the order and shapes of the network's {@code Weights}
 * @param hidden row t is ∂L/∂h_t, in total: through the output of step t and through all later steps
 * @param initialState ∂L/∂h of the state before the first step
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
public record Gradient(
        double loss,
        double[] lossPerStep,
        Map<String, double[][]> parameters,
        double[][] hidden,
        double[] initialState) {

    public Gradient {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** A gradient whose loss is the sum over {@code lossPerStep}. */
    static Gradient of(
            double[] lossPerStep, Map<String, double[][]> parameters, double[][] hidden, double[] initialState) {
        return new Gradient(Arrays.stream(lossPerStep).sum(), lossPerStep, parameters, hidden, initialState);
    }

    /**
     * One step of gradient descent, {@code w ← w − rate·∂L/∂w}, written into the given weights.
     *
     * <p>Shapes: weights by the names and shapes of {@link #parameters}.
     */
    public void descend(Map<String, double[][]> weights, double rate) {
        parameters.forEach((name, derivative) -> {
            double[][] weight = weights.get(name);
            if (weight == null) {
                throw new IllegalArgumentException(
                        "no weight " + name + " to descend along, only " + weights.keySet() + "; another network's?");
            }
            for (int i = 0; i < derivative.length; i++) {
                Accumulate.add(-rate, derivative[i], weight[i]);
            }
        });
    }
}
