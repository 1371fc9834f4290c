package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;

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
}
