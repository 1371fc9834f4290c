package dev.clew.tensor;

import dev.clew.array.Shape;
import dev.clew.internal.tensor.DTypes;
import java.util.List;

/** Functions along an axis that are recurrences, or reach every distance in steps that double. */
final class Scans {
    private Scans() {}

    static Tensor recurrence(Tensor factors, Tensor terms, int axis) {
        Shape shape = terms.shape();
        return new Scan.LinearRecurrence(shape.axis(axis), false).on(factors.broadcastTo(shape), terms);
    }

    static Tensor sum(Tensor x, int axis) {
        DTypes.floating("cumulativeSum", x);
        return recurrence(x.literal(1), x, axis);
    }

    /** The terms after the first are −0, which adds to any product without a trace, even to −0. */
    static Tensor product(Tensor x, int axis) {
        int length = x.shape().length(axis);
        return length == 0 ? x : recurrence(x, x.slice(axis, 0, 1).pad(axis, 0, length - 1, -0.0), axis);
    }

    /** Every sum is kept relative to the largest element so far, and scaled down when a larger one comes. */
    static Tensor logSumExp(Tensor x, int axis) {
        int length = x.shape().length(axis);
        if (length == 0) {
            return x;
        }
        Tensor largest = Softmax.finite(largest(x.stopGradient(), axis));
        Tensor before = Tensor.concat(axis, List.of(largest.slice(axis, 0, 1), largest.slice(axis, 0, length - 1)));
        Tensor sums = recurrence(before.minus(largest).exp(), x.minus(largest).exp(), axis);
        Tensor nothing = sums.equalTo(0);
        return Tensor.where(
                nothing,
                x.literal(Double.NEGATIVE_INFINITY),
                sums.maskedFill(nothing, 1).log().plus(largest));
    }

    /** The largest element so far: after the step of distance d, every element knows the 2d before it (Hillis and Steele, 1986). */
    private static Tensor largest(Tensor x, int axis) {
        int length = x.shape().length(axis);
        Tensor y = x;
        for (int distance = 1; distance < length; distance *= 2) {
            Tensor near = y.slice(axis, distance, length);
            Tensor far = y.slice(axis, 0, length - distance);
            y = Tensor.concat(axis, List.of(y.slice(axis, 0, distance), near.maximum(far)));
        }
        return y;
    }

    /** The product along an axis, which stays with length 1: halves are multiplied until one element is left. */
    static Tensor fold(Tensor x, int axis) {
        Tensor y = x;
        for (int length = x.shape().length(axis); length > 1; length = Math.ceilDiv(length, 2)) {
            int half = Math.ceilDiv(length, 2);
            Tensor rest = y.slice(axis, half, length).pad(axis, 0, 2 * half - length, 1);
            y = y.slice(axis, 0, half).times(rest);
        }
        return x.shape().length(axis) == 0 ? x.pad(axis, 0, 1, 1) : y;
    }
}
