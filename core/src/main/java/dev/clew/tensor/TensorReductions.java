package dev.clew.tensor;

import com.google.common.primitives.ImmutableIntArray;

/** The methods of a tensor that turn the elements along some axes into one. */
sealed interface TensorReductions permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The sum of all elements, self().shape() (). */
    default Tensor sum() {
        return sum(false);
    }

    /** The sum along an axis, which goes away. */
    default Tensor sum(int axis) {
        return sum(false, axis);
    }

    /** The sum along some axes, or all if none is given, which stay with length 1 if asked. */
    default Tensor sum(boolean keepDims, int... axes) {
        return reduced(new Reduction.Sum(axes(axes)).on(self()), keepDims);
    }

    /** The mean of all elements, self().shape() (). */
    default Tensor mean() {
        return mean(false);
    }

    /** The mean along an axis, which goes away. */
    default Tensor mean(int axis) {
        return mean(false, axis);
    }

    /** The mean along some axes, or all if none is given, which stay with length 1 if asked; of nothing, it is NaN. */
    default Tensor mean(boolean keepDims, int... axes) {
        double count = 1;
        for (int axis : self().shape().axes(axes)) {
            count *= self().shape().length(axis);
        }
        return sum(keepDims, axes).div(count);
    }

    /** The largest element, self().shape() (); NaN if one is NaN. Ties share the gradient evenly. */
    default Tensor max() {
        return max(false);
    }

    /** The largest element along an axis, which goes away. */
    default Tensor max(int axis) {
        return max(false, axis);
    }

    /** The largest element along some axes, or all if none is given, which stay with length 1 if asked. */
    default Tensor max(boolean keepDims, int... axes) {
        return reduced(new Reduction.Max(axes(axes)).on(self()), keepDims);
    }

    /** ln Σ eˣ along an axis, which goes away. Finite for every finite x. */
    default Tensor logSumExp(int axis) {
        return Softmax.logSumExp(self(), axis).squeeze(axis);
    }

    /** eˣ / Σ eˣ along an axis. */
    default Tensor softmax(int axis) {
        return Softmax.softmax(self(), axis);
    }

    /** x − ln Σ eˣ along an axis: the logarithm of the softmax, without leaving the range of numbers. */
    default Tensor logSoftmax(int axis) {
        return Softmax.logSoftmax(self(), axis);
    }

    private ImmutableIntArray axes(int... axes) {
        return ImmutableIntArray.copyOf(self().shape().axes(axes));
    }

    private static Tensor reduced(Tensor kept, boolean keepDims) {
        int[] axes = kept.op() instanceof Reduction reduction ? reduction.axes().toArray() : new int[0];
        return keepDims ? kept : kept.reshape(kept.shape().without(axes));
    }
}
