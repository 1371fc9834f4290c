package dev.clew.tensor;

import dev.clew.array.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** The first node, in the order of computing, that has a NaN or an infinity: where a bad number came from. */
public record NonFinite(Tensor node, List<Integer> index, double value) {

    /** Evaluates some tensors once more by the plain walk, looking at every value on the way. */
    public static Optional<NonFinite> first(List<Tensor> outputs) {
        for (Tensor node : Graph.of(outputs).nodes()) {
            if (node.op() instanceof Source) {
                Optional<NonFinite> found = in(node, node.value());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        AtomicReference<Optional<NonFinite>> first = new AtomicReference<>(Optional.empty());
        new Walk((node, value) -> {
                    if (first.get().isEmpty()) {
                        first.set(in(node, value));
                    }
                })
                .evaluate(outputs);
        return first.get();
    }

    /** Whether every number is finite. */
    public static boolean allFinite(NDArray array) {
        double[] block = array.toDoubles();
        double sum = 0;
        for (double number : block) {
            sum += 0 * number;
        }
        return sum == 0;
    }

    private static Optional<NonFinite> in(Tensor node, NDArray value) {
        if (allFinite(value)) {
            return Optional.empty();
        }
        double[] numbers = value.toDoubles();
        int at = 0;
        while (Double.isFinite(numbers[at])) {
            at++;
        }
        Integer[] index = new Integer[value.shape().rank()];
        int rest = at;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % value.shape().length(axis);
            rest /= value.shape().length(axis);
        }
        return Optional.of(new NonFinite(node, Arrays.asList(index), numbers[at]));
    }

    /** For an error: {@code log (1, 3) f64 is -Infinity at [0, 2]; its inputs: softmax (1, 3) f64}. */
    @Override
    public String toString() {
        String inputs = node.inputs().stream().map(Tensor::describe).collect(Collectors.joining(", "));
        return node.describe() + " is " + value + (index.isEmpty() ? "" : " at " + index)
                + (inputs.isEmpty() ? "" : "; its inputs: " + inputs);
    }
}
