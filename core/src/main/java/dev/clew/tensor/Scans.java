package dev.clew.tensor;

import dev.clew.array.Shape;
import dev.clew.internal.tensor.DTypes;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/** Functions along an axis that are recurrences, or reach every distance in steps that double. */
final class Scans {
    private Scans() {}

    static Tensor recurrence(Tensor factors, Tensor terms, int axis) {
        Shape shape = terms.shape();
        return new Scan.LinearRecurrence(shape.axis(axis), false).on(factors.broadcastTo(shape), terms);
    }

    /** The start is one more term, before the first. */
    static Tensor recurrence(Tensor factors, Tensor terms, Tensor start, int axis) {
        Shape shape = terms.shape();
        int along = shape.axis(axis);
        int length = shape.length(along);
        Tensor first = start.broadcastTo(shape.without(along)).expandDims(along);
        if (length == 0) {
            return terms;
        }
        Tensor all = Tensor.concat(along, List.of(first, terms));
        Tensor each = factors.broadcastTo(shape);
        Tensor shared =
                factors.shape().rank() == 0 ? factors : Tensor.concat(along, List.of(each.slice(along, 0, 1), each));
        return recurrence(shared, all, along).slice(along, 1, length + 1);
    }

    static Tensor backwardRecurrence(Tensor factors, Tensor terms, int axis) {
        Shape shape = terms.shape();
        return new Scan.LinearRecurrence(shape.axis(axis), true).on(factors.broadcastTo(shape), terms);
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
        Tensor largest = Softmax.finite(running(x.stopGradient(), axis, Tensor::maximum));
        Tensor before = Tensor.concat(axis, List.of(largest.slice(axis, 0, 1), largest.slice(axis, 0, length - 1)));
        Tensor sums = recurrence(before.minus(largest).exp(), x.minus(largest).exp(), axis);
        Tensor nothing = sums.equalTo(0);
        return Tensor.where(
                nothing,
                x.literal(Double.NEGATIVE_INFINITY),
                sums.maskedFill(nothing, 1).log().plus(largest));
    }

    /** The element that is largest or smallest so far, by its place, so that it gets the gradient; of equal ones the last. */
    static Tensor extreme(Tensor x, int axis, BinaryOperator<Tensor> choice) {
        int along = x.shape().axis(axis);
        if (!x.dtype().isFloating() || x.shape().elements() == 0) {
            return running(x, along, choice);
        }
        Tensor values = running(x.stopGradient(), along, choice);
        int[] lengths = new int[x.shape().rank()];
        Arrays.fill(lengths, 1);
        lengths[along] = x.shape().length(along);
        Tensor places = Tensor.of(IntStream.range(0, lengths[along]).toArray()).reshape(lengths);
        Tensor isNew = x.stopGradient().equalTo(values).or(x.isNaN());
        Tensor place = Tensor.where(isNew, places, Tensor.of(0)).broadcastTo(x.shape());
        return x.takeAlong(along, running(place, along, Tensor::maximum));
    }

    /** The extreme so far: after the step of distance d, every element knows the 2d before it (Hillis and Steele, 1986). */
    private static Tensor running(Tensor x, int axis, BinaryOperator<Tensor> choice) {
        int length = x.shape().length(axis);
        Tensor y = x;
        for (int distance = 1; distance < length; distance *= 2) {
            Tensor near = y.slice(axis, distance, length);
            Tensor far = y.slice(axis, 0, length - distance);
            y = Tensor.concat(axis, List.of(y.slice(axis, 0, distance), choice.apply(near, far)));
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
