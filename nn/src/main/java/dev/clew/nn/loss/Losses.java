package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/**
 * What training makes small. Without a {@link Reduce}, a loss is the mean over the batch, a number of shape (). The definitions
 * are PyTorch's, with the classes on the last axis.
 */
public final class Losses {
    /** The logarithm of a probability of 0, as PyTorch has it: a finite cost for being certain and wrong. */
    private static final double LOG_OF_ZERO = -100;

    private Losses() {}

    // -------------------------------------------------------------------------------------------------------- classes

    /**
     * The mean over the batch of −ln softmax(logits)[label], in nats. Finite for logits of any size, as long as their
     * differences are finite. {@link CrossEntropy} has the options.
     *
     * <p>Shapes: logits (..., classes), labels (...) i32 → ().
     *
     * <p>With floating-point targets, of the shape and type of the logits, it is the mean of −Σ target·ln softmax(logits):
     * for probabilities, and for several labels at once, since a row of targets need not sum to 1.
     */
    public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets) {
        return CrossEntropy.PLAIN.of(logits, targets);
    }

    /**
     * The mean of −ln softmax(logits)[label], in nats.
     *
     * <p>Shapes: logits (..., classes), as many labels as rows → ().
     */
    public static Tensor softmaxCrossEntropy(Tensor logits, int... labels) {
        Present.require("softmaxCrossEntropy", logits, labels);
        NDArray given = NDArray.of(labels);
        boolean fits = logits.shape().rank() > 0 && logits.shape().without(-1).elements() == labels.length;
        return softmaxCrossEntropy(
                logits, Tensor.of(fits ? given.reshape(logits.shape().without(-1)) : given));
    }

    /** The mean of −logProbabilities[label], in nats. Shapes: (..., classes), labels (...) i32 → (). */
    public static Tensor negativeLogLikelihood(Tensor logProbabilities, Tensor labels) {
        return CrossEntropy.PLAIN.ofLogProbabilities(logProbabilities, labels);
    }

    /** The mean of −[t·ln σ(x) + (1 − t)·ln(1 − σ(x))], in nats. Finite for logits of any size. Shapes: equal → (). */
    public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
        return binaryCrossEntropyWithLogits(logits, targets, Reduce.MEAN);
    }

    /**
     * The same with another reduction. It is t·ln(1 + e⁻ˣ) + (1 − t)·ln(1 + eˣ): no logarithm of 0 is taken, and a small loss keeps its
     * digits. A logit of ±∞ costs nothing if the target agrees.
     */
    public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets, Reduce reduce) {
        LossInputs.alike("binaryCrossEntropyWithLogits", "logits", logits, "targets", targets, reduce);
        Tensor yes = part(targets, logits.negate());
        return reduce.of(yes.plus(part(targets.negate().plus(1), logits)));
    }

    /** weight·ln(1 + eˣ). Where x is ∞ and the weight 0 it is 0, and the derivative by x too, so x goes before the operation. */
    private static Tensor part(Tensor weight, Tensor x) {
        Tensor isFree = weight.equalTo(0).and(x.equalTo(Double.POSITIVE_INFINITY));
        return weight.times(x.maskedFill(isFree, Double.NEGATIVE_INFINITY).softplus());
    }

    /** The mean of −[t·ln p + (1 − t)·ln(1 − p)], in nats. Shapes: equal → (). */
    public static Tensor binaryCrossEntropy(Tensor probabilities, Tensor targets) {
        return binaryCrossEntropy(probabilities, targets, Reduce.MEAN);
    }

    /** The same with another reduction. A logarithm is at least −100, and its derivative is taken as 0 where it is, at p = 0 or 1. */
    public static Tensor binaryCrossEntropy(Tensor probabilities, Tensor targets, Reduce reduce) {
        LossInputs.alike("binaryCrossEntropy", "probabilities", probabilities, "targets", targets, reduce);
        Tensor yes = timesLog(targets, probabilities);
        Tensor no = targets.negate().plus(1).times(logOfRest(probabilities));
        return reduce.of(yes.plus(no).negate());
    }

    /**
     * The mean over rows of Σ t·(ln t − ln q), in nats: what it costs to take q for t (Kullback and Leibler, 1951). The mean is
     * PyTorch's {@code batchmean}.
     *
     * <p>Shapes: logarithms of q (..., classes), t (..., classes) → ().
     */
    public static Tensor klDivergence(Tensor logProbabilities, Tensor targets) {
        return klDivergence(logProbabilities, targets, Reduce.MEAN);
    }

    /** The same with another reduction; a class of t = 0 adds nothing, even if q is 0. Shapes: (..., classes) → () or (...). */
    public static Tensor klDivergence(Tensor logProbabilities, Tensor targets, Reduce reduce) {
        LossInputs.alike("klDivergence", "logarithms of probabilities", logProbabilities, "targets", targets, reduce);
        LossInputs.axis("klDivergence", "logarithms of probabilities", logProbabilities);
        Tensor absent = targets.equalTo(0);
        Tensor cross = targets.times(logProbabilities.maskedFill(absent, 0));
        return reduce.of(targets.xlogy(targets).minus(cross).sum(-1));
    }

    /** The mean of max(0, 1 − t·x), for targets of −1 and 1. Shapes: equal → (). At the margin, the slope is the middle one. */
    public static Tensor hinge(Tensor scores, Tensor targets) {
        return hinge(scores, targets, Reduce.MEAN);
    }

    /** The same with another reduction. */
    public static Tensor hinge(Tensor scores, Tensor targets, Reduce reduce) {
        LossInputs.alike("hinge", "scores", scores, "targets", targets, reduce);
        return reduce.of(scores.times(targets).negate().plus(1).maximum(0));
    }

    // -------------------------------------------------------------------------------------------------------- numbers

    /** The mean of (prediction − target)² over all elements. Shapes: equal → (). */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
        return squaredError("meanSquaredError", prediction, target, Reduce.MEAN);
    }

    /** (prediction − target)². Shapes: equal. */
    public static Tensor squaredError(Tensor prediction, Tensor target, Reduce reduce) {
        return squaredError("squaredError", prediction, target, reduce);
    }

    private static Tensor squaredError(String name, Tensor prediction, Tensor target, Reduce reduce) {
        return reduce.of(error(name, prediction, target, reduce).square());
    }

    /** The mean of |prediction − target| over all elements. Shapes: equal → (). Where both are equal, the slope is 0. */
    public static Tensor meanAbsoluteError(Tensor prediction, Tensor target) {
        return reduced("meanAbsoluteError", prediction, target, Reduce.MEAN);
    }

    /** |prediction − target|. Shapes: equal. */
    public static Tensor absoluteError(Tensor prediction, Tensor target, Reduce reduce) {
        return reduced("absoluteError", prediction, target, reduce);
    }

    private static Tensor reduced(String name, Tensor prediction, Tensor target, Reduce reduce) {
        return reduce.of(error(name, prediction, target, reduce).abs());
    }

    /** The mean of ½e² where |e| ≤ δ, δ·(|e| − ½δ) beyond; e = prediction − target (Huber, 1964). Shapes: equal → (). */
    public static Tensor huber(Tensor prediction, Tensor target, double delta) {
        return huber(prediction, target, delta, Reduce.MEAN);
    }

    /** The same with another reduction. */
    public static Tensor huber(Tensor prediction, Tensor target, double delta, Reduce reduce) {
        if (!(delta > 0)) {
            throw new IllegalArgumentException("huber: delta " + delta + " must be positive");
        }
        Tensor error = error("huber", prediction, target, reduce);
        if (delta > (error.dtype() == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE)) {
            return reduce.of(error.square().times(0.5));
        }
        Tensor size = error.abs();
        return reduce.of(Tensor.where(
                size.lessOrEqual(delta),
                error.maskedFill(size.greaterThan(delta), 0).square().times(0.5),
                size.minus(0.5 * delta).times(delta)));
    }

    /** The mean of ½e²/β where |e| &lt; β, |e| − ½β beyond; e = prediction − target (Girshick, 2015). Shapes: equal → (). */
    public static Tensor smoothL1(Tensor prediction, Tensor target, double beta) {
        return smoothL1(prediction, target, beta, Reduce.MEAN);
    }

    /** The same with another reduction. With β = 0 it is the absolute error. */
    public static Tensor smoothL1(Tensor prediction, Tensor target, double beta, Reduce reduce) {
        if (!(beta >= 0)) {
            throw new IllegalArgumentException("smoothL1: beta " + beta + " must not be negative");
        }
        Tensor error = error("smoothL1", prediction, target, reduce);
        Tensor size = error.abs();
        return reduce.of(
                beta == 0
                        ? size
                        : Tensor.where(
                                size.lessThan(beta),
                                halfSquare(error.maskedFill(size.greaterOrEqual(beta), 0), beta),
                                size.minus(0.5 * beta)));
    }

    /** ½e²/β, where e² and 1/β may leave the range of numbers. */
    private static Tensor halfSquare(Tensor error, double beta) {
        return error.div(beta).times(error).times(0.5);
    }

    private static Tensor error(String name, Tensor prediction, Tensor target, Reduce reduce) {
        LossInputs.alike(name, "prediction", prediction, "target", target, reduce);
        return prediction.minus(target);
    }

    /** ln(1 − p) with all digits of a small p. */
    private static Tensor logOfRest(Tensor probabilities) {
        Tensor always = probabilities.equalTo(1);
        Tensor log = probabilities.maskedFill(always, 0).negate().log1p();
        return log.maximum(LOG_OF_ZERO).maskedFill(always, LOG_OF_ZERO);
    }

    /** t·ln p, where no derivative goes through 1/p², which leaves the range of numbers before t/p² does. */
    private static Tensor timesLog(Tensor targets, Tensor probabilities) {
        Tensor isNegative = probabilities.lessThan(0);
        Tensor never = probabilities.lessThan(Math.exp(LOG_OF_ZERO)).and(isNegative.not());
        Tensor product = targets.xlogy(probabilities.maskedFill(never, 1));
        return Tensor.where(never, targets.times(LOG_OF_ZERO), product).maskedFill(isNegative, Double.NaN);
    }

    // ---------------------------------------------------------------------------------------------- padded sequences

    /**
     * The mean over all steps that count, each of which counts as much as any other: Σ w·loss/Σ w. It is NaN if none does.
     *
     * <p>A loss that does not count may be NaN or infinite: it adds exactly 0, and no gradient flows to it. Where it is computed from
     * padding that is not finite, its own slope would be NaN, so that padding goes first: {@link #withoutPadding}.
     *
     * <p>Shapes: losses (batch, time); counted are lengths (batch) i32, a mask (batch, time) bool, or weights (batch, time) of the
     * losses' type → ().
     *
     * @throws IllegalArgumentException if shapes or types do not fit, or a length is beyond the steps
     */
    public static Tensor perToken(Tensor losses, Tensor counted) {
        Tensor weights = stepWeights("perToken", losses, counted);
        return weighted(losses, weights).sum().div(weights.sum());
    }

    /**
     * The mean over tokens of −ln softmax(logits)[label], in nats; what stands in the padding, NaN too, changes nothing.
     *
     * <p>Shapes: logits (batch, time, classes), labels (batch, time) i32, counted as for losses → ().
     */
    public static Tensor perToken(Tensor logits, Tensor labels, Tensor counted) {
        return perToken(stepCosts("perToken", logits, labels, counted), counted);
    }

    /**
     * The mean over sequences of the mean over the steps of each: every sequence counts as much as any other, however long it is. Those in
     * which no step counts are left out; of nothing else, the mean is NaN.
     *
     * <p>Shapes: as for {@link #perToken(Tensor, Tensor)}.
     */
    public static Tensor perSequence(Tensor losses, Tensor counted) {
        Tensor weights = stepWeights("perSequence", losses, counted);
        Tensor total = weights.sum(1);
        Tensor isNone = total.equalTo(0);
        Tensor means = weighted(losses, weights).sum(1).div(total.maskedFill(isNone, 1));
        return means.sum().div(isNone.not().cast(losses.dtype()).sum());
    }

    /** The same of the cross-entropy. Shapes: as for {@link #perToken(Tensor, Tensor, Tensor)}. */
    public static Tensor perSequence(Tensor logits, Tensor labels, Tensor counted) {
        return perSequence(stepCosts("perSequence", logits, labels, counted), counted);
    }

    /**
     * The same numbers, and 0 wherever a step does not count: before a loss that would make NaN of NaN. No gradient flows to what is
     * replaced.
     *
     * <p>Shapes: x (batch, time, ...), counted as for {@link #perToken(Tensor, Tensor)} → that of x.
     */
    public static Tensor withoutPadding(Tensor x, Tensor counted) {
        Present.require("withoutPadding", x, counted);
        Padding.requireSteps("withoutPadding", "x", x);
        return counted("withoutPadding", x, counted);
    }

    private static Tensor counted(String name, Tensor x, Tensor counted) {
        DType type = counted.dtype().isFloating() ? counted.dtype() : DType.F64;
        return Padding.fill(x, Padding.weights(name, counted, x.shape(), type).notEqualTo(0), 0);
    }

    private static Tensor stepCosts(String name, Tensor logits, Tensor labels, Tensor counted) {
        Present.require(name, logits, labels, counted);
        LossInputs.steps(name, logits, labels);
        return CrossEntropy.PLAIN
                .withReduce(Reduce.NONE)
                .of(counted(name, logits, counted), counted(name, labels, counted));
    }

    private static Tensor stepWeights(String name, Tensor losses, Tensor counted) {
        Present.require(name, losses, counted);
        if (losses.shape().rank() != 2 || !losses.dtype().isFloating()) {
            throw new IllegalArgumentException(name + ": losses " + LossInputs.typed(losses)
                    + " are (batch, time) floating-point numbers; ask for them with Reduce.NONE");
        }
        return Padding.weights(name, counted, losses.shape(), losses.dtype());
    }

    /** w·loss, and 0 for a weight of 0, whatever the loss is. */
    private static Tensor weighted(Tensor losses, Tensor weights) {
        return losses.maskedFill(weights.equalTo(0), 0).times(weights);
    }
}
