package dev.clew.examples.audit;

import dev.clew.audit.AuditReport;

/** The forms of a report that files are written in. */
final class ReportText {
    private ReportText() {}

    /** A page of its own. */
    static String html(AuditReport report, String title) {
        return report.toHtml(title);
    }

    /** For programs. */
    static String json(AuditReport report) {
        return report.toJson();
    }
}
