package dev.clew.audit;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A report for a terminal: the outcome, then what is wrong beside its explanation, then what is right, then the steps. */
final class AuditText {
    private static final int LABEL = "should be ".length();
    private static final int WIDEST = 24;
    private static final int ELEMENTS = 4;

    private final AuditReport report;
    private final Attribution attribution;
    private final WrappedText text = new WrappedText();
    private final boolean numbered;
    private final int names;

    private AuditText(AuditReport report) {
        this.report = report;
        this.attribution = new Attribution(report);
        this.numbered = report.outcome() == AuditOutcome.EXPLAINED
                && report.explanations().size() > 1;
        this.names = attribution.groups().stream()
                .mapToInt(group -> WrappedText.width(joined(group, AuditedGradient::name)))
                .filter(width -> width <= WIDEST)
                .max()
                .orElse(1);
    }

    static String of(AuditReport report) {
        return new AuditText(report).render();
    }

    private String render() {
        text.line("gradient audit: ", Headline.of(report));
        report.forward().ifPresent(difference -> text.line("  ", Headline.of(difference)));
        if (!report.gradients().isEmpty()) {
            text.blank();
        }
        explained();
        unexplained();
        right();
        steps();
        ends();
        return text.toString();
    }

    private void explained() {
        List<Explanation> explanations = report.explanations();
        if (report.outcome() == AuditOutcome.UNDECIDED) {
            wrong("", attribution.wrongOf(explanations));
            for (int i = 0; i < explanations.size(); i++) {
                explanation(i, (i == 0 ? "either " : "or ") + (i + 1));
            }
            return;
        }
        for (int i = 0; i < explanations.size(); i++) {
            String number = numbered ? WrappedText.padded(String.valueOf(i + 1), index()) : "";
            List<AuditedGradient> wrong = attribution.wrongOf(List.of(explanations.get(i)));
            if (wrong.isEmpty()) {
                text.line(number, attribution.onlySteps(explanations.get(i)) + "  wrong");
            } else {
                wrong(number, wrong);
            }
            explanation(i, "explained");
        }
    }

    private void explanation(int at, String label) {
        Explanation explanation = report.explanations().get(at);
        String next =
                Double.isFinite(report.nextDistance()) && report.explanations().size() == 1
                        ? "; next best " + ShortNumber.of(report.nextDistance())
                        : "";
        labeled(
                label + ":",
                explanation.name() + "  (agrees to " + ShortNumber.of(explanation.distance()) + " on "
                        + explanation.numbers() + (explanation.numbers() == 1 ? " number" : " numbers") + next + ")");
        labeled("yours", explanation.yours());
        labeled("should be", explanation.shouldBe());
        labeled("fix", explanation.fix());
        explanation.line().ifPresent(line -> labeled("forward", line));
        if (numbered) {
            labeled("together", attribution.together(at));
        }
    }

    /** Arrays that no explanation affects have their worst elements instead. */
    private void unexplained() {
        for (AuditedGradient gradient : attribution.unexplained()) {
            wrong(" ".repeat(index()), List.of(gradient));
            gradient.worst().stream()
                    .limit(ELEMENTS)
                    .forEach(element -> text.line(
                            " ".repeat(body()),
                            gradient.name() + (element.index().isEmpty() ? "" : element.index()) + "  yours "
                                    + ShortNumber.ofGradient(element.yours()) + ", right "
                                    + ShortNumber.ofGradient(element.right())));
        }
        report.location().ifPresent(location -> text.line("begins ", location.toString()));
    }

    private void right() {
        List<AuditedGradient> right = attribution.right();
        if (right.isEmpty()) {
            return;
        }
        String begin = " ".repeat(index()) + name(joined(right, AuditedGradient::name)) + "  right  ";
        String line = begin + joined(right, each -> ShortNumber.of(each.relativeError()));
        if (WrappedText.fits(line)) {
            text.line(line);
        } else {
            text.line(
                    " ".repeat(index()) + "right  ",
                    joined(right, each -> each.name() + " " + ShortNumber.of(each.relativeError())));
        }
    }

    /** Arrays with one reason share a line if that fits. */
    private void wrong(String number, List<AuditedGradient> gradients) {
        String line = number + header(gradients);
        if (gradients.size() == 1 || WrappedText.fits(line)) {
            text.line(line);
            return;
        }
        int width = gradients.stream()
                .mapToInt(each -> WrappedText.width(each.name()))
                .max()
                .orElse(1);
        for (int i = 0; i < gradients.size(); i++) {
            AuditedGradient each = gradients.get(i);
            String name = WrappedText.padded(each.name(), Math.max(width, names));
            text.line((i == 0 ? number : " ".repeat(number.length())) + name + "  wrong  " + errors(List.of(each)));
        }
    }

    private String header(List<AuditedGradient> gradients) {
        return name(joined(gradients, AuditedGradient::name)) + "  wrong  " + errors(gradients);
    }

    private static String errors(List<AuditedGradient> gradients) {
        return "relative error " + joined(gradients, each -> ShortNumber.of(each.relativeError()))
                + (gradients.size() == 1 ? ", cosine " : "; cosine ")
                + joined(gradients, each -> ShortNumber.of(each.cosine()));
    }

    private void steps() {
        List<AdjointSweep> sweeps = AdjointSweep.of(report.steps());
        if (sweeps.isEmpty()) {
            return;
        }
        text.blank().line("adjoints of the steps, going backwards");
        int width = sweeps.stream()
                .mapToInt(sweep -> WrappedText.width(sweep.quantity()))
                .max()
                .orElse(1);
        sweeps.forEach(sweep ->
                text.line("  " + WrappedText.padded("d" + sweep.quantity() + ": ", width + 3), sweep.story()));
    }

    private void ends() {
        text.blank();
        report.next().ifPresent(next -> text.line(Headline.NEAREST, Headline.nearest(report, next)));
        report.remarks().forEach(remark -> text.line("note: ", remark));
        text.line("seed " + report.seed());
    }

    private void labeled(String label, String content) {
        String begin = " ".repeat(body()) + WrappedText.padded(label, Math.max(LABEL, "explained:".length())) + " ";
        content.lines().forEach(line -> text.line(line.isEmpty() ? "" : begin, line));
    }

    private String name(String joined) {
        return WrappedText.padded(joined, names);
    }

    private int index() {
        return numbered ? String.valueOf(report.explanations().size()).length() + 2 : 0;
    }

    private int body() {
        return index() + names + 2;
    }

    private static String joined(List<AuditedGradient> gradients, Function<AuditedGradient, String> what) {
        return gradients.stream().map(what).collect(Collectors.joining(", "));
    }
}
