package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;

/** What training makes small. Every loss is a mean over the batch, a number of shape (). */
public final class Losses {
    private Losses() {}

    /**
     * The mean over the batch of −ln softmax(logits)[label], in nats. Finite for logits of any size, as long as their
     * differences are finite.
     *
     * <p>Shapes: logits (..., classes), labels (...) i32 → ().
     *
     * <p>With floating-point targets, of the shape and type of the logits, it is the mean of −Σ target·ln softmax(logits):
     * for probabilities, and for several labels at once, since a row of targets need not sum to 1.
     */
    public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets) {
        requireFitting(logits, targets);
        requireSome("softmaxCrossEntropy", "logits", logits);
        if (targets.dtype() != DType.I32) {
            return targets.times(logits.logSoftmax(-1)).sum(-1).negate().mean();
        }
        if (targets.op() instanceof Source.Constant constant) {
            requireInRange(constant.array().toInts(), logits.shape());
        }
        return logits.logSumExp(-1).minus(logits.pick(targets)).mean();
    }

    /**
     * The mean of −ln softmax(logits)[label], in nats.
     *
     * <p>Shapes: logits (..., classes), as many labels as rows → ().
     */
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
                    given("meanSquaredError: prediction ", prediction, " and target ", target)
                            + "the shapes must be equal; broadcasting here would hide a mistake, so reshape one");
        }
        if (!prediction.dtype().isFloating() || target.dtype() != prediction.dtype()) {
            DType type = prediction.dtype().isFloating() ? prediction.dtype() : DType.F64;
            throw new IllegalArgumentException(
                    given("meanSquaredError: prediction ", prediction, " and target ", target)
                            + "both must be of one floating-point type; cast: .cast(DType." + type.name() + ")");
        }
        requireSome("meanSquaredError", "prediction", prediction);
        return prediction.minus(target).square().mean();
    }

    private static void requireFitting(Tensor logits, Tensor targets) {
        if (logits.shape().rank() == 0) {
            throw new IllegalArgumentException("softmaxCrossEntropy: logits " + logits.shape()
                    + " have no axis of classes; their shape must be (..., classes)");
        }
        if (!logits.dtype().isFloating()) {
            throw new IllegalArgumentException(given("softmaxCrossEntropy: logits ", logits, " and targets ", targets)
                    + "logits must be floating-point numbers; cast them: .cast(DType.F64)");
        }
        boolean labels = targets.dtype() == DType.I32;
        if (!labels && targets.dtype() != logits.dtype()) {
            throw new IllegalArgumentException(given("softmaxCrossEntropy: logits ", logits, " and targets ", targets)
                    + "targets are either labels, i32, or probabilities of the type of the logits; cast them: .cast(DType."
                    + logits.dtype().name() + ")");
        }
        Shape expected = labels ? logits.shape().without(-1) : logits.shape();
        if (!targets.shape().equals(expected)) {
            throw new IllegalArgumentException(given("softmaxCrossEntropy: logits ", logits, " and targets ", targets)
                    + (labels ? "one label for every row" : "one probability for every logit") + " is needed, shape "
                    + expected + hint(logits, targets));
        }
    }

    private static String typed(Tensor x) {
        return x.shape() + " " + x.dtype();
    }

    private static String given(String first, Tensor a, String second, Tensor b) {
        return first + typed(a) + second + typed(b) + ": ";
    }

    private static String hint(Tensor logits, Tensor targets) {
        Shape rows = logits.shape().without(-1);
        boolean labels = targets.dtype() == DType.I32;
        if (targets.shape().equals(labels ? logits.shape() : rows)) {
            return labels
                    ? "; if they are 0 and 1 for every class, cast them: .cast(DType."
                            + logits.dtype().name() + ")"
                    : "; if they are labels, cast them: .cast(DType.I32)";
        }
        return targets.shape().elements() == (labels ? rows : logits.shape()).elements()
                ? "; transpose or reshape one of them?"
                : "; are both from the same batch?";
    }

    private static void requireSome(String name, String what, Tensor x) {
        if (x.shape().elements() == 0) {
            throw new IllegalArgumentException(name + ": " + what + " " + typed(x)
                    + ": nothing is in it, and the mean over nothing is not a number; leave empty batches out");
        }
    }

    private static void requireInRange(int[] labels, Shape logits) {
        int classes = logits.length(-1);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("softmaxCrossEntropy: label " + labels[i] + " in row " + i
                        + ": logits " + logits + " have " + classes + " classes, so labels go from 0 to "
                        + (classes - 1) + (labels[i] == classes ? "; do these count from 1?" : ""));
            }
        }
    }
}
