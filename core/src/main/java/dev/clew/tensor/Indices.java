package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;

/** Indices are checked where they become known: constants on the line that builds the node, others when evaluated. */
final class Indices {
    private Indices() {}

    static void check(String label, Tensor indices, int bound, String things) {
        DTypes.require(label, indices, DType.I32);
        if (indices.op() instanceof Source.Constant constant) {
            of(label, constant.array(), bound, things);
        }
    }

    static int[] of(String label, NDArray indices, int bound, String things) {
        int[] numbers = indices.toInts();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] < 0 || numbers[i] >= bound) {
                throw new IllegalArgumentException(label + ": index " + numbers[i]
                        + (indices.shape().rank() == 0 ? "" : " at position " + i + " of " + indices.shape())
                        + (bound == 0
                                ? " does not exist: there are no " + things
                                : " is outside 0 to " + (bound - 1) + ": there are " + bound + " " + things));
            }
        }
        return numbers;
    }

    /** The shape of rows chosen by indices. */
    static Shape chosen(Shape indices, Shape rows) {
        Shape result = rows.without(0);
        for (int axis = indices.rank() - 1; axis >= 0; axis--) {
            result = result.insert(0, indices.length(axis));
        }
        return result;
    }

    /** How many elements of every row are chosen: one, if the indices lack the axis of the row. */
    static int each(Shape indices, Shape rows) {
        return indices.rank() == rows.rank() ? Math.max(1, indices.length(-1)) : 1;
    }
}
