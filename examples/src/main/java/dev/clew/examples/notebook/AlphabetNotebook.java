package dev.clew.examples.notebook;

import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.CharacterRnnByHand;
import dev.clew.examples.byhand.CharacterRnnByHand.Forward;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.Lcg;
import dev.clew.examples.byhand.Vectors;
import java.util.Arrays;

/**
 * The alphabet network's gradient as published: right for W, b, V and c at the first call, wrong at every later one.
 *
 * <p>What it accumulates lives in the object and is never reset, so the weights are pushed by the sum of all gradients
 * so far, a momentum without friction; the loss oscillates and never settles. The gradient of U is added to U itself.
 *
 * <p>The equations and shapes are those of {@link CharacterRnnByHand}; the loss is in nats.
 */
public final class AlphabetNotebook {
    private final Weights sums;
    private final double[] nextActivationGradient;

    /** A network that has accumulated nothing yet, for weights of these shapes. */
    public AlphabetNotebook(Weights shapes) {
        sums = shapes.zeros();
        nextActivationGradient = new double[shapes.W().length];
    }

    /**
     * Draws U again, uniform in [0, 1), as the notebook does at the start of every forward pass.
     *
     * <p>Wrong: U belongs to the weights and is drawn once. So nothing that U learns survives to the next sequence.
     */
    public static void drawInputWeights(Weights w, Lcg generator) {
        for (double[] row : w.U()) {
            Arrays.setAll(row, j -> generator.uniform(0, 1));
        }
    }

    /**
     * What the notebook takes for the gradient after this sequence; it also changes {@code w.U()}.
     *
     * <p>The arrays of the result are the accumulators themselves: the next call adds to them. Shapes: as in
     * {@link CharacterRnnByHand#gradient}.
     */
    public Gradient gradient(Weights w, int[] inputs, int[] targets, double[] h0) {
        int steps = inputs.length;
        Forward forward = CharacterRnnByHand.forward(w, inputs, h0);
        double[] lossPerStep = new double[steps];
        double[][] dHidden = new double[steps][];

        // Wrong: `sums` should be zeros here; it still holds the gradients of all earlier calls.
        // Wrong: so should `nextActivationGradient`, as nothing comes after the last step; it still holds Wᵀ ∂L/∂z of
        // the first step of the call before.
        for (int t = steps - 1; t >= 0; t--) {
            double[] h = forward.hidden()[t];
            double[] previous = t > 0 ? forward.hidden()[t - 1] : h0;
            double[] logits = forward.logits()[t];
            lossPerStep[t] = Vectors.logSumExp(logits) - logits[targets[t]];

            double[] dLogits = forward.probabilities()[t].clone();
            dLogits[targets[t]] -= 1;
            Accumulate.outer(dLogits, h, sums.V());
            Accumulate.column(dLogits, sums.c(), 0);

            dHidden[t] = nextActivationGradient.clone();
            Accumulate.transposeTimes(w.V(), dLogits, dHidden[t]);
            double[] dz = Vectors.throughTanh(dHidden[t], h);
            Accumulate.outer(dz, previous, sums.W());
            Accumulate.column(dz, sums.b(), 0);
            // Wrong: the sum should go to sums.U(), which stays zero; here it is added to the weights, uphill.
            Accumulate.column(dz, w.U(), inputs[t]);

            Arrays.fill(nextActivationGradient, 0);
            Accumulate.transposeTimes(w.W(), dz, nextActivationGradient);
        }
        double loss = Arrays.stream(lossPerStep).sum();
        return new Gradient(loss, lossPerStep, sums.asMap(), dHidden, nextActivationGradient);
    }
}
