package dev.clew.audit;

import dev.clew.internal.array.Present;
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

    /**
     * For a terminal: the outcome; what is wrong, beside the mistake that makes it so, and the formula as it should be; what is
     * right; the adjoints of the steps, going backwards in time; what the numbers cannot decide.
     */
    @Override
    public String toString() {
        return AuditText.of(this);
    }

    /**
     * For a browser or a printer: one page that needs no other file and no network, with a map of the errors of all steps.
     *
     * @param title its heading
     */
    public String toHtml(String title) {
        Present.require("page of an audit", title);
        return AuditPage.of(this, title);
    }

    /**
     * For programs: one JSON object. Its fields have the names of the components of this record and of the records in it, and
     * keep them; all are always there.
     *
     * <pre>
     *   outcome       the name of an {@link AuditOutcome}, such as "EXPLAINED"
     *   right         whether all numbers agree
     *   forward       null, or {quantity, step, relativeError, yours, graph}; step is null for the loss
     *   gradients     [{name, shape, right, relativeError, cosine, worst: [{index, yours, right}]}]
     *   steps         [{quantity, step, right, relativeError, followsFromLater}]
     *   explanations  [{family, name, affects, yours, shouldBe, fix, line, distance, numbers}]; line may be null
     *   next          null, or a text
     *   nextDistance  a number
     *   location      null, or {quantity, step, term, others, line}; step and line may be null
     *   remarks       [a text]
     *   seed          a whole number
     * </pre>
     *
     * <p>Numbers that are not finite are the texts "NaN", "Infinity" and "-Infinity".
     */
    public String toJson() {
        return AuditJson.of(this);
    }
}
