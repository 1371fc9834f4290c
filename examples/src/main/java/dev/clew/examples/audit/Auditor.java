package dev.clew.examples.audit;

import dev.clew.audit.AuditReport;
import dev.clew.audit.GradientAudit;

/** What judges a case: a seam, so that the command is tested without it. */
@FunctionalInterface
interface Auditor {
    AuditReport report(Case given);

    /** The audit of the library. */
    static AuditReport ofGradients(Case given) {
        GradientAudit audit = GradientAudit.of(given.forward(), given.point()).withGradients(given.first());
        return given.second().map(audit::withSecondCall).orElse(audit).report();
    }
}
