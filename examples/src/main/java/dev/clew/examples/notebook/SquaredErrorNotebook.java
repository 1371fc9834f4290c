package dev.clew.examples.notebook;

import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.SquaredErrorByHand;
import dev.clew.examples.byhand.SquaredErrorByHand.Forward;
import dev.clew.examples.byhand.SquaredErrorByHand.Weights;
import dev.clew.examples.byhand.Vectors;
import java.util.Arrays;

/**
 * The squared-error network's gradient as published: the wrong sign everywhere, so that descent climbs.
 *
 * <p>Besides, the way back through time misses a transpose, and what it accumulates lives in the object and is never
 * reset.
 *
 * <p>The equations and shapes are those of {@link SquaredErrorByHand}.
 */
public final class SquaredErrorNotebook {
    private final Weights sums;
    private double[] dNextHidden;

    /** A network that has accumulated nothing yet, for weights of these shapes. */
    public SquaredErrorNotebook(Weights shapes) {
        sums = shapes.zeros();
        dNextHidden = new double[shapes.Whh().length];
    }

    /**
     * What the notebook takes for the gradient after this sequence.
     *
     * <p>The arrays of the result are the accumulators themselves: the next call adds to them.
     * {@link Gradient#initialState} is what is left over in {@code dnext_h}, which the next call begins with. Shapes: as
     * in {@link SquaredErrorByHand#gradient}.
     */
    public Gradient gradient(Weights w, int[] inputs, int[] targets, double[] h0) {
        int steps = inputs.length;
        Forward forward = SquaredErrorByHand.forward(w, inputs, h0);
        double[] lossPerStep = new double[steps];
        double[][] dHidden = new double[steps][h0.length];

        // Wrong: `sums` and `dNextHidden` should be zeros here; they still hold what the call before has left.
        for (int t = steps - 1; t >= 0; t--) {
            double[] h = forward.hidden()[t];
            double[] previous = t > 0 ? forward.hidden()[t - 1] : h0;

            // Wrong: the derivative is ŷ − y, not y − ŷ.
            double[] dOutput = new double[forward.outputs()[t].length];
            dOutput[targets[t]] = 1;
            Accumulate.add(-1, forward.outputs()[t], dOutput);
            lossPerStep[t] = SquaredErrorByHand.halfSquaredLength(dOutput);
            Accumulate.outer(dOutput, h, sums.Why());
            Accumulate.column(dOutput, sums.by(), 0);

            Accumulate.transposeTimes(w.Why(), dOutput, dHidden[t]);
            // Wrong: Whh should be transposed. It is square, so the shapes fit all the same.
            Accumulate.times(w.Whh(), dNextHidden, dHidden[t]);
            double[] dz = Vectors.throughTanh(dHidden[t], h);
            Accumulate.outer(dz, previous, sums.Whh());
            Accumulate.column(dz, sums.Wxh(), inputs[t]);
            Accumulate.column(dz, sums.bh(), 0);
            dNextHidden = dz;
        }
        double loss = Arrays.stream(lossPerStep).sum();
        return new Gradient(loss, lossPerStep, sums.asMap(), dHidden, dNextHidden);
    }
}
