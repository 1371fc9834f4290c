package dev.clew.nn.training;

import dev.clew.internal.array.Present;
import java.time.Duration;

/**
 * What a step of training was like.
 *
 * @param step how many steps have been made, this one included
 * @param epoch counted from 0
 * @param batch its number in the epoch, counted from 0
 * @param loss of the batch, before the parameters changed; NaN if the step was skipped
 * @param gradientNorm the Euclidean norm over the gradients of all parameters; NaN if the step was skipped
 * @param rate the largest learning rate
 * @param time since the step before, in which the batch was made too
 * @param isSkipped whether a number was not finite, so that nothing was changed
 */
public record StepReport(
        long step,
        int epoch,
        int batch,
        double loss,
        double gradientNorm,
        double rate,
        Duration time,
        boolean isSkipped) {
    /** Of all of these. */
    public StepReport {
        Present.require("StepReport", time);
    }
}
