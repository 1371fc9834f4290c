package dev.clew.tensor;

import dev.clew.array.NDArray;
import it.unimi.dsi.fastutil.objects.Reference2LongMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A step of training by evaluation: all values, then the changes that follow from them. */
final class Walked {
    private final Evaluator evaluator;
    /** The outputs, what the rule reports, and then the new values. */
    private final List<Tensor> wanted;

    private final int reported;
    private final Evaluator.Change change;
    private Optional<List<NDArray>> result = Optional.empty();

    Walked(Evaluator evaluator, List<Tensor> wanted, int reported, Evaluator.Change change) {
        this.evaluator = evaluator;
        this.wanted = wanted;
        this.reported = reported;
        this.change = change;
    }

    /** False if a parameter that it read was changed meanwhile; then it has changed nothing. */
    boolean attempt() {
        Reference2LongMap<Parameter> before = ParameterLock.whileUnchanged(() -> Kept.versions(wanted));
        List<NDArray> values = evaluator.evaluate(wanted);
        boolean isFinite = NonFinite.allFinite(values.getFirst())
                && values.subList(reported, values.size()).stream().allMatch(NonFinite::allFinite);
        if (!isFinite) {
            result = Optional.empty();
            return true;
        }
        Map<Parameter, NDArray> changes = new LinkedHashMap<>();
        int next = reported;
        for (Parameter parameter : change.updates().keySet()) {
            changes.put(parameter, values.get(next++));
        }
        result = Optional.of(values.subList(0, reported));
        return Parameter.setAll(changes, () -> Kept.isCurrent(before));
    }

    /** The values of the outputs and of what the rule reports; none if a value was not finite. */
    Optional<List<NDArray>> reported() {
        return result;
    }
}
