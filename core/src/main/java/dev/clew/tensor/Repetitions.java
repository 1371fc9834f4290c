package dev.clew.tensor;

import com.google.common.primitives.Longs;
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
        long[] lengths = lengths(shape);
        lengths[at] *= times;
        Shape to = requireSize("repeat axis " + axis + " of " + shape + " " + times + " times", lengths);
        return x.expandDims(at + 1).broadcastTo(shape.insert(at + 1, times)).reshape(to);
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
        long[] joined = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            int own = axis - (rank - x.shape().rank());
            int given = axis - (rank - times.length);
            int length = own < 0 ? 1 : x.shape().length(own);
            int count = given < 0 ? 1 : times[given];
            single[2 * axis] = 1;
            single[2 * axis + 1] = length;
            repeated[2 * axis] = count;
            repeated[2 * axis + 1] = length;
            joined[axis] = (long) count * length;
        }
        Shape to = requireSize("tile " + x.shape() + " by " + Arrays.toString(times), joined);
        return x.reshape(Shape.of(single)).broadcastTo(repeated).reshape(to);
    }

    private static long[] lengths(Shape shape) {
        return Arrays.stream(shape.lengths()).asLongStream().toArray();
    }

    /** The shape of a result, before it is made on the way through others. */
    private static Shape requireSize(String asked, long... lengths) {
        double elements = Arrays.stream(lengths).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (elements > Integer.MAX_VALUE || Arrays.stream(lengths).anyMatch(length -> length > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(asked + ": the result would have the shape (" + Longs.join(", ", lengths)
                    + "), more than 2147483647 elements, the most that one array can hold;"
                    + " a broadcast axis of length 1 repeats without taking room");
        }
        return Shape.of(Arrays.stream(lengths).mapToInt(Math::toIntExact).toArray());
    }

    static Tensor pad(Tensor x, int axis, int before, int after, double value) {
        if (before < 0 || after < 0) {
            throw new IllegalArgumentException("pad axis " + axis + " of " + x.shape() + " by " + before
                    + " before and " + after + " after: both must be 0 or more; slice takes elements away");
        }
        if (before == 0 && after == 0) {
            return x;
        }
        long[] lengths = lengths(x.shape());
        lengths[x.shape().axis(axis)] += (long) before + after;
        requireSize(
                "pad axis " + axis + " of " + x.shape() + " by " + before + " before and " + after + " after", lengths);
        return Tensor.concat(axis, List.of(edge(x, axis, before, value), x, edge(x, axis, after, value)));
    }

    private static Tensor edge(Tensor x, int axis, int length, double value) {
        return Tensor.of(NDArray.full(value, x.dtype(), x.shape().with(axis, length)));
    }
}
