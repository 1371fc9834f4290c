package dev.clew.tensor;

import dev.clew.array.DType;

/** Softmax and its logarithm, shifted by the largest element so that no exponential overflows. */
final class Softmax {
    private Softmax() {}

    /** The reduced axis stays, with length 1. */
    static Tensor logSumExp(Tensor x, int axis) {
        Tensor shift = shift(x, axis);
        return x.minus(shift).exp().sum(true, axis).log().plus(shift);
    }

    /** The shift goes first: taking away it and the logarithm as one number would lose the digits of small differences. */
    static Tensor logSoftmax(Tensor x, int axis) {
        Tensor shifted = x.minus(shift(x, axis));
        return shifted.minus(shifted.exp().sum(true, axis).log());
    }

    static Tensor softmax(Tensor x, int axis) {
        Tensor e = x.minus(shift(x, axis)).exp();
        return e.div(e.sum(true, axis));
    }

    /** A constant to the gradient: the result does not depend on it. Kept finite, since ∞ − ∞ is NaN. */
    private static Tensor shift(Tensor x, int axis) {
        double most = x.dtype() == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        return x.max(true, axis).stopGradient().min(most).max(-most);
    }
}
