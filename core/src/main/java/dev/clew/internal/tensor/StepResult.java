package dev.clew.internal.tensor;

import java.util.Optional;

/**
 * What came of a step of training.
 *
 * @param values none if the loss or a new value was not finite; then nothing has changed
 * @param isNew whether the rule was asked, since there was no step for outputs of this structure
 */
public record StepResult(Optional<StepValues> values, boolean isNew) {}
