package dev.clew.tensor;

import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.Shape;
import java.util.Arrays;

/** The methods of a tensor that put elements elsewhere and change none. */
sealed interface TensorMovements permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The same elements, counted row-major, in another self().shape(); one length may be -1 and is then computed. */
    default Tensor reshape(int... lengths) {
        return reshape(Lists.inferred(self().shape(), lengths));
    }

    /** The same elements, counted row-major, in another self().shape(). */
    default Tensor reshape(Shape to) {
        return to.equals(self().shape()) ? self() : new Movement.Reshape(to).on(self());
    }

    /** The last two axes exchanged. */
    default Tensor transpose() {
        if (self().shape().rank() < 2) {
            throw new IllegalArgumentException(
                    "transpose of " + self().describe() + ": it exchanges the last two axes, and there "
                            + (self().shape().rank() == 1 ? "is only one; expandDims adds one" : "are none"));
        }
        return transpose(Movement.lastTwoExchanged(self().shape().rank()));
    }

    /** The axes in another order: axis i of the result is axis {@code order[i]} of this tensor. */
    default Tensor transpose(int... order) {
        int[] axes = Arrays.stream(order).map(self().shape()::axis).toArray();
        return new Movement.Transpose(ImmutableIntArray.copyOf(axes)).on(self());
    }

    /** A new axis of length 1 in front of the given one; -1 puts it last. */
    default Tensor expandDims(int axis) {
        return reshape(self().shape().insert(axis, 1));
    }

    /** Without an axis, whose length must be 1. */
    default Tensor squeeze(int axis) {
        int length = self().shape().length(axis);
        if (length != 1) {
            throw new IllegalArgumentException("squeeze axis " + axis + " of " + self().describe() + ": its length is "
                    + length + ", and only an axis of length 1 can go away");
        }
        return reshape(self().shape().without(axis));
    }

    /** Axes of length 1, and new ones in front, repeated to reach a self().shape(). Nothing is copied. */
    default Tensor broadcastTo(Shape to) {
        return to.equals(self().shape()) ? self() : new Movement.Broadcast(to).on(self());
    }

    /** Axes of length 1, and new ones in front, repeated to reach a self().shape(). Nothing is copied. */
    default Tensor broadcastTo(int... to) {
        return broadcastTo(Shape.of(to));
    }

    /** The elements {@code from .. to − 1} of an axis. */
    default Tensor slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /** The elements {@code from, from + step, ...} before {@code to} of an axis. */
    default Tensor slice(int axis, int from, int to, int step) {
        return Slices.slice(self(), axis, from, to, step);
    }

    /** The elements at an index of the first axis, which goes away; a negative index counts from the end. */
    default Tensor get(int index) {
        return Slices.get(self(), 0, index);
    }

    /** The elements at an index of an axis, which goes away; a negative index counts from the end. */
    default Tensor get(int axis, int index) {
        return Slices.get(self(), axis, index);
    }
}
