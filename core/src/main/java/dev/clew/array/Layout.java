package dev.clew.array;

import java.util.Arrays;
import java.util.Optional;

/**
 * Where the elements of an array lie in its storage: at {@code offset + Σ index·stride}; a broadcast axis has stride 0. Immutable, and
 * so are the layouts of views, which show the same storage.
 */
final class Layout {
    private final Shape shape;
    private final int[] strides;
    private final int offset;
    private final boolean contiguous;

    private Layout(Shape shape, int[] strides, int offset) {
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.contiguous = isRowMajor(shape, strides);
    }

    /** Neighboring elements in row-major order, the first at an offset. */
    static Layout rowMajor(Shape shape, int offset) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.length(axis);
        }
        return new Layout(shape, strides, offset);
    }

    private static boolean isRowMajor(Shape shape, int[] strides) {
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            int length = shape.length(axis);
            if (length != 1 && strides[axis] != stride) {
                return false;
            }
            stride *= length;
        }
        return true;
    }

    Shape shape() {
        return shape;
    }

    int offset() {
        return offset;
    }

    /** How far apart neighbors along an axis are; as in shapes, −1 is the last. */
    int stride(int axis) {
        return strides[axis < 0 ? axis + strides.length : axis];
    }

    /** Whether the elements lie together in row-major order. */
    boolean isContiguous() {
        return contiguous;
    }

    /** Whether all elements lie in one place. */
    boolean isOnePlace() {
        return shape.elements() == 1 || isStill();
    }

    private boolean isStill() {
        for (int stride : strides) {
            if (stride != 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the element at an index along every axis lies. */
    int position(int[] index) {
        if (index.length != shape.rank()) {
            throw new IllegalArgumentException("get" + Arrays.toString(index) + " of an array " + shape + ": "
                    + index.length + " indices for " + shape.rank() + " axes");
        }
        int position = offset;
        for (int axis = 0; axis < index.length; axis++) {
            if (index[axis] < 0 || index[axis] >= shape.length(axis)) {
                throw new IndexOutOfBoundsException("get" + Arrays.toString(index) + " of an array " + shape
                        + ": index " + index[axis] + " is outside 0 to " + (shape.length(axis) - 1));
            }
            position += index[axis] * strides[axis];
        }
        return position;
    }

    /** Where the part with this row-major number begins, of the parts into which the first axes divide the array. */
    int start(int part, int axes) {
        int start = offset;
        int rest = part;
        for (int axis = axes - 1; axis >= 0; axis--) {
            int length = shape.length(axis);
            start += (rest % length) * strides[axis];
            rest /= length;
        }
        return start;
    }

    // ------------------------------------------------------------------------------------------------------ views

    /** The same elements, counted row-major, in another shape, if the storage has them so. */
    Optional<Layout> reshape(Shape to) {
        if (to.elements() != shape.elements()) {
            throw new IllegalArgumentException("reshape " + shape + " to " + to + ": " + shape.elements()
                    + " elements cannot become " + to.elements());
        }
        if (isStill()) {
            // One number, however often it is repeated.
            return Optional.of(new Layout(to, new int[to.rank()], offset));
        }
        return contiguous ? Optional.of(rowMajor(to, offset)) : Optional.empty();
    }

    Layout broadcastTo(Shape to) {
        if (to.rank() < shape.rank()
                || !Shape.areBroadcastable(shape, to)
                || !Shape.broadcast(shape, to).equals(to)) {
            throw new IllegalArgumentException(
                    "broadcast " + shape + " to " + to + ": aligned at the last axis, every length must be equal or 1");
        }
        int[] repeated = new int[to.rank()];
        for (int axis = 0, shift = to.rank() - shape.rank(); axis < shape.rank(); axis++) {
            repeated[axis + shift] = shape.length(axis) == 1 ? 0 : strides[axis];
        }
        return new Layout(to, repeated, offset);
    }

    Layout permute(int[] order) {
        if (!namesEveryAxis(order)) {
            throw new IllegalArgumentException("permute " + shape + " by " + Arrays.toString(order)
                    + ": the order must name every axis, counted from 0, once");
        }
        int[] lengths = new int[order.length];
        int[] moved = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            lengths[i] = shape.length(order[i]);
            moved[i] = strides[order[i]];
        }
        return new Layout(Shape.of(lengths), moved, offset);
    }

    private boolean namesEveryAxis(int[] order) {
        boolean[] named = new boolean[shape.rank()];
        for (int axis : order) {
            if (axis < 0 || axis >= named.length || named[axis]) {
                return false;
            }
            named[axis] = true;
        }
        return order.length == named.length;
    }

    Layout slice(int[] start, int[] step, Shape size) {
        if (start.length != shape.rank() || step.length != shape.rank() || size.rank() != shape.rank()) {
            throw new IllegalArgumentException("slice of an array " + shape + ": start " + Arrays.toString(start)
                    + ", step " + Arrays.toString(step) + " and size " + size + " must have a number for every axis");
        }
        int first = offset;
        int[] stretched = new int[start.length];
        for (int axis = 0; axis < start.length; axis++) {
            int length = size.length(axis);
            requireWithin(axis, start[axis], step[axis], length);
            first += length > 0 ? start[axis] * strides[axis] : 0;
            stretched[axis] = step[axis] * strides[axis];
        }
        return new Layout(size, stretched, size.elements() == 0 ? offset : first);
    }

    private void requireWithin(int axis, int start, int step, int length) {
        long end = start + (length - 1L) * step;
        if (step == 0) {
            throw new IllegalArgumentException("slice of axis " + axis + " of an array " + shape
                    + ": a step of 0 goes nowhere; broadcastTo repeats");
        }
        if (length > 0 && (Math.min(start, end) < 0 || Math.max(start, end) >= shape.length(axis))) {
            throw new IndexOutOfBoundsException("slice of axis " + axis + " of an array " + shape + ": elements "
                    + start + " to " + end + " are outside 0 to " + (shape.length(axis) - 1));
        }
    }

    /** The rows {@code from .. to − 1} of the first axis. */
    Layout rows(int from, int to) {
        int[] start = new int[shape.rank()];
        int[] step = new int[shape.rank()];
        Arrays.fill(step, 1);
        if (shape.rank() == 0 || from < 0 || to < from || to > shape.length(0)) {
            throw new IndexOutOfBoundsException(
                    "rows(" + from + ", " + to + ") of an array " + shape + ": need 0 ≤ from ≤ to ≤ its first length");
        }
        start[0] = from;
        return slice(start, step, shape.with(0, to - from));
    }
}
