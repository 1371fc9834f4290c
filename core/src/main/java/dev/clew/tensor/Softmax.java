package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.DTypes;

/** Softmax and its logarithm, shifted by the largest element so that no exponential overflows. Reduced axes stay. */
final class Softmax {
    private Softmax() {}

    static Tensor logSumExp(Tensor x, int... axes) {
        Tensor shift = finite(largest(x, axes));
        Tensor e = x.minus(shift).exp();
        // Of −∞ only: ln 0 would be right, and its derivative not.
        Tensor nothing = e.sum(true, axes).equalTo(0);
        return logOfSum(e, nothing, axes).plus(shift).maskedFill(nothing, Double.NEGATIVE_INFINITY);
    }

    /** The shift goes first: taking away it and the logarithm as one number would lose the digits of small differences. */
    static Tensor logSoftmax(Tensor x, int axis) {
        Tensor shifted = x.minus(largest(x, axis));
        return shifted.minus(rest(shifted.exp(), axis).log1p());
    }

    /** ln Σ e, also where that is nearly 0 because one element is 1 and the others are small. */
    private static Tensor logOfSum(Tensor e, Tensor nothing, int... axes) {
        return rest(e, axes).maskedFill(nothing, 0).log1p();
    }

    /**
     * Σ e − 1 of numbers of which the largest is 1: that 1 is taken away before the others are added, as small as they may be. Of
     * several ones, all are taken away, and all but one come back.
     */
    private static Tensor rest(Tensor e, int... axes) {
        Tensor ones = e.equalTo(1).cast(e.dtype());
        return e.minus(ones).sum(true, axes).plus(ones.sum(true, axes).minus(1));
    }

    static Tensor softmax(Tensor x, int axis) {
        Tensor e = x.minus(largest(x, axis)).exp();
        return e.div(e.sum(true, axis));
    }

    static Tensor logSumExp(Tensor x, Tensor mask, int... axes) {
        Masked part = Masked.of(x, mask, axes);
        return logOfSum(part.e(), part.nothing(), axes)
                .plus(part.shift())
                .maskedFill(part.nothing(), Double.NEGATIVE_INFINITY);
    }

    static Tensor logSoftmax(Tensor x, Tensor mask, int axis) {
        Masked part = Masked.of(x, mask, axis);
        Tensor whole = part.shifted().minus(logOfSum(part.e(), part.nothing(), axis));
        return Tensor.where(mask, whole, x.literal(Double.NEGATIVE_INFINITY));
    }

    static Tensor softmax(Tensor x, Tensor mask, int axis) {
        Masked part = Masked.of(x, mask, axis);
        // A sum that is NaN says nothing about what takes no part in it.
        return Tensor.where(mask, part.e().div(part.sum()), x.literal(0));
    }

    /**
     * What takes part. A position that is masked out gets a harmless number before the exponential as well as a 0 after it:
     * after it alone, its derivative could be 0·∞.
     *
     * @param shifted x − shift where the mask holds, else 0
     * @param e the exponential of it, 0 where the mask does not hold
     * @param sum the sum of e, or 1 in place of 0
     * @param nothing where the sum is 0: no position takes part, or only −∞
     */
    private record Masked(Tensor shift, Tensor shifted, Tensor e, Tensor sum, Tensor nothing) {
        static Masked of(Tensor x, Tensor mask, int... axes) {
            DTypes.require("softmax", mask, DType.BOOL);
            Tensor all = mask.broadcastTo(x.shape());
            Tensor shift = finite(largest(Tensor.where(all, x, x.literal(Double.NEGATIVE_INFINITY)), axes));
            Tensor shifted = Tensor.where(all, x, shift).minus(shift);
            Tensor e = Tensor.where(all, shifted.exp(), x.literal(0));
            Tensor sum = e.sum(true, axes);
            Tensor nothing = sum.equalTo(0);
            return new Masked(shift, shifted, e, sum.maskedFill(nothing, 1), nothing);
        }
    }

    /** A constant to the gradient: the result does not depend on it. */
    private static Tensor largest(Tensor x, int... axes) {
        if (x.shape().elements() == 0) {
            Shape shape = x.shape();
            for (int axis : shape.axes(axes)) {
                shape = shape.with(axis, 1);
            }
            return Tensor.of(NDArray.full(0, x.dtype(), shape));
        }
        return x.max(true, axes).stopGradient();
    }

    /** The nearest finite number, since ∞ − ∞ is NaN. */
    static Tensor finite(Tensor x) {
        double most = x.dtype() == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        return x.minimum(most).maximum(-most);
    }
}
