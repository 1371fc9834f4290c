package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.tensor.Tensor;

/** What training makes small. Every loss is a mean over the batch, a number of shape (). */
public final class Losses {
    private Losses() {}

    /**
     * The mean over the batch of −ln softmax(logits)[label], in nats. Finite for all finite logits.
     *
     * <p>Shapes: logits (..., classes), labels (...) i32 → ().
     *
     * <p>With floating-point targets, of the shape of the logits, it is the mean of −Σ target·ln softmax(logits): for
     * probabilities, and for several labels at once, since a row of targets need not sum to 1.
     */
    public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets) {
        if (logits.shape().rank() == 0) {
            throw new IllegalArgumentException("softmaxCrossEntropy: logits " + logits.shape()
                    + " have no axis of classes; their shape must be (..., classes)");
        }
        boolean labels = targets.dtype() == DType.I32;
        var expected = labels ? logits.shape().without(-1) : logits.shape();
        if (!targets.shape().equals(expected)) {
            throw new IllegalArgumentException("softmaxCrossEntropy: logits " + logits.shape() + " and "
                    + (labels ? "labels " : "target probabilities ") + targets.shape() + ": "
                    + (labels ? "one label for every row" : "one probability for every logit") + " is needed, shape "
                    + expected);
        }
        if (expected.elements() == 0) {
            throw new IllegalArgumentException("softmaxCrossEntropy: logits " + logits.shape()
                    + " are empty; the mean over nothing is not a number, so leave empty batches out");
        }
        Tensor nats = labels
                ? logits.logSumExp(-1).minus(logits.pick(targets))
                : targets.times(logits.logSoftmax(-1)).sum(-1).negate();
        return nats.mean();
    }

    /** The mean of −ln softmax(logits)[label], in nats. Shapes: logits (n, classes), n labels → (). */
    public static Tensor softmaxCrossEntropy(Tensor logits, int... labels) {
        NDArray given = NDArray.of(labels);
        boolean fits = logits.shape().rank() > 0 && logits.shape().without(-1).elements() == labels.length;
        return softmaxCrossEntropy(
                logits, Tensor.of(fits ? given.reshape(logits.shape().without(-1)) : given));
    }

    /** The mean of (prediction − target)² over all elements. Shapes: equal → (). */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
        if (!prediction.shape().equals(target.shape())) {
            throw new IllegalArgumentException(
                    "meanSquaredError: prediction " + prediction.shape() + " and target " + target.shape()
                            + ": the shapes must be equal; broadcasting here would hide a mistake, so reshape one");
        }
        if (prediction.shape().elements() == 0) {
            throw new IllegalArgumentException("meanSquaredError: prediction " + prediction.shape()
                    + " is empty; the mean over nothing is not a number, so leave empty batches out");
        }
        return prediction.minus(target).square().mean();
    }
}
