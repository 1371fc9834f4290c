package dev.clew.examples.byhand;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Two weights that learn to count the ones of a sequence, for a batch of samples at once.
 *
 * <pre>
 *   z_t = wx x_t + wrec s_{t−1}        one scalar per sample
 *   s_t = z_t                          linear; and the last step of both variants
 *   s_t = σ(z_t) = 1/(1 + e^{−z_t})    sigmoid, every step but the last
 *   L   = mean over samples of (s_last − y)²
 * </pre>
 *
 * <p>Shapes: wx and wrec (1, 1), inputs (samples, steps), targets (samples), the initial state s0 (samples). What is
 * computed comes with one row per step: (steps, samples). A sequence of no steps predicts s0.
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
public final class CountingByHand {
    private CountingByHand() {}

    /** What all steps but the last send their sum through. */
    public enum Variant {
        LINEAR,
        SIGMOID
    }

    /** The weights by the names of the equations. Shapes: both (1, 1). */
    public record Weights(double[][] wx, double[][] wrec) {

        /** The weights with these values. */
        public static Weights of(double wx, double wrec) {
            return new Weights(new double[][] {{wx}}, new double[][] {{wrec}});
        }

        /** The same arrays by name. */
        public Map<String, double[][]> asMap() {
            Map<String, double[][]> map = new LinkedHashMap<>();
            map.put("wx", wx);
            map.put("wrec", wrec);
            return map;
        }
    }

    /**
     * The states s_t, (steps, samples); the last row is the prediction.
     *
     * <p>Shapes: as in the class comment.
     */
    public static double[][] forward(Weights w, double[][] inputs, double[] s0, Variant variant) {
        int samples = inputs.length;
        int steps = samples == 0 ? 0 : inputs[0].length;
        double wx = w.wx[0][0];
        double wrec = w.wrec[0][0];
        double[][] states = new double[steps][samples];
        double[] previous = s0;
        for (int t = 0; t < steps; t++) {
            boolean bent = isBent(variant, t, steps);
            for (int n = 0; n < samples; n++) {
                double z = wx * inputs[n][t] + wrec * previous[n];
                states[t][n] = bent ? sigmoid(z) : z;
            }
            previous = states[t];
        }
        return states;
    }

    /**
     * The loss and its gradient by backpropagation through time; {@link Gradient#hidden} is ∂L/∂z here.
     *
     * <pre>
     *   ∂L/∂s_last = 2 (s_last − y) / samples
     *   ∂L/∂s_t = wrec ∂L/∂z_{t+1}        no loss but the last step's
     *   ∂L/∂z_t = ∂L/∂s_t                 where the step is linear
     *   ∂L/∂z_t = ∂L/∂s_t s_t (1 − s_t)   where it goes through the sigmoid: σ′ = σ(1 − σ)
     *   ∂L/∂wx = Σ_t Σ_samples ∂L/∂z_t x_t        ∂L/∂wrec = Σ_t Σ_samples ∂L/∂z_t s_{t−1}
     * </pre>
     *
     * Shapes: as in the class comment; no samples at all have no mean, and the loss is then NaN.
     */
    public static Gradient gradient(Weights w, double[][] inputs, double[] targets, double[] s0, Variant variant) {
        int samples = targets.length;
        double[][] states = forward(w, inputs, s0, variant);
        int steps = states.length;
        double[] prediction = steps > 0 ? states[steps - 1] : s0;
        double[] dState = new double[samples];
        for (int n = 0; n < samples; n++) {
            dState[n] = 2 * (prediction[n] - targets[n]) / samples;
        }

        Weights d = Weights.of(0, 0);
        double[][] dz = new double[steps][samples];
        for (int t = steps - 1; t >= 0; t--) {
            boolean bent = isBent(variant, t, steps);
            double[] previous = t > 0 ? states[t - 1] : s0;
            for (int n = 0; n < samples; n++) {
                double s = states[t][n];
                dz[t][n] = bent ? dState[n] * s * (1 - s) : dState[n];
                d.wx[0][0] += dz[t][n] * inputs[n][t];
                d.wrec[0][0] += dz[t][n] * previous[n];
                dState[n] = w.wrec[0][0] * dz[t][n];
            }
        }
        double loss = meanSquaredError(prediction, targets);
        double[] lossPerStep = new double[steps];
        if (steps > 0) {
            lossPerStep[steps - 1] = loss;
        }
        return new Gradient(loss, lossPerStep, d.asMap(), dz, dState);
    }

    private static double meanSquaredError(double[] prediction, double[] targets) {
        double sum = 0;
        for (int n = 0; n < targets.length; n++) {
            double error = prediction[n] - targets[n];
            sum += error * error;
        }
        return sum / targets.length;
    }

    private static boolean isBent(Variant variant, int step, int steps) {
        return variant == Variant.SIGMOID && step < steps - 1;
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
