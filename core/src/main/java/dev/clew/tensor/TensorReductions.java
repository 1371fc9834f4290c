package dev.clew.tensor;

import dev.clew.array.IntTuple;

/** The methods of a tensor that turn the elements along some axes into one. */
sealed interface TensorReductions permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The sum of all elements, shape (). */
    default Tensor sum() {
        return sum(false);
    }

    /** The sum along an axis, which goes away. */
    default Tensor sum(int axis) {
        return sum(false, axis);
    }

    /**
     * The sum along some axes, or all if none is given, which stay with length 1 if asked. Within (log₂ n + 16)·ε of Σ|x|: it is
     * added in blocks of 256, sixteen partial sums each, and these as a binary tree, whoever adds.
     */
    default Tensor sum(boolean keepDims, int... axes) {
        return Asked.of(self(), "sum", () -> reduced(new Reduction.Sum(list(axes)).on(self()), keepDims, axes), axes);
    }

    /** The mean of all elements, shape (). */
    default Tensor mean() {
        return mean(false);
    }

    /** The mean along an axis, which goes away. */
    default Tensor mean(int axis) {
        return mean(false, axis);
    }

    /** The mean along some axes, or all if none is given, which stay with length 1 if asked; of nothing, it is NaN. */
    default Tensor mean(boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "mean",
                () -> Reductions.mean(self(), keepDims, self().shape().axes(axes)),
                axes);
    }

    /** The largest element, shape (); NaN if one is NaN. Ties share the gradient evenly. */
    default Tensor max() {
        return max(false);
    }

    /** The largest element along an axis, which goes away. */
    default Tensor max(int axis) {
        return max(false, axis);
    }

    /** The largest element along some axes, or all if none is given, which stay with length 1 if asked. */
    default Tensor max(boolean keepDims, int... axes) {
        return Asked.of(self(), "max", () -> reduced(new Reduction.Max(list(axes)).on(self()), keepDims, axes), axes);
    }

    /** The smallest element, shape (); NaN if one is NaN. Ties share the gradient evenly. */
    default Tensor min() {
        return min(false);
    }

    /** The smallest element along an axis, which goes away. */
    default Tensor min(int axis) {
        return min(false, axis);
    }

    /** The smallest element along some axes, or all if none is given, which stay with length 1 if asked. */
    default Tensor min(boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "min",
                () -> reduced(Reductions.min(self(), self().shape().axes(axes)), keepDims, axes),
                axes);
    }

    /** The place of the first largest element, counted row-major, i32, shape (); of the first NaN if there is one. */
    default Tensor argMax() {
        return argMax(false);
    }

    /** The place of the first largest element along an axis, i32, which goes away. */
    default Tensor argMax(int axis) {
        return argMax(false, axis);
    }

    /** The place of the first largest element, i32, counted row-major along some axes, or all if none is given. */
    default Tensor argMax(boolean keepDims, int... axes) {
        return Asked.of(
                self(), "argMax", () -> reduced(new Reduction.ArgMax(list(axes)).on(self()), keepDims, axes), axes);
    }

    /** The place of the first smallest element, counted row-major, i32, shape (); of the first NaN if there is one. */
    default Tensor argMin() {
        return argMin(false);
    }

    /** The place of the first smallest element along an axis, i32, which goes away. */
    default Tensor argMin(int axis) {
        return argMin(false, axis);
    }

    /** The place of the first smallest element, i32, counted row-major along some axes, or all if none is given. */
    default Tensor argMin(boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "argMin",
                () -> reduced(Reductions.argMin(self(), self().shape().axes(axes)), keepDims, axes),
                axes);
    }

    /** The product of all elements, shape (). */
    default Tensor prod() {
        return prod(false);
    }

    /** The product along an axis, which goes away. */
    default Tensor prod(int axis) {
        return prod(false, axis);
    }

    /**
     * The product along some axes, or all if none is given, which stay with length 1 if asked; of nothing, it is 1.
     *
     * <p>Halves are multiplied with each other until one number is left. Nothing is divided by, so derivatives of every
     * order are exact where factors are 0.
     */
    default Tensor prod(boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "prod",
                () -> reduced(Reductions.prod(self(), self().shape().axes(axes)), keepDims, axes),
                axes);
    }

    /**
     * The deviations from the mean, x − x̄, over some axes, or all if none is given. Shapes: stay. Of equal numbers they are 0, and of
     * numbers far from 0 they keep the digits that x̄ has not; NaN where x̄ is not finite.
     */
    default Tensor centered(int... axes) {
        return Asked.of(
                self(),
                "centered",
                () -> Reductions.centered(self(), self().shape().axes(axes)),
                axes);
    }

    /** The mean of squared deviations from the mean, Σ (x − x̄)²/n, shape (). */
    default Tensor variance() {
        return variance(0, false);
    }

    /** The mean of squared deviations from the mean along an axis, which goes away. */
    default Tensor variance(int axis) {
        return variance(0, false, axis);
    }

    /**
     * Σ (x − x̄)²/(n − correction) along some axes, or all if none is given, which stay with length 1 if asked. A correction
     * of 1 makes it an unbiased estimate (NumPy's {@code ddof}); where n − correction is not positive, it is NaN or ∞. It is NaN
     * or ∞ too where Σ |x| or the squares leave the range of numbers; the standard deviation does not.
     */
    default Tensor variance(int correction, boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "variance",
                () -> reduced(
                        Reductions.variance(self(), correction, self().shape().axes(axes)), keepDims, axes),
                axes);
    }

    /** The root of {@link #variance()}, shape (). */
    default Tensor standardDeviation() {
        return standardDeviation(0, false);
    }

    /** The root of {@link #variance(int)}. */
    default Tensor standardDeviation(int axis) {
        return standardDeviation(0, false, axis);
    }

    /**
     * The root y of {@link #variance(int, boolean, int...)}, also where that leaves the range of numbers. Where it is 0, its derivatives
     * are taken as 0. The second ones, ((δ − 1/n) − d·d'/(n·y²))/(n·y) with deviations d and d' from the mean, are differences, and keep
     * the digits of the larger of both.
     */
    default Tensor standardDeviation(int correction, boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "standardDeviation",
                () -> reduced(
                        Reductions.standardDeviation(
                                self(), correction, self().shape().axes(axes)),
                        keepDims,
                        axes),
                axes);
    }

    /** The Euclidean norm √Σ x² of all elements, shape (). Where it is 0, its derivatives are taken as 0. */
    default Tensor norm() {
        return norm(2, false);
    }

    /**
     * (Σ |x|ᵖ)^(1/p) along some axes, or all if none is given, which stay with length 1 if asked; for p = ∞ the largest
     * |x|. It is right also where the powers leave the range of numbers. Where it is 0, its derivatives are taken as 0.
     * The second ones, (δ − x·x'/‖x‖²)/‖x‖ for p = 2, are differences, and keep the digits of the larger of both.
     */
    default Tensor norm(double p, boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "norm",
                () -> reduced(Reductions.norm(self(), p, self().shape().axes(axes)), keepDims, axes),
                axes);
    }

    /** Whether any element (bool) is true, shape (); of nothing, false. */
    default Tensor any() {
        return any(false);
    }

    /** Whether any element (bool) along some axes, or all if none is given, is true; they stay with length 1 if asked. */
    default Tensor any(boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "any",
                () -> reduced(Reductions.any(self(), self().shape().axes(axes)), keepDims, axes),
                axes);
    }

    /** Whether all elements (bool) are true, shape (); of nothing, true. */
    default Tensor all() {
        return all(false);
    }

    /** Whether all elements (bool) along some axes, or all if none is given, are true; they stay with length 1 if asked. */
    default Tensor all(boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "all",
                () -> reduced(Reductions.all(self(), self().shape().axes(axes)), keepDims, axes),
                axes);
    }

    /**
     * ln Σ eˣ along an axis, which goes away. Finite for every finite x; of nothing, −∞. Of −∞ only it is −∞, and its gradient is
     * taken as 0, so that recursions over states of which some cannot be reached train.
     *
     * <p>With m as the largest x it is m + ln(1 + Σ eˣ⁻ᵐ of the others), within 8 units in the last place of the larger addend. Its
     * gradient p, the softmax, is within 8 units, and d units more for an x that is d below the largest; second derivatives p·(1 − p)
     * are within 8 units of p.
     */
    default Tensor logSumExp(int axis) {
        return logSumExp(false, axis);
    }

    /** ln Σ eˣ along some axes, or all if none is given, which stay with length 1 if asked. */
    default Tensor logSumExp(boolean keepDims, int... axes) {
        return Asked.of(
                self(),
                "logSumExp",
                () -> reduced(Softmax.logSumExp(self(), self().shape().axes(axes)), keepDims, axes),
                axes);
    }

    /** ln Σ eˣ over the positions along an axis where the mask (bool) holds; −∞, with gradient 0, where it never does. */
    default Tensor logSumExp(int axis, Tensor mask) {
        return Asked.of(
                self(),
                "logSumExp",
                () -> reduced(Softmax.logSumExp(self(), mask, self().shape().axis(axis)), false, axis),
                mask);
    }

    /**
     * p = eˣ / Σ eˣ along an axis. Where all are −∞ or one is ∞, values and gradients are NaN, as in PyTorch. An x that is d below the
     * largest is exact to 8 + d units in the last place; the derivatives p·(1 − p) and −p·p' are sums, within so many units of p.
     */
    default Tensor softmax(int axis) {
        return Asked.of(self(), "softmax", () -> Softmax.softmax(self(), axis));
    }

    /**
     * eˣ / Σ eˣ over the positions along an axis where the mask (bool) holds, and exactly 0 elsewhere. Where it never holds
     * along the axis, all are 0. Whatever x is where the mask does not hold, even NaN, changes neither values nor gradients.
     *
     * <p>Shapes: the mask broadcasts to that of x, which stays.
     */
    default Tensor softmax(int axis, Tensor mask) {
        return Asked.of(self(), "softmax", () -> Softmax.softmax(self(), mask, axis), mask);
    }

    /**
     * x − ln Σ eˣ along an axis: the logarithm of the softmax p, without leaving the range of numbers, and with all digits where p is
     * nearly 1. Where all are −∞ or one is ∞, values and gradients are NaN, as in PyTorch. The derivative 1 − p is within 8 units in the
     * last place of 1; a loss of labels, whose derivative is exact, is {@code CrossEntropy} in {@code dev.clew.nn.loss}.
     */
    default Tensor logSoftmax(int axis) {
        return Asked.of(self(), "logSoftmax", () -> Softmax.logSoftmax(self(), axis));
    }

    /** The logarithm of {@link #softmax(int, Tensor)}: exactly −∞, with gradient 0, where the mask does not hold. */
    default Tensor logSoftmax(int axis, Tensor mask) {
        return Asked.of(self(), "logSoftmax", () -> Softmax.logSoftmax(self(), mask, axis), mask);
    }

    private IntTuple list(int... axes) {
        return IntTuple.of(self().shape().axes(axes));
    }

    private Tensor reduced(Tensor kept, boolean keepDims, int... axes) {
        return keepDims
                ? kept
                : kept.reshape(kept.shape().without(self().shape().axes(axes)));
    }
}
