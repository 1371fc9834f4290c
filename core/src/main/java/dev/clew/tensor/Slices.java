package dev.clew.tensor;

import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.Shape;
import java.util.Arrays;

/** Windows along one axis, with their errors. */
final class Slices {
    private Slices() {}

    static Tensor slice(Tensor x, int axis, int from, int to, int step) {
        Shape shape = x.shape();
        int at = shape.axis(axis);
        int length = shape.length(at);
        if (step < 1 || from < 0 || to < from || to > length) {
            throw new IllegalArgumentException("slice " + from + " to " + to + " by " + step + " of axis " + axis
                    + " of " + shape + ": it needs 0 ≤ from ≤ to ≤ " + length + " and a step of at least 1");
        }
        return window(x, at, from, step, Math.ceilDiv(to - from, step));
    }

    static Tensor get(Tensor x, int axis, int index) {
        Shape shape = x.shape();
        int length = shape.length(axis);
        int found = index < 0 ? index + length : index;
        if (found < 0 || found >= length) {
            throw new IllegalArgumentException("get " + index + " of axis " + axis + " of " + shape
                    + (length == 0 ? ": the axis is empty" : ": indices go from " + -length + " to " + (length - 1)));
        }
        return window(x, shape.axis(axis), found, 1, 1).squeeze(axis);
    }

    private static Tensor window(Tensor x, int axis, int from, int step, int length) {
        int rank = x.shape().rank();
        int[] starts = new int[rank];
        starts[axis] = from;
        int[] steps = new int[rank];
        Arrays.fill(steps, 1);
        steps[axis] = step;
        return new Movement.Slice(new Movement.Window(
                        ImmutableIntArray.copyOf(starts),
                        ImmutableIntArray.copyOf(steps),
                        x.shape().with(axis, length)))
                .on(x);
    }
}
