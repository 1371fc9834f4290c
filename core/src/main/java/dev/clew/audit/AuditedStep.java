package dev.clew.audit;

/**
 * The adjoint of one step that was written by hand, beside the automatic one.
 *
 * @param quantity which of {@link Unrolled#steps}
 * @param step counted from 0
 * @param relativeError ‖yours − right‖ / ‖right‖
 * @param isRight whether it agrees
 * @param followsFromLater whether it agrees with what the right formula gives from the adjoints by hand of later steps: a wrong
 *     number that follows is no mistake of its own, but carried on
 */
public record AuditedStep(String quantity, int step, double relativeError, boolean isRight, boolean followsFromLater) {}
