package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.List;

/** Elements repeated, and constants put around them. */
final class Repetitions {
    private Repetitions() {}

    static Tensor repeat(Tensor x, int axis, int times) {
        Shape shape = x.shape();
        int at = shape.axis(axis);
        if (times < 0) {
            throw new IllegalArgumentException(
                    "repeat axis " + axis + " of " + shape + " " + times + " times: the count must be 0 or more");
        }
        return x.expandDims(at + 1)
                .broadcastTo(shape.insert(at + 1, times))
                .reshape(shape.with(at, Math.multiplyExact(shape.length(at), times)));
    }

    /** Every axis gets one in front, which is broadcast and then joined with it. */
    static Tensor tile(Tensor x, int... times) {
        if (Arrays.stream(times).anyMatch(each -> each < 0)) {
            throw new IllegalArgumentException(
                    "tile " + x.shape() + " by " + Arrays.toString(times) + ": every count must be 0 or more");
        }
        int rank = Math.max(x.shape().rank(), times.length);
        int[] single = new int[2 * rank];
        int[] repeated = new int[2 * rank];
        int[] joined = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int own = axis - (rank - x.shape().rank());
            int given = axis - (rank - times.length);
            int length = own < 0 ? 1 : x.shape().length(own);
            int count = given < 0 ? 1 : times[given];
            single[2 * axis] = 1;
            single[2 * axis + 1] = length;
            repeated[2 * axis] = count;
            repeated[2 * axis + 1] = length;
            joined[axis] = Math.multiplyExact(count, length);
        }
        return x.reshape(Shape.of(single)).broadcastTo(repeated).reshape(Shape.of(joined));
    }

    static Tensor pad(Tensor x, int axis, int before, int after, double value) {
        if (before < 0 || after < 0) {
            throw new IllegalArgumentException("pad axis " + axis + " of " + x.shape() + " by " + before
                    + " before and " + after + " after: both must be 0 or more; slice takes elements away");
        }
        if (before == 0 && after == 0) {
            return x;
        }
        return Tensor.concat(axis, List.of(edge(x, axis, before, value), x, edge(x, axis, after, value)));
    }

    private static Tensor edge(Tensor x, int axis, int length, double value) {
        return Tensor.of(NDArray.full(value, x.dtype(), x.shape().with(axis, length)));
    }
}
