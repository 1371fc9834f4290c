package dev.clew.internal.tensor;

import com.google.common.primitives.Ints;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Naming;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Indices are checked where they become known: constants on the line that builds the node, others when evaluated. */
public final class Indices {
    private Indices() {}

    static void check(String label, Tensor indices, int bound, String things) {
        DTypes.require(label, indices, DType.I32);
        if (indices.op() instanceof Source.Constant constant) {
            of(label, indices, constant.array(), bound, things);
        }
    }

    public static void check(String label, Tensor indices, Naming naming, Shape from, int bound) {
        DTypes.require(label, indices, DType.I32);
        if (indices.op() instanceof Source.Constant constant) {
            naming.of(indices, constant.array(), from, bound);
        }
    }

    /** The numbers of indices, which are data: none counts from the end. */
    public static int[] of(String label, Tensor indices, NDArray array, int bound, String things) {
        return of(label, indices, array, bound, things, array.shape(), at -> at);
    }

    /**
     * The same where the indices were moved from where the caller has them.
     *
     * @param asked the shape that they have there
     * @param position where an element is there
     */
    public static int[] of(
            String label,
            Tensor indices,
            NDArray array,
            int bound,
            String things,
            Shape asked,
            IntUnaryOperator position) {
        int[] numbers = array.toInts();
        int at = outside(numbers, bound);
        if (at >= 0) {
            throw new IllegalArgumentException(label + ": index " + numbers[at]
                    + (asked.rank() == 0 ? "" : " at position " + position.applyAsInt(at) + " of " + asked)
                    + from(indices, at)
                    + (bound == 0
                            ? " does not exist: there are no " + things
                            : " is outside 0 to " + (bound - 1) + ": there are " + bound + " " + things)
                    + (numbers[at] < 0 && numbers[at] >= -bound
                            ? "; indices in a tensor are data, and none counts from the end"
                            : ""));
        }
        return numbers;
    }

    /** Where the first index is that is outside of 0 to bound - 1, or -1. */
    public static int outside(int[] indices, int bound) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= bound) {
                return i;
            }
        }
        return -1;
    }

    /** Indices that the program states: negative ones count from the end, as in {@link Tensor#get(int)}. */
    public static Tensor stated(String label, int[] indices, int bound, String things) {
        int[] counted = indices.clone();
        for (int i = 0; i < counted.length; i++) {
            counted[i] += counted[i] < 0 ? bound : 0;
            if (counted[i] < 0 || counted[i] >= bound) {
                throw new IllegalArgumentException(label + ": index " + indices[i] + " at position " + i + " of ("
                        + counted.length + ")"
                        + (bound == 0
                                ? " does not exist: there are no " + things
                                : " is outside " + -bound + " to " + (bound - 1) + ": there are " + bound + " "
                                        + things));
            }
        }
        return Tensor.of(counted);
    }

    /** Which element of an input of a plan an index was, if it was only moved on the way, or which inputs it came from. */
    public static String from(Tensor indices, int element) {
        Tensor at = indices;
        int[] place = {element};
        while (at.inputCount() > 0 && (at.op() instanceof Movement || isFilled(at))) {
            Tensor node = at;
            Tensor[] next = {at};
            int own = place[0];
            Reads.each(node, own, condition -> NDArray.full(0, DType.BOOL, condition.shape()), (input, read) -> {
                next[0] = node.input(input);
                place[0] = read;
            });
            at = next[0];
        }
        if (at.op() instanceof Source.Input) {
            return ", from the " + at.describe()
                    + (at.shape().rank() == 0 ? "" : " at " + Ints.asList(Reads.index(at.shape(), place[0])));
        }
        String inputs = inputs(indices).map(Tensor::describe).collect(Collectors.joining(" and the "));
        return inputs.isEmpty() ? "" : ", computed from the " + inputs;
    }

    /** Whether it is another tensor with a number in some places, as {@link Tensor#maskedFill} makes it. */
    private static boolean isFilled(Tensor node) {
        return node.op() instanceof Elementwise.Where
                && inputs(node.input(1)).findAny().isEmpty();
    }

    private static Stream<Tensor> inputs(Tensor node) {
        return Graph.of(List.of(node)).nodes().stream()
                .filter(each ->
                        each.op() instanceof Source.Input input && !input.name().isEmpty());
    }

    /** The shape of rows chosen by indices. */
    public static Shape chosen(Shape indices, Shape rows) {
        Shape result = rows.without(0);
        for (int axis = indices.rank() - 1; axis >= 0; axis--) {
            result = result.insert(0, indices.length(axis));
        }
        return result;
    }

    /** How many elements of every row are chosen: one, if the indices lack the axis of the row. */
    public static int each(Shape indices, Shape rows) {
        return indices.rank() == rows.rank() ? Math.max(1, indices.length(-1)) : 1;
    }
}
