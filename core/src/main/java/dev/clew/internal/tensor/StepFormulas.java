package dev.clew.internal.tensor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one step of training computes and changes, as formulas, all from before the change. It is put together here alone: whoever
 * evaluates it takes {@link #all} as one list, and asks here what is what.
 *
 * @param outputs what the step is asked for, first the loss
 * @param reported what is wanted along with them: gradients
 * @param updates the new value of every parameter that changes
 */
public record StepFormulas(List<Tensor> outputs, List<Tensor> reported, Map<Parameter, Tensor> updates) {
    /** Copies, in the same order. */
    public StepFormulas {
        outputs = ImmutableList.copyOf(outputs);
        reported = ImmutableList.copyOf(reported);
        updates = ImmutableMap.copyOf(updates);
    }

    /** Of some outputs, and the change that follows from them. */
    public static StepFormulas of(List<Tensor> outputs, StepChange change) {
        return new StepFormulas(outputs, change.reported(), change.updates());
    }

    /** All of them in one list, for whoever computes them. */
    public List<Tensor> all() {
        return ImmutableList.<Tensor>builder()
                .addAll(outputs)
                .addAll(reported)
                .addAll(updates.values())
                .build();
    }

    /** Of {@link #all}, how many come before the new values. */
    public int seen() {
        return outputs.size() + reported.size();
    }

    /** The parameter whose new value is at a position of {@link #all}; none if that is an output or reported. */
    public Optional<Parameter> changed(int position) {
        return position < seen()
                ? Optional.empty()
                : Optional.of(ImmutableList.copyOf(updates.keySet()).get(position - seen()));
    }

    /** The numbers that a step hands out. */
    public StepValues values(List<NDArray> ofAll) {
        return new StepValues(ofAll.subList(0, outputs.size()), ofAll.subList(outputs.size(), seen()));
    }

    /** The new numbers of the parameters, from those of {@link #all}. */
    public Map<Parameter, NDArray> changes(List<NDArray> ofAll) {
        ImmutableMap.Builder<Parameter, NDArray> changes = ImmutableMap.builder();
        int next = seen();
        for (Parameter parameter : updates.keySet()) {
            changes.put(parameter, ofAll.get(next++));
        }
        return changes.buildOrThrow();
    }

    /**
     * Refuses to change what nothing depends on.
     *
     * @param asked what was called
     * @throws IllegalArgumentException if neither an output nor a new value depends on a parameter that is to change
     */
    public void requireReached(String asked) {
        Graph graph = Graph.of(all());
        for (Parameter parameter : updates.keySet()) {
            if (graph.position(parameter) < 0) {
                throw new IllegalArgumentException(asked + " with a new value for " + parameter.describe()
                        + ": neither an output nor a new value depends on that parameter; set it once instead");
            }
        }
    }
}
