package dev.clew.array;

import com.google.common.primitives.Ints;
import dev.clew.internal.array.Present;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The lengths of an array along its axes, outermost first; {@code ()} is a single number.
 *
 * <p>An axis may be named from the end: -1 is the last.
 */
public final class Shape {
    /** The shape of a single number. */
    public static final Shape SCALAR = new Shape(new int[0], 1);

    private final int[] lengths;

    private final int elements;

    private Shape(int[] lengths, int elements) {
        this.lengths = lengths;
        this.elements = elements;
    }

    /**
     * The shape with these lengths.
     *
     * @throws IllegalArgumentException if a length is negative, or the number of elements is more than 2³¹ − 1
     */
    public static Shape of(int... lengths) {
        if (lengths == null) {
            Present.require("shape", (Object) lengths);
        }
        if (lengths.length == 0) {
            return SCALAR;
        }
        return owned(lengths.clone());
    }

    /** The shape with lengths that nobody else holds. */
    private static Shape owned(int[] own) {
        if (own.length == 0) {
            return SCALAR;
        }
        long elements = 1;
        boolean tooMany = false;
        for (int length : own) {
            if (length < 0) {
                throw new IllegalArgumentException(
                        "shape " + text(own) + ": the length " + length + " is negative; lengths are 0 or more");
            }
            elements *= length;
            tooMany |= elements > Integer.MAX_VALUE;
            elements = Math.min(elements, Integer.MAX_VALUE);
        }
        if (tooMany && elements != 0) {
            throw new IllegalArgumentException(
                    "shape " + text(own) + " has more than 2147483647 elements, the most that one array can hold");
        }
        return new Shape(own, (int) elements);
    }

    /** The number of axes. */
    public int rank() {
        return lengths.length;
    }

    /** The number of elements: the product of the lengths. */
    public int elements() {
        return elements;
    }

    /** The length along an axis, which may be counted from the end. */
    public int length(int axis) {
        return lengths[axis(axis)];
    }

    /** All lengths, outermost first, in a new array. */
    public int[] lengths() {
        return lengths.clone();
    }

    /**
     * An axis counted from the start.
     *
     * @throws IllegalArgumentException if there is no such axis
     */
    public int axis(int axis) {
        int found = axis < 0 ? axis + lengths.length : axis;
        if (found < 0 || found >= lengths.length) {
            throw new IllegalArgumentException("axis " + axis + " of shape " + this + ": "
                    + (lengths.length == 0
                            ? "a single number has no axis"
                            : "axes go from " + -lengths.length + " to " + (lengths.length - 1)));
        }
        return found;
    }

    /**
     * Axes counted from the start, each once, in ascending order; none given means all of them.
     *
     * @throws IllegalArgumentException if an axis does not exist or is named twice
     */
    public int[] axes(int... axes) {
        Present.require("axes", (Object) axes);
        if (axes.length == 0) {
            int[] all = new int[rank()];
            Arrays.setAll(all, i -> i);
            return all;
        }
        int[] found = axes.clone();
        for (int i = 0; i < found.length; i++) {
            found[i] = axis(axes[i]);
        }
        Arrays.sort(found);
        for (int i = 1; i < found.length; i++) {
            if (found[i] == found[i - 1]) {
                throw new IllegalArgumentException("axes " + Arrays.toString(axes) + " of shape " + this + ": axis "
                        + found[i] + " is named twice");
            }
        }
        return found;
    }

    /** This shape with another length along one axis. */
    public Shape with(int axis, int length) {
        int[] changed = lengths();
        changed[axis(axis)] = length;
        return owned(changed);
    }

    /** This shape without some axes. */
    public Shape without(int... axes) {
        Present.require("without", (Object) axes);
        int[] drop = axes.length == 0 ? axes : axes(axes);
        int[] kept = new int[rank() - drop.length];
        for (int axis = 0, next = 0; axis < rank(); axis++) {
            if (!Ints.contains(drop, axis)) {
                kept[next++] = lengths[axis];
            }
        }
        return owned(kept);
    }

    /** This shape with a new axis of some length in front of the given one; the rank puts it last. */
    public Shape insert(int axis, int length) {
        int at = axis < 0 ? axis + rank() + 1 : axis;
        if (at < 0 || at > rank()) {
            throw new IllegalArgumentException(
                    "new axis " + axis + " of shape " + this + ": it may stand at " + -(rank() + 1) + " to " + rank());
        }
        int[] longer = new int[rank() + 1];
        System.arraycopy(lengths, 0, longer, 0, at);
        longer[at] = length;
        System.arraycopy(lengths, at, longer, at + 1, rank() - at);
        return owned(longer);
    }

    /** Whether two shapes broadcast: aligned at the end, lengths are equal or one of them is 1. */
    public static boolean areBroadcastable(Shape a, Shape b) {
        Present.single("areBroadcastable", a, b);
        for (int back = 1; back <= Math.min(a.rank(), b.rank()); back++) {
            int x = a.lengths[a.rank() - back];
            int y = b.lengths[b.rank() - back];
            if (x != y && x != 1 && y != 1) {
                return false;
            }
        }
        return true;
    }

    /**
     * The common shape of two operands by NumPy's rule.
     *
     * @throws IllegalArgumentException if they do not broadcast
     */
    public static Shape broadcast(Shape a, Shape b) {
        Present.single("broadcast", a, b);
        if (a.equals(b)) {
            return a;
        }
        if (!areBroadcastable(a, b)) {
            throw new IllegalArgumentException("shapes " + a + " and " + b
                    + " do not broadcast: aligned at the last axis," + " lengths must be equal or one of them 1");
        }
        int[] lengths = new int[Math.max(a.rank(), b.rank())];
        for (int back = 1; back <= lengths.length; back++) {
            int x = back <= a.rank() ? a.lengths[a.rank() - back] : 1;
            int y = back <= b.rank() ? b.lengths[b.rank() - back] : 1;
            lengths[lengths.length - back] = x == 1 ? y : x;
        }
        return owned(lengths);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Shape that && Arrays.equals(lengths, that.lengths));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lengths);
    }

    /** As errors print it: {@code (32, 16)}, {@code (8)}, {@code ()}. */
    @Override
    public String toString() {
        return text(lengths);
    }

    private static String text(int[] lengths) {
        return Arrays.stream(lengths).mapToObj(Integer::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
