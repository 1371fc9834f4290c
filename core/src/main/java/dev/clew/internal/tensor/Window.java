package dev.clew.internal.tensor;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.tensor.Movement;
import java.util.Arrays;

/** A window of an array: along axis i the elements start[i], start[i] + step[i], ..., size[i] of them. */
public record Window(IntTuple start, IntTuple step, Shape size) {
    /** What a slice takes. */
    public static Window of(Movement.Slice slice) {
        return new Window(slice.start(), slice.step(), slice.size());
    }

    /** Where a part of some size lies in a concat, if it begins there. */
    public static Window ofPart(Movement.Concat concat, int from, Shape size) {
        int[] start = new int[size.rank()];
        start[concat.axis()] = from;
        int[] ones = new int[size.rank()];
        Arrays.fill(ones, 1);
        return new Window(IntTuple.of(start), IntTuple.of(ones), size);
    }

    /** The operation that takes its elements. */
    public Movement.Slice slice() {
        return new Movement.Slice(start, step, size);
    }
}
