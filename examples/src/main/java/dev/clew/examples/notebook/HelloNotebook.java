package dev.clew.examples.notebook;

import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.CharacterRnnByHand;
import dev.clew.examples.byhand.CharacterRnnByHand.Forward;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.Vectors;
import java.util.Arrays;

/**
 * The "hello" network's gradient as published: right for V and c, wrong for U, W and b.
 *
 * <p>No step hears of its effect on later steps, and W is paired with the wrong state. The loss falls all the same.
 *
 * <p>The equations and shapes are those of {@link CharacterRnnByHand}; the loss is in nats.
 */
public final class HelloNotebook {
    private HelloNotebook() {}

    /** What the notebook takes for the gradient. Shapes: as in {@link CharacterRnnByHand#gradient}. */
    public static Gradient gradient(Weights w, int[] inputs, int[] targets, double[] h0) {
        int steps = inputs.length;
        Forward forward = CharacterRnnByHand.forward(w, inputs, h0);
        Weights d = w.zeros();
        double[] lossPerStep = new double[steps];
        double[][] dHidden = new double[steps][h0.length];

        for (int t = steps - 1; t >= 0; t--) {
            double[] h = forward.hidden()[t];
            // Wrong: this should be h_{t−1}, the state that W was multiplied with: `t > 0 ? hidden[t − 1] : h0`.
            double[] previous = h;
            double[] logits = forward.logits()[t];
            lossPerStep[t] = Vectors.logSumExp(logits) - logits[targets[t]];

            double[] dLogits = forward.probabilities()[t].clone();
            dLogits[targets[t]] -= 1;
            Accumulate.outer(dLogits, h, d.V());
            Accumulate.column(dLogits, d.c(), 0);

            // Wrong: `+ Wᵀ ∂L/∂z_{t+1}` is missing, all that step t does to the loss through later steps.
            Accumulate.transposeTimes(w.V(), dLogits, dHidden[t]);
            double[] dz = Vectors.throughTanh(dHidden[t], h);
            Accumulate.outer(dz, previous, d.W());
            Accumulate.column(dz, d.U(), inputs[t]);
            Accumulate.column(dz, d.b(), 0);
        }
        double loss = Arrays.stream(lossPerStep).sum();
        return new Gradient(loss, lossPerStep, d.asMap(), dHidden, new double[h0.length]);
    }
}
