package dev.clew.nn.training;

import dev.clew.nn.optimizer.Optimizer;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What is learnt from batches.
 *
 * @param start the state before the first batch of an epoch
 */
record Lessons<B, S>(Carrying<B, S> loss, S start) {
    /** Whoever makes the steps. */
    StepMaker<B> steps(Optimizer optimizer, OptionalLong bytes, Consumer<String> compiling) {
        return bytes.isPresent()
                ? new PlannedSteps<>(optimizer, this, bytes.getAsLong(), compiling)
                : new BuiltSteps<>(optimizer, this, compiling);
    }
}
