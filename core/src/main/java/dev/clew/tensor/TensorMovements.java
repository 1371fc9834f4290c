package dev.clew.tensor;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.List;

/** The methods of a tensor that put elements elsewhere and change none. */
sealed interface TensorMovements permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The same elements, counted row-major, in another shape; one length may be -1 and is then computed. */
    default Tensor reshape(int... lengths) {
        return Asked.of(self(), "reshape", () -> reshape(Lists.inferred(self().shape(), lengths)), lengths);
    }

    /** The same elements, counted row-major, in another shape. */
    default Tensor reshape(Shape to) {
        return Asked.of(
                self(), "reshape", () -> to.equals(self().shape()) ? self() : new Movement.Reshape(to).on(self()), to);
    }

    /** The last two axes exchanged. */
    default Tensor transpose() {
        if (self().shape().rank() < 2) {
            throw new IllegalArgumentException(
                    "transpose of " + self().describe() + ": it exchanges the last two axes, and there "
                            + (self().shape().rank() == 1 ? "is only one; expandDims adds one" : "are none"));
        }
        return transpose(Broadcasting.lastTwoExchanged(self().shape().rank()));
    }

    /** The axes in another order: axis i of the result is axis {@code order[i]} of this tensor. */
    default Tensor transpose(int... order) {
        return Asked.of(
                self(),
                "transpose",
                () -> new Movement.Transpose(IntTuple.of(
                                Arrays.stream(order).map(self().shape()::axis).toArray()))
                        .on(self()),
                order);
    }

    /** A new axis of length 1 in front of the given one; -1 puts it last. */
    default Tensor expandDims(int axis) {
        return Asked.of(self(), "expandDims", () -> reshape(self().shape().insert(axis, 1)));
    }

    /** Without an axis, whose length must be 1. */
    default Tensor squeeze(int axis) {
        int length = Asked.of(self(), "squeeze", () -> self().shape().length(axis));
        if (length != 1) {
            throw new IllegalArgumentException("squeeze axis " + axis + " of " + self().describe() + ": its length is "
                    + length + ", and only an axis of length 1 can go away");
        }
        return reshape(self().shape().without(axis));
    }

    /** Axes of length 1, and new ones in front, repeated to reach a shape. Nothing is copied. */
    default Tensor broadcastTo(Shape to) {
        return Asked.of(
                self(),
                "broadcastTo",
                () -> to.equals(self().shape()) ? self() : new Movement.Broadcast(to).on(self()),
                to);
    }

    /** Axes of length 1, and new ones in front, repeated to reach a shape. Nothing is copied. */
    default Tensor broadcastTo(int... to) {
        return Asked.of(self(), "broadcastTo", () -> broadcastTo(Shape.of(to)), to);
    }

    /** An axis taken out and put elsewhere; the others keep their order. Shapes: (a, b, c), 0 to -1 → (b, c, a). */
    default Tensor moveAxis(int from, int to) {
        return Asked.of(self(), "moveAxis", () -> Slices.moveAxis(self(), from, to));
    }

    /** The elements {@code from .. to − 1} of an axis; negative bounds count from the end. */
    default Tensor slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /** The elements from one on of an axis, to its end; a negative {@code from} counts from there. */
    default Tensor slice(int axis, int from) {
        return Asked.of(self(), "slice", () -> Slices.from(self(), axis, from));
    }

    /**
     * The elements {@code from, from + step, ...} before {@code to} of an axis. Negative bounds count from the end; with a
     * negative step the elements go backward, and for an axis of length n, {@code to = -n - 1} includes element 0. A backward slice
     * to -1, the last element, would be empty where NumPy's is: that is an error.
     *
     * <p>Shapes: axis n → ⌈(to − from)/step⌉. Bounds outside of the axis are an error, not clipped.
     */
    default Tensor slice(int axis, int from, int to, int step) {
        return Asked.of(self(), "slice", () -> Slices.slice(self(), axis, from, to, step));
    }

    /** The elements in opposite order along some axes, or all if none is given. */
    default Tensor flip(int... axes) {
        return Asked.of(self(), "flip", () -> Slices.flip(self(), axes), axes);
    }

    /** Element i of an axis moves to i + by, around the end: y[(i + by) mod n] = x[i]. */
    default Tensor roll(int axis, int by) {
        return Asked.of(self(), "roll", () -> Slices.roll(self(), axis, by));
    }

    /** A number, rounded to the element type, put before and after the elements of an axis. Shapes: n → before + n + after. */
    default Tensor pad(int axis, int before, int after, double value) {
        return Asked.of(self(), "pad", () -> Repetitions.pad(self(), axis, before, after, value));
    }

    /** Parts of equal length along an axis. Shapes: n → parts times n/parts, which must divide. */
    default List<Tensor> split(int axis, int parts) {
        return Asked.of(self(), "split", () -> Slices.split(self(), axis, parts));
    }

    /** Parts of these lengths along an axis, which add up to its length. */
    default List<Tensor> split(int axis, int[] lengths) {
        return Asked.of(self(), "split", () -> Slices.split(self(), axis, lengths), lengths);
    }

    /** Every element of an axis several times in a row: a a b b. Shapes: n → n·times. */
    default Tensor repeat(int axis, int times) {
        return Asked.of(self(), "repeat", () -> Repetitions.repeat(self(), axis, times));
    }

    /** The whole, several times along the last axes: a b a b. More counts than axes add axes in front. Shapes: n → count·n. */
    default Tensor tile(int... counts) {
        return Asked.of(self(), "tile", () -> Repetitions.tile(self(), counts), counts);
    }

    /** The elements (..., i, i) of the last two axes. Shapes: (..., m, n) → (..., min(m, n)). */
    default Tensor diagonal() {
        return diagonal(0);
    }

    /** The elements (..., i, i + offset) of the last two axes; none if the offset is outside. */
    default Tensor diagonal(int offset) {
        return Asked.of(self(), "diagonal", () -> Slices.diagonal(self(), offset));
    }

    /** The elements at an index of the first axis, which goes away; a negative index counts from the end. */
    default Tensor get(int index) {
        return Asked.of(self(), "get", () -> Slices.get(self(), 0, index));
    }

    /** The elements at an index of an axis, which goes away; a negative index counts from the end. */
    default Tensor get(int axis, int index) {
        return Asked.of(self(), "get", () -> Slices.get(self(), axis, index));
    }
}
