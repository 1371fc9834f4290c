package dev.clew.tensor;

/** The methods of a tensor in which every element depends on all those before it along an axis. */
sealed interface TensorScans permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The sums up to and including every element: y[i] = x[0] + ... + x[i], added in this order.
     *
     * <p>Shapes: stay.
     */
    default Tensor cumulativeSum(int axis) {
        return Asked.of(self(), "cumulativeSum", () -> Scans.sum(self(), axis));
    }

    /**
     * The products up to and including every element: y[i] = x[0]·...·x[i].
     *
     * <p>Shapes: stay. Derivatives of every order are exact where factors are 0.
     */
    default Tensor cumulativeProduct(int axis) {
        return Asked.of(self(), "cumulativeProduct", () -> Scans.product(self(), axis));
    }

    /**
     * ln of the sum of eˣ up to and including every element, without leaving the range of numbers.
     *
     * <p>Shapes: stay. While all elements are −∞ the result is −∞, and its derivative is taken as 0. It is the largest element so far plus
     * a logarithm, and keeps the digits of the larger of both: of (−40, 0) the last is 0, where {@code logSumExp} is 4·10⁻¹⁸.
     */
    default Tensor logCumulativeSumExp(int axis) {
        return Asked.of(self(), "logCumulativeSumExp", () -> Scans.logSumExp(self(), axis));
    }

    /**
     * A linear recurrence with these terms: h[i] = factor[i]·h[i−1] + x[i], and h[0] = x[0]. With a constant factor it is
     * the discounted sum.
     *
     * <p>Shapes: stay; the factors broadcast to that of the terms, and the first along the axis takes no part.
     */
    default Tensor linearRecurrence(int axis, Tensor factors) {
        return Asked.of(self(), "linearRecurrence", () -> Scans.recurrence(factors, self(), axis), factors);
    }

    /**
     * The same from a state before the first element: h[i] = factor[i]·h[i−1] + x[i], and h[−1] = start. So a long sequence may be taken
     * in pieces, each from the last h of the one before, with the bits of the whole.
     *
     * <p>Shapes: stay; the factors broadcast to that of the terms, and the start to it without the axis.
     */
    default Tensor linearRecurrence(int axis, Tensor factors, Tensor start) {
        return Asked.of(
                self(), "linearRecurrence", () -> Scans.recurrence(factors, self(), start, axis), factors, start);
    }

    /**
     * A linear recurrence from the end: h[i] = factor[i]·h[i+1] + x[i], and the last h is the last x.
     *
     * <p>Shapes: stay; the factors broadcast to that of the terms, and the last along the axis takes no part.
     */
    default Tensor linearRecurrenceBackwards(int axis, Tensor factors) {
        return Asked.of(
                self(), "linearRecurrenceBackwards", () -> Scans.backwardRecurrence(factors, self(), axis), factors);
    }

    /**
     * A linear recurrence that begins anew where a mask holds: h[i] = x[i] there, and factor[i]·h[i−1] + x[i] elsewhere. The factor
     * there is 0, so a state before it that is not finite makes NaN of it.
     *
     * <p>Shapes: stay; the factors and the mask (bool) broadcast to that of the terms.
     */
    default Tensor linearRecurrenceWithResets(int axis, Tensor factors, Tensor resets) {
        return Asked.of(
                self(),
                "linearRecurrenceWithResets",
                () -> Scans.recurrence(factors.broadcastTo(self().shape()).maskedFill(resets, 0), self(), axis),
                factors,
                resets);
    }

    /**
     * The largest element up to and including every one: y[i] = max(x[0], ..., x[i]); NaN from the first NaN on.
     *
     * <p>Shapes: stay. Of equal ones the last gets the gradient, as in PyTorch.
     */
    default Tensor cumulativeMax(int axis) {
        return Asked.of(self(), "cumulativeMax", () -> Scans.extreme(self(), axis, Tensor::maximum));
    }

    /**
     * The smallest element up to and including every one: y[i] = min(x[0], ..., x[i]); NaN from the first NaN on.
     *
     * <p>Shapes: stay. Of equal ones the last gets the gradient, as in PyTorch.
     */
    default Tensor cumulativeMin(int axis) {
        return Asked.of(self(), "cumulativeMin", () -> Scans.extreme(self(), axis, Tensor::minimum));
    }
}
