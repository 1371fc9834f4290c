package dev.clew.tensor;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Windows along one axis and what is made of them, with their errors. */
final class Slices {
    private Slices() {}

    static Tensor from(Tensor x, int axis, int from) {
        return slice(x, axis, from, x.shape().length(axis), 1);
    }

    static Tensor slice(Tensor x, int axis, int from, int to, int step) {
        Shape shape = x.shape();
        int at = shape.axis(axis);
        int length = shape.length(at);
        int start = from < 0 ? from + length : from;
        int end = to < 0 ? to + length : to;
        boolean fits = step > 0
                ? 0 <= start && start <= end && end <= length
                : step < 0 && -1 <= end && end <= start && start < length;
        if (step < 0 && to == -1 && length > 0) {
            throw new IllegalArgumentException(
                    "slice " + from + " to -1 by " + step + " of axis " + axis + " of " + shape
                            + ": -1 is the last element, so nothing lies before it on the way back; to end with element 0, write"
                            + " to = " + (-length - 1) + ", or flip the axis");
        }
        if (!fits) {
            throw new IllegalArgumentException("slice " + from + " to " + to + " by " + step + " of axis " + axis
                    + " of " + shape + ": " + rule(step, length));
        }
        return start == 0 && end == length && step == 1
                ? x
                : window(x, at, Math.max(start, 0), step, Math.ceilDiv(end - start, step));
    }

    private static String rule(int step, int length) {
        if (step == 0) {
            return "a step of 0 goes nowhere; broadcastTo repeats";
        }
        return step > 0
                ? "it needs 0 ≤ from ≤ to ≤ " + length + "; negative numbers count from the end"
                : "a backward slice needs " + (length - 1) + " ≥ from ≥ to, where " + (-length - 1)
                        + " stands before element 0; negative numbers count from the end";
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

    static Tensor flip(Tensor x, int... axes) {
        int[] flipped = x.shape().axes(axes);
        int[] starts = new int[x.shape().rank()];
        int[] steps = ones(x.shape().rank());
        for (int axis : flipped) {
            starts[axis] = Math.max(x.shape().length(axis) - 1, 0);
            steps[axis] = -1;
        }
        return window(x, starts, steps, x.shape());
    }

    static Tensor roll(Tensor x, int axis, int by) {
        int length = x.shape().length(axis);
        int shift = length == 0 ? 0 : Math.floorMod(by, length);
        return shift == 0
                ? x
                : Tensor.concat(axis, List.of(x.slice(axis, length - shift, length), x.slice(axis, 0, length - shift)));
    }

    static List<Tensor> split(Tensor x, int axis, int... lengths) {
        int length = x.shape().length(axis);
        long total = IntStream.of(lengths).asLongStream().sum();
        if (total != length || IntStream.of(lengths).anyMatch(each -> each < 0)) {
            throw new IllegalArgumentException("split axis " + axis + " of " + x.shape() + " into lengths "
                    + Arrays.toString(lengths) + ": they add up to " + total + " but the axis has length " + length
                    + "; lengths are 0 or more and add up to that of the axis");
        }
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (int each : lengths) {
            parts.add(x.slice(axis, from, from + each));
            from += each;
        }
        return List.copyOf(parts);
    }

    static List<Tensor> split(Tensor x, int axis, int parts) {
        int length = x.shape().length(axis);
        if (parts < 1 || length % parts != 0) {
            throw new IllegalArgumentException("split axis " + axis + " of " + x.shape() + " into " + parts
                    + " parts: a length of " + length + " does not divide into so many equal parts;"
                    + " give their lengths: split(axis, new int[] {...})");
        }
        int[] lengths = new int[parts];
        Arrays.fill(lengths, length / parts);
        return split(x, axis, lengths);
    }

    /** The elements (..., i, i + offset): in the last two axes taken as one, they lie one row and one column apart. */
    static Tensor diagonal(Tensor x, int offset) {
        Shape shape = x.shape();
        if (shape.rank() < 2) {
            throw new IllegalArgumentException(
                    "diagonal of " + shape + ": it runs through two axes, and there are fewer");
        }
        int rows = shape.length(-2);
        int columns = shape.length(-1);
        if (shape.elements() == 0) {
            int none = Math.max(0, Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)));
            return x.reshape(shape.without(-1).with(-1, none));
        }
        int first = offset < 0 ? Math.min(-offset, rows) : 0;
        int length = Math.max(0, Math.min(rows - first, columns - Math.max(offset, 0)));
        Shape flat = shape.without(-1).with(-1, Math.multiplyExact(rows, columns));
        int start = length == 0 ? 0 : first * columns + Math.max(offset, 0);
        return window(x.reshape(flat), flat.rank() - 1, start, columns + 1, length);
    }

    static Tensor moveAxis(Tensor x, int from, int to) {
        int rank = x.shape().rank();
        int source = x.shape().axis(from);
        int target = x.shape().axis(to);
        if (source == target) {
            return x;
        }
        IntArrayList order = IntArrayList.toList(IntStream.range(0, rank));
        order.removeInt(source);
        order.add(target, source);
        return x.transpose(order.toIntArray());
    }

    private static Tensor window(Tensor x, int axis, int from, int step, int length) {
        int[] starts = new int[x.shape().rank()];
        starts[axis] = from;
        int[] steps = ones(starts.length);
        steps[axis] = step;
        return window(x, starts, steps, x.shape().with(axis, length));
    }

    private static Tensor window(Tensor x, int[] starts, int[] steps, Shape size) {
        return new Movement.Slice(IntTuple.of(starts), IntTuple.of(steps), size).on(x);
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
