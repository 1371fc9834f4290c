package dev.clew.examples.notebook;

import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.MultiLabelByHand;
import dev.clew.examples.byhand.MultiLabelByHand.Forward;
import dev.clew.examples.byhand.MultiLabelByHand.Weights;
import dev.clew.examples.byhand.Vectors;
import java.util.Arrays;

/**
 * The multi-label network's gradient as published: nearly right for one-hot targets, wrong for those it is used with.
 *
 * <p>The equations and shapes are those of {@link MultiLabelByHand}; the loss is in nats.
 */
public final class MultiLabelNotebook {
    private MultiLabelNotebook() {}

    /** What the notebook takes for the gradient. Shapes: as in {@link MultiLabelByHand#gradient}. */
    public static Gradient gradient(Weights w, double[][] inputs, double[][] targets, double[] h0, double epsilon) {
        int steps = inputs.length;
        Forward forward = MultiLabelByHand.forward(w, inputs, h0);
        Weights d = w.zeros();
        double[] lossPerStep = new double[steps];
        double[][] dHidden = new double[steps][h0.length];
        double[] dInitial = new double[h0.length];

        for (int t = steps - 1; t >= 0; t--) {
            double[] h = forward.hidden()[t];
            lossPerStep[t] = MultiLabelByHand.crossEntropy(forward.logits()[t], targets[t], epsilon);

            // Wrong: p Σ_k y_k − y, since only targets that sum to 1 leave p − y. A step with no label at all should
            // add nothing, and here it pulls every probability to 0.
            // Wrong: ε stands in the loss and not in its derivative; where p ≪ ε the loss is flat and this is not.
            double[] dLogits = forward.probabilities()[t].clone();
            Accumulate.add(-1, targets[t], dLogits);
            Accumulate.outer(h, dLogits, d.Wy());
            Accumulate.add(1, dLogits, d.by()[0]);

            Accumulate.times(w.Wy(), dLogits, dHidden[t]);
            double[] dz = Vectors.throughTanh(dHidden[t], h);
            // Wrong: the first step used Wh too, and should add h0ᵀ dz; only an initial state of zeros hides it.
            if (t > 0) {
                Accumulate.outer(forward.hidden()[t - 1], dz, d.Wh());
            }
            Accumulate.outer(inputs[t], dz, d.Wx());
            Accumulate.add(1, dz, d.bh()[0]);
            Accumulate.times(w.Wh(), dz, t > 0 ? dHidden[t - 1] : dInitial);
        }
        double loss = Arrays.stream(lossPerStep).sum();
        return new Gradient(loss, lossPerStep, d.asMap(), dHidden, dInitial);
    }
}
