package dev.clew.internal.audit;

import dev.clew.array.NDArray;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbers of formulas at one point, each computed once by its operation's own rule. */
final class Valuation {
    private final @Nullable Valuation below;
    private final Map<Tensor, NDArray> numbers = new HashMap<>();

    private Valuation(@Nullable Valuation below) {
        this.below = below;
    }

    /** At the point where some sources have the numbers that are given, and all others their own. */
    Valuation(Map<Tensor, NDArray> given) {
        this((Valuation) null);
        numbers.putAll(given);
    }

    /** Another one at the same point that starts from this one and adds nothing to it: for what is soon forgotten. */
    Valuation above() {
        return new Valuation(this);
    }

    /** How many numbers were computed here, not below. */
    int count() {
        return numbers.size();
    }

    NDArray of(Tensor tensor) {
        NDArray found = found(tensor);
        if (found != null) {
            return found;
        }
        ArrayDeque<Tensor> open = new ArrayDeque<>();
        open.push(tensor);
        while (!open.isEmpty()) {
            Tensor node = open.peek();
            List<NDArray> inputs = inputs(node, open);
            if (inputs.size() == node.inputCount()) {
                open.pop();
                numbers.computeIfAbsent(node, each -> computed(each, inputs));
            }
        }
        return of(tensor);
    }

    private List<NDArray> inputs(Tensor node, ArrayDeque<Tensor> open) {
        List<NDArray> inputs = new ArrayList<>(node.inputCount());
        for (Tensor input : node.inputs()) {
            NDArray number = found(input);
            if (number == null) {
                open.push(input);
            } else {
                inputs.add(number);
            }
        }
        return inputs;
    }

    private @Nullable NDArray found(Tensor tensor) {
        NDArray own = numbers.get(tensor);
        return own != null || below == null ? own : below.found(tensor);
    }

    private static NDArray computed(Tensor node, List<NDArray> inputs) {
        return node.op() instanceof Source
                ? node.known()
                        .orElseThrow(
                                () -> new IllegalArgumentException(
                                        node.describe()
                                                + ": an input of a plan has no number of its own; audit with Tensor.of(numbers) in its place"))
                : node.op().value(node, inputs);
    }
}
