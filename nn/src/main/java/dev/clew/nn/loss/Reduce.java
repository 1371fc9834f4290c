package dev.clew.nn.loss;

import dev.clew.tensor.Tensor;

/** What becomes of the losses of a batch. */
public enum Reduce {
    /** Their mean, shape (); a weighted loss is divided by the sum of the weights. */
    MEAN,
    /** Their sum, shape (). */
    SUM,
    /** They stay as they are. */
    NONE;

    Tensor of(Tensor losses) {
        return switch (this) {
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
            case NONE -> losses;
        };
    }

    /** A mean that divides by weights, which are in the losses already. */
    Tensor of(Tensor losses, Tensor weights) {
        return this == MEAN ? losses.sum().div(weights.sum()) : of(losses);
    }
}
