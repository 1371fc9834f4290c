package dev.clew.internal.compile.layout;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Transfer;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** Where the elements of a node lie: at offset + Σ index·stride of a block, counted in elements. */
public record MemoryView(MemoryBlock block, int offset, Shape shape, IntTuple strides, DType type) {

    /** All of a new block, row-major. */
    public static MemoryView contiguous(Shape shape, DType type) {
        return new MemoryView(new MemoryBlock((long) shape.elements() * type.bytes()), 0, shape, rowMajor(shape), type);
    }

    public static IntTuple rowMajor(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(1, shape.length(axis));
        }
        return IntTuple.of(strides);
    }

    /** Neighboring elements of a block, {@code from .. to − 1}. */
    @FunctionalInterface
    public interface Run {
        void of(int from, int to);
    }

    /** The elements in runs of neighbors, as long as they are row-major. */
    public void eachRun(Run run) {
        if (shape.elements() > 0) {
            eachRun(0, offset, run);
        }
    }

    private void eachRun(int axis, int from, Run run) {
        int together = together(axis);
        if (together > 0) {
            run.of(from, from + together);
            return;
        }
        int steps = stride(axis) == 0 ? 1 : shape.length(axis);
        for (int i = 0; i < steps; i++) {
            eachRun(axis + 1, from + i * stride(axis), run);
        }
    }

    /** How many elements lie side by side, if all from an axis on do; else 0. */
    private int together(int axis) {
        int count = 1;
        for (int i = shape.rank() - 1; i >= axis; i--) {
            int length = shape.length(i);
            if (length > 1 && stride(i) != 0) {
                if (stride(i) != count) {
                    return 0;
                }
                count *= length;
            }
        }
        return count;
    }

    public int stride(int axis) {
        return strides.get(axis);
    }

    /** In bytes, from the start of the block. */
    long start() {
        return (long) offset * type.bytes();
    }

    /** Where it begins in memory, in bytes. */
    public long address() {
        return block.base() + start();
    }

    /** An array of what it shows; what it repeats is loaded once. */
    public NDArray load(MemorySegment memory) {
        Shape once = shape;
        for (int axis = 0; axis < once.rank(); axis++) {
            if (stride(axis) == 0 && once.length(axis) > 1) {
                once = once.with(axis, 1);
            }
        }
        return Transfer.load(memory, address(), type, once, strides.toArray()).broadcastTo(shape);
    }

    /** Writes an array to where it lies. */
    public void store(NDArray array, MemorySegment memory) {
        Transfer.store(array, memory, address(), strides.toArray());
    }

    public boolean isContiguous() {
        if (shape.elements() == 0) {
            return true;
        }
        int expected = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.length(axis) != 1 && strides.get(axis) != expected) {
                return false;
            }
            expected *= shape.length(axis);
        }
        return true;
    }

    /** Whether another view of this shape shows the same places in memory. */
    public boolean showsSame(MemoryView other) {
        if (block != other.block || offset != other.offset) {
            return shape.elements() == 0;
        }
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.length(axis) != 1 && strides.get(axis) != other.strides.get(axis)) {
                return false;
            }
        }
        return true;
    }

    /** Whether another view shows in its block what this one shows in its own: the same place, if one lies upon the other. */
    public boolean isLike(MemoryView other) {
        return offset == other.offset
                && type == other.type
                && shape.equals(other.shape)
                && strides.equals(other.strides);
    }

    /** The same elements seen in another shape, if strides can say so. */
    Optional<MemoryView> reshape(Shape to) {
        if (isContiguous()) {
            return Optional.of(new MemoryView(block, offset, to, rowMajor(to), type));
        }
        int[] result = new int[to.rank()];
        AxesToCut source = new AxesToCut();
        for (int i = to.rank() - 1; i >= 0; i--) {
            if (to.length(i) != 1) {
                OptionalInt stride = source.take(to.length(i));
                if (stride.isEmpty()) {
                    return Optional.empty();
                }
                result[i] = stride.getAsInt();
            }
        }
        return source.isUsedUp()
                ? Optional.of(new MemoryView(block, offset, to, IntTuple.of(result), type))
                : Optional.empty();
    }

    /** The axes of this view from the last to the first, of which axes of other lengths are cut. */
    private final class AxesToCut {
        private int axis = shape.rank() - 1;
        /** What is left of the axes that were begun, and how far apart its elements are. */
        private int left = 1;

        private int stride = 1;

        /** The stride of an axis of some length, if one can be cut off. */
        OptionalInt take(int length) {
            if (left == 1 && !begin()) {
                return OptionalInt.empty();
            }
            while (left < length) {
                if (!lengthen()) {
                    return OptionalInt.empty();
                }
            }
            if (left % length != 0) {
                return OptionalInt.empty();
            }
            int taken = stride;
            left /= length;
            stride *= length;
            return OptionalInt.of(taken);
        }

        boolean isUsedUp() {
            return left == 1;
        }

        private boolean begin() {
            skipSingles();
            if (axis < 0) {
                return false;
            }
            stride = strides.get(axis);
            left = shape.length(axis--);
            return true;
        }

        /** By the next axis, if its elements go on where those of the ones before end. */
        private boolean lengthen() {
            skipSingles();
            if (axis < 0 || strides.get(axis) != stride * left) {
                return false;
            }
            left *= shape.length(axis--);
            return true;
        }

        private void skipSingles() {
            while (axis >= 0 && shape.length(axis) == 1) {
                axis--;
            }
        }
    }

    public MemoryView permute(IntTuple order) {
        int[] moved = new int[order.length()];
        int[] lengths = new int[order.length()];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = strides.get(order.get(i));
            lengths[i] = shape.length(order.get(i));
        }
        return new MemoryView(block, offset, Shape.of(lengths), IntTuple.of(moved), type);
    }

    public MemoryView slice(Window window) {
        int start = offset;
        int[] stepped = new int[shape.rank()];
        for (int axis = 0; axis < stepped.length; axis++) {
            stepped[axis] = strides.get(axis) * window.step().get(axis);
            start += window.size().elements() == 0 ? 0 : window.start().get(axis) * strides.get(axis);
        }
        return new MemoryView(block, start, window.size(), IntTuple.of(stepped), type);
    }

    MemoryView broadcast(Shape to) {
        int[] repeated = new int[to.rank()];
        int added = to.rank() - shape.rank();
        for (int axis = 0; axis < shape.rank(); axis++) {
            repeated[axis + added] = shape.length(axis) == to.length(axis + added) ? strides.get(axis) : 0;
        }
        return new MemoryView(block, offset, to, IntTuple.of(repeated), type);
    }

    /** A window of this view that begins some way along an axis. */
    public MemoryView window(int axis, int from, Shape size) {
        return new MemoryView(block, offset + from * strides.get(axis), size, strides, type);
    }

    /** What a view-making operation sees of its input, if no copy is needed. */
    public static Optional<MemoryView> through(Node node, MemoryView input) {
        return switch (node.op()) {
            case Movement.Reshape reshape -> input.reshape(reshape.to());
            case Movement.Transpose transpose -> Optional.of(input.permute(transpose.order()));
            case Movement.Slice slice -> Optional.of(input.slice(Window.of(slice)));
            case Movement.Broadcast broadcast -> Optional.of(input.broadcast(broadcast.to()));
            case Place _, Movement.Concat _ -> Optional.empty();
            case Elementwise _, Contraction _, Reduction _, Scan _, Selection _, Source _, Custom _ -> Optional.empty();
        };
    }

    /** Where an input must lie for the result of an operation to lie here; only for those that lose no element. */
    Optional<MemoryView> before(Node node, Shape from) {
        return switch (node.op()) {
            case Movement.Reshape reshape -> reshape(from);
            case Movement.Transpose transpose -> Optional.of(permute(inverse(transpose.order())));
            case Movement.Slice _, Movement.Broadcast _, Place _, Movement.Concat _ -> Optional.empty();
            case Elementwise _, Contraction _, Reduction _, Scan _, Selection _, Source _, Custom _ -> Optional.empty();
        };
    }

    private static IntTuple inverse(IntTuple order) {
        int[] inverse = new int[order.length()];
        for (int i = 0; i < inverse.length; i++) {
            inverse[order.get(i)] = i;
        }
        return IntTuple.of(inverse);
    }

    @Override
    public String toString() {
        return shape + " " + type + " at " + offset + " by " + Arrays.toString(strides.toArray());
    }
}
