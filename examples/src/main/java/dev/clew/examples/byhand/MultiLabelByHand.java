package dev.clew.examples.byhand;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A recurrent network over real vectors with a softmax output and targets that need not be a distribution.
 *
 * <pre>
 *   z_t = x_t Wx + h_{t−1} Wh + bh
 *   h_t = tanh(z_t)
 *   o_t = h_t Wy + by
 *   p_t = softmax(o_t)
 *   L   = −Σ_t Σ_k y_tk log(p_tk + ε)        in nats
 * </pre>
 *
 * <p>All vectors are rows. Shapes: Wh (hidden, hidden), Wx (in, hidden), Wy (hidden, out), bh (1, hidden), by (1, out),
 * h0 (hidden).
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
public final class MultiLabelByHand {
    private MultiLabelByHand() {}

    /** The weights by the names of the equations. Shapes: as in the class comment. */
    public record Weights(double[][] Wh, double[][] Wx, double[][] Wy, double[][] bh, double[][] by) {

        /** The same arrays by name. */
        public Map<String, double[][]> asMap() {
            Map<String, double[][]> map = new LinkedHashMap<>();
            map.put("Wh", Wh);
            map.put("Wx", Wx);
            map.put("Wy", Wy);
            map.put("bh", bh);
            map.put("by", by);
            return map;
        }

        /** Zeros in the shapes of these weights: where a gradient begins. */
        public Weights zeros() {
            return new Weights(
                    Vectors.zeros(Wh), Vectors.zeros(Wx), Vectors.zeros(Wy), Vectors.zeros(bh), Vectors.zeros(by));
        }
    }

    /**
     * What the network computes, one row per step.
     *
     * @param hidden h_t, (steps, hidden)
     * @param logits o_t, (steps, out)
     * @param probabilities p_t, (steps, out)
     */
    public record Forward(double[][] hidden, double[][] logits, double[][] probabilities) {}

    /** Runs the network over {@code inputs} from the state {@code h0}. Shapes: inputs (steps, in). */
    public static Forward forward(Weights w, double[][] inputs, double[] h0) {
        int steps = inputs.length;
        Forward forward = new Forward(new double[steps][], new double[steps][], new double[steps][]);
        double[] previous = h0;
        for (int t = 0; t < steps; t++) {
            double[] z = w.bh[0].clone();
            Accumulate.transposeTimes(w.Wx, inputs[t], z);
            Accumulate.transposeTimes(w.Wh, previous, z);
            double[] h = Vectors.tanh(z);

            double[] logits = w.by[0].clone();
            Accumulate.transposeTimes(w.Wy, h, logits);

            forward.hidden[t] = h;
            forward.logits[t] = logits;
            forward.probabilities[t] = Vectors.softmax(logits);
            previous = h;
        }
        return forward;
    }

    /**
     * The loss and its gradient by backpropagation through time.
     *
     * <pre>
     *   s_tk = p_tk / (p_tk + ε)        the share of the logarithm's argument that is probability; 1 if ε = 0
     *   ∂L/∂o_tj = p_tj Σ_k y_tk s_tk − y_tj s_tj        for ε = 0 and Σ_k y_tk = 1 the familiar p − y
     *   ∂L/∂h_t = ∂L/∂o_t Wyᵀ + ∂L/∂z_{t+1} Whᵀ        the second term is zero at the last step
     *   ∂L/∂z_t = ∂L/∂h_t ⊙ (1 − h_t²)
     *   ∂L/∂Wy = Σ_t h_tᵀ ∂L/∂o_t        ∂L/∂by = Σ_t ∂L/∂o_t
     *   ∂L/∂Wh = Σ_t h_{t−1}ᵀ ∂L/∂z_t    ∂L/∂Wx = Σ_t x_tᵀ ∂L/∂z_t    ∂L/∂bh = Σ_t ∂L/∂z_t
     * </pre>
     *
     * Shapes: inputs (steps, in), targets (steps, out), h0 (hidden). With ε = 0 the loss is taken from the logits, so a
     * probability that underflows to 0 still gives a finite loss.
     */
    public static Gradient gradient(Weights w, double[][] inputs, double[][] targets, double[] h0, double epsilon) {
        int steps = inputs.length;
        Forward forward = forward(w, inputs, h0);
        Weights d = w.zeros();
        double[] lossPerStep = new double[steps];
        double[][] dHidden = new double[steps][h0.length];
        double[] dInitial = new double[h0.length];

        for (int t = steps - 1; t >= 0; t--) {
            double[] h = forward.hidden[t];
            double[] previous = t > 0 ? forward.hidden[t - 1] : h0;
            lossPerStep[t] = crossEntropy(forward.logits[t], targets[t], epsilon);

            double[] dLogits = crossEntropyByLogits(forward.probabilities[t], targets[t], epsilon);
            Accumulate.outer(h, dLogits, d.Wy);
            Accumulate.add(1, dLogits, d.by[0]);

            // Step t + 1 has already put its part into dHidden[t].
            Accumulate.times(w.Wy, dLogits, dHidden[t]);
            double[] dz = Vectors.throughTanh(dHidden[t], h);
            Accumulate.outer(previous, dz, d.Wh);
            Accumulate.outer(inputs[t], dz, d.Wx);
            Accumulate.add(1, dz, d.bh[0]);
            Accumulate.times(w.Wh, dz, t > 0 ? dHidden[t - 1] : dInitial);
        }
        return Gradient.of(lossPerStep, d.asMap(), dHidden, dInitial);
    }

    /**
     * What one step adds to the loss, {@code −Σ_k y_k log(softmax(o)_k + ε)}, in nats.
     *
     * <p>Shapes: logits and target (out).
     */
    public static double crossEntropy(double[] logits, double[] target, double epsilon) {
        double logSum = Vectors.logSumExp(logits);
        double loss = 0;
        for (int k = 0; k < logits.length; k++) {
            double logProbability = logits[k] - logSum;
            double log = epsilon == 0 ? logProbability : Math.log(Math.exp(logProbability) + epsilon);
            loss -= target[k] * log;
        }
        return loss;
    }

    private static double[] crossEntropyByLogits(double[] probabilities, double[] target, double epsilon) {
        int classes = probabilities.length;
        double[] pull = new double[classes];
        double totalPull = 0;
        for (int k = 0; k < classes; k++) {
            double share = epsilon == 0 ? 1 : probabilities[k] / (probabilities[k] + epsilon);
            pull[k] = target[k] * share;
            totalPull += pull[k];
        }
        double[] dLogits = new double[classes];
        for (int j = 0; j < classes; j++) {
            dLogits[j] = probabilities[j] * totalPull - pull[j];
        }
        return dLogits;
    }
}
