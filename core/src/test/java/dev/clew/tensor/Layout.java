package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;

/** Ways for the same numbers to lie in memory. */
enum Layout {
    /** Row-major, in storage of its own. */
    CONTIGUOUS,
    /** The axes lie in the opposite order. */
    TRANSPOSED,
    /** Every third element along every axis of something larger, backward. */
    SLICED;

    NDArray of(NDArray array) {
        return switch (this) {
            case CONTIGUOUS -> copy(array.shape(), array);
            case TRANSPOSED -> transposed(array);
            case SLICED -> sliced(array);
        };
    }

    /** The first element everywhere, stored once: a broadcast view. */
    static NDArray repeated(NDArray array) {
        if (array.shape().elements() == 0) {
            return array;
        }
        return NDArray.of(array.toDoubles()[0]).cast(array.dtype()).broadcastTo(array.shape());
    }

    private static NDArray transposed(NDArray array) {
        int rank = array.shape().rank();
        int[] order = new int[rank];
        Arrays.setAll(order, i -> rank - 1 - i);
        NDArray turned = array.permute(order);
        return copy(turned.shape(), turned).permute(order);
    }

    private static NDArray sliced(NDArray array) {
        Shape shape = array.shape();
        int rank = shape.rank();
        int[] start = new int[rank];
        int[] step = new int[rank];
        Shape larger = shape;
        for (int axis = 0; axis < rank; axis++) {
            larger = larger.with(axis, 3 * shape.length(axis) + 2);
            start[axis] = 3 * shape.length(axis) - 1;
            step[axis] = -3;
        }
        double[] numbers = new double[larger.elements()];
        Arrays.fill(numbers, -7);
        int[] index = new int[rank];
        for (double number : array.toDoubles()) {
            int position = 0;
            for (int axis = 0; axis < rank; axis++) {
                position = position * larger.length(axis) + start[axis] + step[axis] * index[axis];
            }
            numbers[position] = number;
            for (int axis = rank - 1; axis >= 0 && ++index[axis] == shape.length(axis); axis--) {
                index[axis] = 0;
            }
        }
        return NDArray.of(larger, numbers).cast(array.dtype()).slice(start, step, shape);
    }

    private static NDArray copy(Shape shape, NDArray array) {
        DType dtype = array.dtype();
        return NDArray.of(shape, array.toDoubles()).cast(dtype);
    }
}
