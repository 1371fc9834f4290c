package dev.clew.examples.notebook;

import dev.clew.examples.byhand.CountingByHand;
import dev.clew.examples.byhand.CountingByHand.Variant;
import dev.clew.examples.byhand.CountingByHand.Weights;
import dev.clew.examples.byhand.Gradient;

/**
 * The counting network's gradient as published: right, but in the linear variant not of the cost that is printed.
 *
 * <p>The equations and shapes are those of {@link CountingByHand}.
 */
public final class CountingNotebook {
    private CountingNotebook() {}

    /**
     * The right gradient, with the cost that the notebook prints in place of the loss.
     *
     * <p>Shapes: as in {@link CountingByHand#gradient}.
     */
    public static Gradient gradient(Weights w, double[][] inputs, double[] targets, double[] s0, Variant variant) {
        Gradient right = CountingByHand.gradient(w, inputs, targets, s0, variant);
        double cost = switch (variant) {
            case LINEAR -> {
                double[][] states = CountingByHand.forward(w, inputs, s0, variant);
                yield costAsPrinted(states.length > 0 ? states[states.length - 1] : s0, targets);
            }
            case SIGMOID -> right.loss();
        };
        return new Gradient(cost, right.lossPerStep(), right.parameters(), right.hidden(), right.initialState());
    }

    /**
     * The cost as the linear variant prints it: {@code Σ_m Σ_n (prediction_m − target_n)² / samples}.
     *
     * <p>Shapes: both (samples).
     */
    public static double costAsPrinted(double[] prediction, double[] targets) {
        double sum = 0;
        for (double predicted : prediction) {
            // Wrong: only the target of the same sample should be subtracted. A column minus a row is a whole matrix by
            // broadcasting, every prediction against every target, so right predictions do not print a cost of 0.
            for (double target : targets) {
                sum += (predicted - target) * (predicted - target);
            }
        }
        return sum / targets.length;
    }
}
