package dev.clew.examples.byhand;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A recurrent network over symbols whose outputs are fitted to one-hot vectors by their squared error, with no softmax.
 *
 * <pre>
 *   z_t = Wxh x_t + Whh h_{t−1} + bh        x_t is one-hot: Wxh x_t is the column of Wxh that the symbol picks
 *   h_t = tanh(z_t)
 *   ŷ_t = Why h_t + by
 *   L   = Σ_t ½ ‖ŷ_t − onehot(target_t)‖²        in squared units of the output
 * </pre>
 *
 * <p>All vectors are columns. Shapes: Wxh (hidden, in), Whh (hidden, hidden), Why (out, hidden), bh (hidden, 1), by
 * (out, 1), h0 (hidden).
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
public final class SquaredErrorByHand {
    private SquaredErrorByHand() {}

    /** The weights by the names of the equations. Shapes: as in the class comment. */
    public record Weights(double[][] Wxh, double[][] Whh, double[][] Why, double[][] bh, double[][] by) {

        /** The same arrays by name. */
        public Map<String, double[][]> asMap() {
            Map<String, double[][]> map = new LinkedHashMap<>();
            map.put("Wxh", Wxh);
            map.put("Whh", Whh);
            map.put("Why", Why);
            map.put("bh", bh);
            map.put("by", by);
            return map;
        }

        /** Zeros in the shapes of these weights: where a gradient begins. */
        public Weights zeros() {
            return new Weights(
                    Vectors.zeros(Wxh), Vectors.zeros(Whh), Vectors.zeros(Why), Vectors.zeros(bh), Vectors.zeros(by));
        }
    }

    /**
     * What the network computes, one row per step.
     *
     * @param hidden h_t, (steps, hidden)
     * @param outputs ŷ_t, (steps, out)
     */
    public record Forward(double[][] hidden, double[][] outputs) {}

    /** Runs the network over the symbols {@code inputs} from the state {@code h0}. Shapes: inputs (steps). */
    public static Forward forward(Weights w, int[] inputs, double[] h0) {
        int steps = inputs.length;
        Forward forward = new Forward(new double[steps][], new double[steps][]);
        double[] previous = h0;
        for (int t = 0; t < steps; t++) {
            double[] z = Vectors.ofColumn(w.Wxh, inputs[t]);
            Accumulate.add(1, Vectors.ofColumn(w.bh, 0), z);
            Accumulate.times(w.Whh, previous, z);
            double[] h = Vectors.tanh(z);

            double[] output = Vectors.ofColumn(w.by, 0);
            Accumulate.times(w.Why, h, output);

            forward.hidden[t] = h;
            forward.outputs[t] = output;
            previous = h;
        }
        return forward;
    }

    /**
     * The loss and its gradient by backpropagation through time.
     *
     * <pre>
     *   ∂L/∂ŷ_t = ŷ_t − onehot(target_t)
     *   ∂L/∂h_t = Whyᵀ ∂L/∂ŷ_t + Whhᵀ ∂L/∂z_{t+1}        the second term is zero at the last step
     *   ∂L/∂z_t = ∂L/∂h_t ⊙ (1 − h_t²)
     *   ∂L/∂Why = Σ_t ∂L/∂ŷ_t h_tᵀ        ∂L/∂by = Σ_t ∂L/∂ŷ_t
     *   ∂L/∂Whh = Σ_t ∂L/∂z_t h_{t−1}ᵀ    ∂L/∂Wxh = Σ_t ∂L/∂z_t x_tᵀ    ∂L/∂bh = Σ_t ∂L/∂z_t
     * </pre>
     *
     * Shapes: inputs and targets (steps), symbols counted from 0; h0 (hidden).
     */
    public static Gradient gradient(Weights w, int[] inputs, int[] targets, double[] h0) {
        int steps = inputs.length;
        Forward forward = forward(w, inputs, h0);
        Weights d = w.zeros();
        double[] lossPerStep = new double[steps];
        double[][] dHidden = new double[steps][h0.length];
        double[] dInitial = new double[h0.length];

        for (int t = steps - 1; t >= 0; t--) {
            double[] h = forward.hidden[t];
            double[] previous = t > 0 ? forward.hidden[t - 1] : h0;

            double[] dOutput = forward.outputs[t].clone();
            dOutput[targets[t]] -= 1;
            lossPerStep[t] = halfSquaredLength(dOutput);
            Accumulate.outer(dOutput, h, d.Why);
            Accumulate.column(dOutput, d.by, 0);

            // Step t + 1 has already put its part into dHidden[t].
            Accumulate.transposeTimes(w.Why, dOutput, dHidden[t]);
            double[] dz = Vectors.throughTanh(dHidden[t], h);
            Accumulate.outer(dz, previous, d.Whh);
            Accumulate.column(dz, d.Wxh, inputs[t]);
            Accumulate.column(dz, d.bh, 0);
            Accumulate.transposeTimes(w.Whh, dz, t > 0 ? dHidden[t - 1] : dInitial);
        }
        return Gradient.of(lossPerStep, d.asMap(), dHidden, dInitial);
    }

    /** {@code ½ ‖e‖²}, what one step adds to the loss. Shapes: error (out). */
    public static double halfSquaredLength(double[] error) {
        double sum = 0;
        for (double e : error) {
            sum += e * e;
        }
        return sum / 2;
    }
}
