package dev.clew.internal.compile.rewrite;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.stream.IntStream;

/** Windows and what they are parts of: slices of slices, slices of concats, concats of slices. */
public final class SlicesAndConcats {
    private SlicesAndConcats() {}

    /** Whether a window takes every element between its first and its last. */
    public static boolean isPlain(Window window) {
        for (int axis = 0; axis < window.size().rank(); axis++) {
            if (window.step().get(axis) != 1 && window.size().length(axis) != 1) {
                return false;
            }
        }
        return true;
    }

    /** The window of a window. */
    public static Window within(Window outer, Window inner) {
        IntArrayList start = new IntArrayList();
        IntArrayList step = new IntArrayList();
        for (int axis = 0; axis < inner.size().rank(); axis++) {
            start.add(outer.start().get(axis)
                    + inner.start().get(axis) * outer.step().get(axis));
            step.add(outer.step().get(axis) * inner.step().get(axis));
        }
        return new Window(IntTuple.of(start.toIntArray()), IntTuple.of(step.toIntArray()), inner.size());
    }

    /** A slice that lies within one part of a concat is a slice of that part. */
    public static int sliceOfConcat(Program.Builder builder, Node slice, Window window) {
        Node from = builder.node(slice.input(0));
        if (!(from.op() instanceof Movement.Concat concat) || slice.shape().elements() == 0) {
            return builder.add(slice);
        }
        int axis = concat.axis();
        int first = window.start().get(axis);
        int last = first + (window.size().length(axis) - 1) * window.step().get(axis);
        for (int i = 0; i < from.inputCount(); i++) {
            Node part = builder.node(from.input(i));
            int begin = concat.starts().get(i);
            int end = begin + part.shape().length(axis);
            if (Math.min(first, last) >= begin && Math.max(first, last) < end) {
                int[] start = window.start().toArray();
                start[axis] -= begin;
                Window moved = new Window(IntTuple.of(start), window.step(), window.size());
                boolean isWhole = part.shape().equals(window.size()) && isPlain(moved);
                return isWhole ? from.input(i) : builder.add(moved.slice(), window.size(), slice.type(), from.input(i));
            }
        }
        return builder.add(slice);
    }

    /** The axis along which windows, none before the end of the one before it, cover a shape; -1 if they do not. */
    public static int tiledAxis(Place place) {
        Shape to = place.to();
        for (int axis = 0; axis < to.rank(); axis++) {
            if (tiles(place, axis)) {
                return axis;
            }
        }
        return -1;
    }

    private static boolean tiles(Place place, int axis) {
        int next = 0;
        for (int i : order(place, axis)) {
            Window window = place.windows().get(i);
            boolean fits = isPlain(window)
                    && window.start().get(axis) == next
                    && window.size().with(axis, place.to().length(axis)).equals(place.to());
            if (!fits) {
                return false;
            }
            next += window.size().length(axis);
        }
        return next == place.to().length(axis);
    }

    /** The windows by their start along an axis. */
    public static int[] order(Place place, int axis) {
        int[] order = IntStream.range(0, place.windows().size()).toArray();
        IntArrays.stableSort(
                order,
                (i, j) -> Integer.compare(
                        place.windows().get(i).start().get(axis),
                        place.windows().get(j).start().get(axis)));
        return order;
    }

    /** Consecutive chunks, in order and complete, of one node are that node. */
    public static int concat(Program.Builder builder, Node concat) {
        int base = -1;
        int next = 0;
        for (int i = 0; i < concat.inputCount(); i++) {
            Chunk chunk = Chunk.of(builder, concat.input(i));
            if ((i > 0 && chunk.base != base) || chunk.offset != next) {
                return OneByOne.joined(builder, concat);
            }
            base = chunk.base;
            next += builder.node(concat.input(i)).shape().elements();
        }
        Node whole = builder.node(base);
        boolean isChunked = leading(concat.shape(), ((Movement.Concat) concat.op()).axis()) == 1;
        if (!isChunked || whole.shape().elements() != next) {
            return OneByOne.joined(builder, concat);
        }
        return whole.shape().equals(concat.shape())
                ? base
                : builder.add(new Movement.Reshape(concat.shape()), concat.shape(), concat.type(), base);
    }

    private static int leading(Shape shape, int axis) {
        int count = 1;
        for (int i = 0; i < axis; i++) {
            count *= shape.length(i);
        }
        return count;
    }

    /** A stretch of a node's elements, counted row-major. */
    private record Chunk(int base, int offset) {
        static Chunk of(Program.Builder builder, int position) {
            int at = position;
            int offset = 0;
            while (true) {
                Node node = builder.node(at);
                if (node.op() instanceof Movement.Reshape) {
                    at = node.input(0);
                } else if (node.op() instanceof Movement.Slice slice && isChunk(builder, node, Window.of(slice))) {
                    Shape from = builder.node(node.input(0)).shape();
                    offset += start(from, Window.of(slice));
                    at = node.input(0);
                } else {
                    return new Chunk(at, offset);
                }
            }
        }

        /** Whether a window's elements follow one another: whole axes after the first that is cut, single elements before. */
        private static boolean isChunk(Program.Builder builder, Node node, Window window) {
            Shape from = builder.node(node.input(0)).shape();
            boolean isCut = false;
            for (int axis = from.rank() - 1; axis >= 0; axis--) {
                if (isCut && window.size().length(axis) != 1) {
                    return false;
                }
                isCut |= window.size().length(axis) != from.length(axis);
            }
            return isPlain(window);
        }

        private static int start(Shape from, Window window) {
            int start = 0;
            for (int axis = 0; axis < from.rank(); axis++) {
                start = start * from.length(axis) + window.start().get(axis);
            }
            return start;
        }
    }
}
