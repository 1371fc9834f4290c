package dev.clew.tensor;

import com.google.common.primitives.Ints;
import dev.clew.array.NDArray;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a bad number came from: a node that has a NaN or an infinity while its inputs have none.
 *
 * <p>If a result is bad, this is the first node, in the order of computing, from which bad numbers lead to that result
 * without a gap. So an infinity that a mask discards on the way forward is not blamed for a NaN that arises on the way back. If
 * all results are finite, it is the first bad node there is.
 *
 * @param node the node
 * @param index where its first bad number is
 * @param value that number
 * @param operands for an elementwise operation, the numbers that the bad one was computed from
 * @param discardedBy a node that is computed from it and has no bad number, if there is one
 */
public record NonFinite(
        Tensor node, List<Integer> index, double value, List<Double> operands, Optional<Tensor> discardedBy) {
    private static final String REMEDY =
            ": 0·∞ and 0/0 are NaN. Replace the input before the operation, not its result after it:"
                    + " where(ok, where(ok, x, one).sqrt(), zero)";

    private static final int BLOCK = 512;

    /** Evaluates some tensors once more by the plain walk, from the sources, looking at every value on the way. */
    public static Optional<NonFinite> first(List<Tensor> outputs) {
        return first(outputs, NonFinite::isNotFinite);
    }

    /**
     * Throws if a value that was asked for has a NaN: names the node that made it from numbers, and if these were infinite,
     * the one that the infinity came from. An infinity alone may be meant, as in masks. A source is not asked.
     *
     * @throws ArithmeticException with the node, its shapes, its inputs and the line of the program that made it
     */
    static void requireNumbers(List<Tensor> outputs, List<NDArray> values) {
        for (int i = 0; i < values.size(); i++) {
            Tensor output = outputs.get(i);
            if (!(output.op() instanceof Source) && in(output, values.get(i), Double::isNaN) != null) {
                first(List.of(output), Double::isNaN).ifPresent(nan -> {
                    throw new ArithmeticException("a NaN in " + output.describe() + ". It begins here: " + nan
                            + first(List.of(nan.node))
                                    .filter(origin -> origin.node != nan.node)
                                    .map(origin -> ". Before it, what is not finite begins here: " + origin)
                                    .orElse(""));
                });
            }
        }
    }

    private static Optional<NonFinite> first(List<Tensor> outputs, DoublePredicate isBad) {
        Graph graph = Graph.of(outputs);
        @Nullable NonFinite[] bad = new @Nullable NonFinite[graph.size()];
        new Walk(false, (node, value) -> bad[graph.position(node)] = in(node, value, isBad)).evaluate(outputs);
        BitSet blamed = leadingTo(outputs, graph, bad);
        int first = blamed.nextSetBit(0);
        for (int i = 0; first < 0 && i < bad.length; i++) {
            first = bad[i] == null ? -1 : i;
        }
        return first < 0 ? Optional.empty() : Optional.ofNullable(bad[first]).map(found -> found.within(graph, bad));
    }

    /** The bad nodes from which only bad nodes lead to a result. */
    private static BitSet leadingTo(List<Tensor> outputs, Graph graph, @Nullable NonFinite[] bad) {
        BitSet blamed = new BitSet();
        outputs.stream().mapToInt(graph::position).filter(i -> bad[i] != null).forEach(blamed::set);
        for (int i = blamed.length() - 1; i >= 0; i = blamed.previousSetBit(i - 1)) {
            for (Tensor input : graph.node(i).inputs()) {
                if (bad[graph.position(input)] != null) {
                    blamed.set(graph.position(input));
                }
            }
        }
        return blamed;
    }

    /** Whether every number is finite. */
    public static boolean allFinite(NDArray array) {
        return first(array, NonFinite::isNotFinite) < 0;
    }

    private static boolean isNotFinite(double x) {
        return !Double.isFinite(x);
    }

    /** A row-major position, or -1. */
    private static int first(NDArray array, DoublePredicate isBad) {
        int elements = array.dtype().isFloating() ? array.shape().elements() : 0;
        double[] block = new double[Math.min(BLOCK, elements)];
        for (int from = 0; from < elements; from += block.length) {
            int count = Math.min(block.length, elements - from);
            array.load(block, from, count);
            for (int i = 0; i < count; i++) {
                if (isBad.test(block[i])) {
                    return from + i;
                }
            }
        }
        return -1;
    }

    private static @Nullable NonFinite in(Tensor node, NDArray value, DoublePredicate isBad) {
        int at = first(value, isBad);
        if (at < 0) {
            return null;
        }
        int[] index = new int[value.shape().rank()];
        int rest = at;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % value.shape().length(axis);
            rest /= value.shape().length(axis);
        }
        return new NonFinite(node, Ints.asList(index), value.get(index), List.of(), Optional.empty());
    }

    private NonFinite within(Graph graph, @Nullable NonFinite[] bad) {
        Optional<Tensor> discarding = graph.nodes().stream()
                .filter(user -> user.inputs().contains(node) && user.dtype().isFloating())
                .filter(user -> bad[graph.position(user)] == null)
                .findFirst();
        return new NonFinite(
                node, index, value, node.op() instanceof Elementwise ? operandsThere() : operands, discarding);
    }

    private List<Double> operandsThere() {
        int[] at = Ints.toArray(index);
        List<Double> numbers = new ArrayList<>();
        new Walk(false, (computed, ignored) -> {}).evaluate(node.inputs()).forEach(input -> numbers.add(input.get(at)));
        return List.copyOf(numbers);
    }

    /** The node whose derivative this one belongs to, if that is known and has bad numbers of its own. */
    private Optional<NonFinite> forward() {
        return node.site()
                .flatMap(Site::derivativeOf)
                .flatMap(of -> Optional.ofNullable(in(
                        of,
                        new Walk(false, (computed, ignored) -> {})
                                .evaluate(List.of(of))
                                .getFirst(),
                        NonFinite::isNotFinite)));
    }

    /**
     * For an error: {@code log (1, 3) f64 is -Infinity at [0, 2], from 0.0; its inputs: softmax (1, 3) f64}, and the line of the
     * user's program if it was {@link Tracing traced}.
     */
    @Override
    public String toString() {
        String inputs = node.inputs().stream().map(Tensor::describe).collect(Collectors.joining(", "));
        String from = operands.stream().map(Object::toString).collect(Collectors.joining(" and "));
        return node.describe() + " is " + value + at()
                + (from.isEmpty() ? "" : ", from " + from)
                + (inputs.isEmpty() ? "" : "; its inputs: " + inputs)
                + node.site().map(site -> "; " + site).orElse("")
                + discardedBy
                        .map(by -> ". " + by.describe() + " discards it, but a derivative goes through it" + REMEDY)
                        .or(() -> forward().map(NonFinite::goesThrough))
                        .orElse("");
    }

    private String at() {
        return index.isEmpty() ? "" : " at " + index;
    }

    private String goesThrough() {
        return ". The " + node.op().label() + " itself is " + value + at()
                + ", and whatever discards that number lets its derivative through" + REMEDY;
    }
}
