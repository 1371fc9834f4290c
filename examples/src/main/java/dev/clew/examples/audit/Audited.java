package dev.clew.examples.audit;

import dev.clew.array.RandomKey;
import dev.clew.audit.AuditOutcome;
import dev.clew.audit.AuditReport;
import dev.clew.audit.AuditedGradient;
import dev.clew.audit.Explanation;
import dev.clew.audit.GradientAudit;
import dev.clew.examples.tutorial.Tutorial;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A gradient out of code that people read, and what the audit says of it. */
record Audited(Tutorial tutorial, AuditReport report) {
    /** Calls the code at a random point, as often as it takes. */
    static Audited of(Tutorial tutorial, RandomKey key) {
        return new Audited(
                tutorial,
                GradientAudit.of(tutorial.model(), tutorial.point(key))
                        .withCode(tutorial.handWritten())
                        .report());
    }

    /** Whether the audit says what is known of it. */
    boolean isAsExpected() {
        return tutorial.isNamedBy(report);
    }

    /** The names of all mistakes, or what there is instead. */
    List<String> names() {
        List<String> names =
                report.explanations().stream().map(Explanation::name).toList();
        return names.isEmpty() ? List.of(report.isRight() ? "" : "none that is known") : names;
    }

    /** Name and origin, and the explanations with both formulas. */
    String shortened() {
        List<String> lines = new ArrayList<>();
        lines.add(heading());
        lines.add("  " + outcome());
        for (Explanation each : report.explanations()) {
            lines.add("  " + each.name());
            lines.add("    yours      " + each.yours());
            lines.add("    should be  " + each.shouldBe());
            lines.add("    fix        " + each.fix());
        }
        return String.join("\n", lines);
    }

    /** Name and origin, what stands there, and the whole report. */
    String full() {
        String written = tutorial.isRight() ? "" : "\n  and right is  " + tutorial.right();
        return heading() + "\n  there stands  " + tutorial.written() + written + "\n\n"
                + report.toString().indent(2).stripTrailing();
    }

    private String heading() {
        return tutorial.name() + "  (" + tutorial.source() + ")";
    }

    private String outcome() {
        String wrong = report.gradients().stream()
                .filter(each -> !each.isRight())
                .map(AuditedGradient::name)
                .collect(Collectors.joining(", "));
        String outcome = report.outcome() == AuditOutcome.UNEXPLAINED
                ? "unexplained"
                : report.outcome().toString();
        return wrong.isEmpty() ? outcome : outcome + "; wrong: " + wrong;
    }
}
