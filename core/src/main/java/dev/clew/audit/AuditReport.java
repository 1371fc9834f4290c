package dev.clew.audit;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link GradientAudit} found.
 *
 * @param outcome what it comes to
 * @param forward where the forward pass by hand first differs; empty if it agrees, or was not given
 * @param gradients every array that was given, in the order of the parameters and initial states
 * @param steps every adjoint that was given, in backward order
 * @param explanations the mistakes that, made together, reproduce all numbers; if {@link AuditOutcome#UNDECIDED}, those between
 *     which the numbers cannot decide
 * @param next the nearest other explanation, which does not reproduce them
 * @param nextDistance how far off it is, relative to the largest number of each array; infinite if there is none
 * @param location where it begins, if there is no explanation
 * @param remarks what the numbers cannot decide and why, and a better point to test at
 * @param seed of the points at which explanations were told apart
 */
public record AuditReport(
        AuditOutcome outcome,
        Optional<ForwardDifference> forward,
        List<AuditedGradient> gradients,
        List<AuditedStep> steps,
        List<Explanation> explanations,
        Optional<String> next,
        double nextDistance,
        Optional<Location> location,
        List<String> remarks,
        long seed) {

    public AuditReport {
        gradients = List.copyOf(gradients);
        steps = List.copyOf(steps);
        explanations = List.copyOf(explanations);
        remarks = List.copyOf(remarks);
    }

    /** Whether all numbers agree. */
    public boolean isRight() {
        return outcome == AuditOutcome.RIGHT;
    }
}
