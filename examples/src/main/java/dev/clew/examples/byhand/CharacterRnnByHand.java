package dev.clew.examples.byhand;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A recurrent network over symbols: the alphabet network (26 letters) and "hello" (4 letters) are this one.
 *
 * <pre>
 *   z_t = U x_t + W h_{t−1} + b        x_t is one-hot: U x_t is the column of U that the symbol picks
 *   h_t = tanh(z_t)
 *   o_t = V h_t + c
 *   L   = Σ_t −log softmax(o_t)[target_t]        in nats
 * </pre>
 *
 * <p>All vectors are columns. Shapes: U (hidden, symbols), W (hidden, hidden), b (hidden, 1), V (symbols, hidden), c
 * (symbols, 1), h0 (hidden).
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
public final class CharacterRnnByHand {
    private CharacterRnnByHand() {}

    /** The weights by the names of the equations. Shapes: as in the class comment. */
    public record Weights(double[][] U, double[][] W, double[][] b, double[][] V, double[][] c) {

        /** The same arrays by name. */
        public Map<String, double[][]> asMap() {
            Map<String, double[][]> map = new LinkedHashMap<>();
            map.put("U", U);
            map.put("W", W);
            map.put("b", b);
            map.put("V", V);
            map.put("c", c);
            return map;
        }

        /** Zeros in the shapes of these weights: where a gradient begins. */
        public Weights zeros() {
            return new Weights(
                    Vectors.zeros(U), Vectors.zeros(W), Vectors.zeros(b), Vectors.zeros(V), Vectors.zeros(c));
        }
    }

    /**
     * What the network computes, one row per step.
     *
     * @param hidden h_t, (steps, hidden)
     * @param logits o_t, (steps, symbols)
     * @param probabilities softmax(o_t), (steps, symbols)
     */
    public record Forward(double[][] hidden, double[][] logits, double[][] probabilities) {}

    /** Runs the network over the symbols {@code inputs} from the state {@code h0}. Shapes: inputs (steps). */
    public static Forward forward(Weights w, int[] inputs, double[] h0) {
        int steps = inputs.length;
        Forward forward = new Forward(new double[steps][], new double[steps][], new double[steps][]);
        double[] previous = h0;
        for (int t = 0; t < steps; t++) {
            double[] z = Vectors.ofColumn(w.U, inputs[t]);
            Accumulate.add(1, Vectors.ofColumn(w.b, 0), z);
            Accumulate.times(w.W, previous, z);
            double[] h = Vectors.tanh(z);

            double[] logits = Vectors.ofColumn(w.c, 0);
            Accumulate.times(w.V, h, logits);

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
     *   ∂L/∂o_t = softmax(o_t) − onehot(target_t)
     *   ∂L/∂h_t = Vᵀ ∂L/∂o_t + Wᵀ ∂L/∂z_{t+1}        the second term is zero at the last step
     *   ∂L/∂z_t = ∂L/∂h_t ⊙ (1 − h_t²)
     *   ∂L/∂V = Σ_t ∂L/∂o_t h_tᵀ        ∂L/∂c = Σ_t ∂L/∂o_t
     *   ∂L/∂W = Σ_t ∂L/∂z_t h_{t−1}ᵀ    ∂L/∂U = Σ_t ∂L/∂z_t x_tᵀ    ∂L/∂b = Σ_t ∂L/∂z_t
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
            double[] logits = forward.logits[t];
            lossPerStep[t] = Vectors.logSumExp(logits) - logits[targets[t]];

            double[] dLogits = forward.probabilities[t].clone();
            dLogits[targets[t]] -= 1;
            Accumulate.outer(dLogits, h, d.V);
            Accumulate.column(dLogits, d.c, 0);

            // Step t + 1 has already put its part into dHidden[t].
            Accumulate.transposeTimes(w.V, dLogits, dHidden[t]);
            double[] dz = Vectors.throughTanh(dHidden[t], h);
            Accumulate.outer(dz, previous, d.W);
            Accumulate.column(dz, d.U, inputs[t]);
            Accumulate.column(dz, d.b, 0);
            Accumulate.transposeTimes(w.W, dz, t > 0 ? dHidden[t - 1] : dInitial);
        }
        return Gradient.of(lossPerStep, d.asMap(), dHidden, dInitial);
    }
}
