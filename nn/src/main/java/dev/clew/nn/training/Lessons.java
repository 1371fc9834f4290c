package dev.clew.nn.training;

import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.States;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What is learnt from batches.
 *
 * @param start the state before the first batch of an epoch
 */
record Lessons<B, S>(Carrying<B, S> loss, S start) {
    /**
     * Refuses a loss that does nothing with the state, which was then most likely forgotten.
     *
     * @param state as it was handed to the loss
     * @throws IllegalArgumentException if neither the loss nor the next state depends on it
     */
    void requireUsed(List<Tensor> state, Cell.Out<S> out) {
        List<Tensor> made = new ArrayList<>(States.tensors(out.state()));
        made.removeAll(state); // The state itself is no use of it.
        made.add(out.output());
        Graph graph = Graph.of(made);
        if (!state.isEmpty() && state.stream().allMatch(each -> graph.position(each) < 0)) {
            throw new IllegalArgumentException(
                    "train: neither the loss nor the state after a batch depends on the state"
                            + " before it, " + BatchForm.described(state)
                            + "; begin the run with it: Run.of(cell, x).from(state)");
        }
    }

    /** Whoever makes the steps. */
    StepMaker<B> steps(Optimizer optimizer, OptionalLong bytes, Consumer<String> compiling) {
        return bytes.isPresent()
                ? new PlannedSteps<>(optimizer, this, bytes.getAsLong(), compiling)
                : new BuiltSteps<>(optimizer, this, compiling);
    }
}
