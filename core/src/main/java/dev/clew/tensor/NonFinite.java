package dev.clew.tensor;

import com.google.common.primitives.Ints;
import dev.clew.array.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** The first node, in the order of computing, that has a NaN or an infinity: where a bad number came from. */
public record NonFinite(Tensor node, List<Integer> index, double value) {

    private static final int BLOCK = 512;

    /** Evaluates some tensors once more by the plain walk, from the sources, looking at every value on the way. */
    public static Optional<NonFinite> first(List<Tensor> outputs) {
        AtomicReference<Optional<NonFinite>> first = new AtomicReference<>(Optional.empty());
        new Walk(false, (node, value) -> {
                    if (first.get().isEmpty()) {
                        first.set(in(node, value));
                    }
                })
                .evaluate(outputs);
        return first.get();
    }

    /** Whether every number is finite. */
    public static boolean allFinite(NDArray array) {
        return firstNonFinite(array) < 0;
    }

    /** A row-major position, or -1. */
    private static int firstNonFinite(NDArray array) {
        int elements = array.dtype().isFloating() ? array.shape().elements() : 0;
        double[] block = new double[Math.min(BLOCK, elements)];
        for (int from = 0; from < elements; from += block.length) {
            int count = Math.min(block.length, elements - from);
            array.load(block, from, count);
            for (int i = 0; i < count; i++) {
                if (!Double.isFinite(block[i])) {
                    return from + i;
                }
            }
        }
        return -1;
    }

    private static Optional<NonFinite> in(Tensor node, NDArray value) {
        int at = firstNonFinite(value);
        if (at < 0) {
            return Optional.empty();
        }
        int[] index = new int[value.shape().rank()];
        int rest = at;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % value.shape().length(axis);
            rest /= value.shape().length(axis);
        }
        return Optional.of(new NonFinite(node, Ints.asList(index), value.get(index)));
    }

    /** For an error: {@code log (1, 3) f64 is -Infinity at [0, 2]; its inputs: softmax (1, 3) f64}. */
    @Override
    public String toString() {
        String inputs = node.inputs().stream().map(Tensor::describe).collect(Collectors.joining(", "));
        return node.describe() + " is " + value + (index.isEmpty() ? "" : " at " + index)
                + (inputs.isEmpty() ? "" : "; its inputs: " + inputs);
    }
}
