package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.Trail;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a bad number came from: a node that has a NaN or an infinity while what it was computed from has none.
 *
 * <p>If a result is bad, it is found by going back from there, number by number: to the first NaN, or to an infinity that no data
 * brought. So neither a mask of −∞ nor an infinity that a mask discards is blamed for what happens elsewhere. If all results are
 * finite, it is the first bad node there is.
 *
 * @param node the node
 * @param index where its bad number is
 * @param value that number
 * @param operands for an elementwise operation, the numbers that the bad one was computed from
 * @param before of a NaN that was computed from an infinity, where that came from
 * @param discardedBy a node that is computed from it and has no bad number, if there is one
 * @param forward the node whose derivative this one belongs to, if that was {@link Tracing traced} and is bad itself
 */
public record NonFinite(
        Tensor node,
        List<Integer> index,
        double value,
        List<Double> operands,
        Optional<NonFinite> before,
        Optional<Tensor> discardedBy,
        Optional<NonFinite> forward) {
    private static final String REMEDY =
            ": 0·∞ and 0/0 are NaN. Replace the input before the operation, not its result after it:"
                    + " where(ok, where(ok, x, one).sqrt(), zero)";

    /** Evaluates some tensors once more by the plain walk, from the sources, looking at every value on the way. */
    public static Optional<NonFinite> first(List<Tensor> outputs) {
        return first(outputs, Map.of());
    }

    /**
     * The same where some sources have the numbers that are given: inputs those of a run of a plan, parameters those that they had
     * in it. Of several bad results, the first is asked.
     */
    public static Optional<NonFinite> first(List<Tensor> outputs, Map<Tensor, NDArray> given) {
        Present.require("first", outputs, given);
        Trail trail = Trail.of(outputs, given);
        return outputs.stream()
                .flatMap(output -> trail.behind(output).stream())
                .findFirst()
                .map(found ->
                        found.before.filter(infinity -> !infinity.isGiven()).orElse(found))
                .or(trail::anywhere);
    }

    /** Whether every number is finite. */
    public static boolean allFinite(NDArray array) {
        Present.require("allFinite", array);
        return Trail.first(array, x -> !Double.isFinite(x)) < 0;
    }

    /** Whether no operation made it: it was there, or came of an infinity that was there, in data or in a parameter. */
    public boolean isGiven() {
        return before.orElse(this).node.op() instanceof Source;
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
                        .or(() -> forward.map(NonFinite::goesThrough))
                        .orElse("")
                + before.map(origin -> ". Before it, what is not finite begins here: " + origin)
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
