package dev.clew.audit;

import java.util.List;
import java.util.stream.Collectors;

/** A report for a browser or a printer: one page with its own style and pictures, and nothing from elsewhere. */
final class AuditPage {
    private static final int BAR = 90;

    private final AuditReport report;
    private final String title;
    private final Attribution attribution;
    private final Markup page = new Markup();

    private AuditPage(AuditReport report, String title) {
        this.report = report;
        this.title = title;
        this.attribution = new Attribution(report);
    }

    static String of(AuditReport report, String title) {
        return new AuditPage(report, title).render();
    }

    private String render() {
        page.raw("<!DOCTYPE html>\n").open("html", "lang", "en").raw("\n").open("head");
        page.empty("meta", "charset", "utf-8")
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .element("title", title)
                .open("style")
                .raw(PageStyle.CSS)
                .close()
                .close();
        page.raw("\n").open("body").open("main");
        outcome();
        explanations();
        begins();
        arrays();
        steps();
        worst();
        remarks();
        page.element("footer", "Gradient audit of Clew; seed " + report.seed());
        return page.close().close().close().raw("\n").toString();
    }

    private void outcome() {
        page.open("header").element("h1", title).open("p", "class", "outcome", "role", "status");
        verdict("badge", report.isRight(), report.outcome().toString());
        String rest = Headline.of(report).substring(report.outcome().toString().length());
        page.element("span", rest.replaceFirst("^[,;] ", "")).close();
        report.forward()
                .ifPresent(difference -> page.open("div", "class", "card mistake", "role", "alert")
                        .element("h3", "Another forward pass")
                        .element("p", sentence(Headline.of(difference)))
                        .close());
        page.close();
    }

    private void explanations() {
        List<Explanation> all = report.explanations();
        if (all.isEmpty()) {
            return;
        }
        boolean undecided = report.outcome() == AuditOutcome.UNDECIDED;
        String mistakes = all.size() == 1 ? "The mistake" : "The mistakes";
        heading(undecided ? "One of these, and the numbers cannot tell which" : mistakes);
        for (int i = 0; i < all.size(); i++) {
            card(i, all.get(i), all.size() > 1);
        }
        nearest();
    }

    private void card(int at, Explanation explanation, boolean numbered) {
        String id = "mistake-" + (at + 1);
        page.raw("\n").open("article", "class", "card mistake", "id", id, "aria-labelledby", id + "-name");
        page.open("header");
        if (numbered) {
            page.element("span", String.valueOf(at + 1), "class", "number");
        }
        page.element("h3", explanation.name(), "id", id + "-name")
                .element("span", explanation.family().toString(), "class", "chip")
                .close();
        page.open("dl", "class", "formulas");
        formula("yours", "del", explanation.yours(), explanation.shouldBe());
        formula("should be", "ins", explanation.shouldBe(), explanation.yours());
        page.close();
        if (!explanation.fix().isEmpty()) {
            page.open("p").element("strong", "Fix: ").text(explanation.fix()).close();
        }
        explanation
                .line()
                .ifPresent(line -> page.open("p", "class", "faint")
                        .text("Line of the forward pass: ")
                        .element("code", line)
                        .close());
        page.element("p", evidence(explanation), "class", "faint").close();
    }

    private void formula(String label, String element, String formula, String other) {
        page.element("dt", label).open("dd", "class", "formula");
        for (FormulaDifference.Part part : FormulaDifference.parts(formula, other)) {
            if (part.differs()) {
                page.element(element, part.text());
            } else {
                page.text(part.text());
            }
        }
        page.close();
    }

    private String evidence(Explanation explanation) {
        String arrays = attribution.wrongOf(List.of(explanation)).stream()
                .map(AuditedGradient::name)
                .collect(Collectors.joining(", "));
        String adjoints = String.join(", ", attribution.adjoints(explanation));
        return "Agrees to " + ShortNumber.of(explanation.distance()) + " on " + explanation.numbers()
                + (explanation.numbers() == 1 ? " number." : " numbers.")
                + (arrays.isEmpty() ? "" : " Makes wrong: " + arrays + ".")
                + (adjoints.isEmpty() ? "" : " Adjoints it makes wrong: " + adjoints + ".");
    }

    private void nearest() {
        report.next()
                .ifPresent(next -> page.element(
                        "p", sentence(Headline.NEAREST + Headline.nearest(report, next)), "class", "faint"));
    }

    private void begins() {
        report.location().ifPresent(location -> {
            heading("Where it begins");
            page.open("div", "class", "card mistake")
                    .element("p", sentence(location.toString()))
                    .close();
        });
        if (report.explanations().isEmpty()) {
            nearest();
        }
    }

    private void arrays() {
        if (report.gradients().isEmpty()) {
            return;
        }
        heading("Arrays");
        page.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", "table of arrays")
                .open("table");
        if (report.explanations().isEmpty()) {
            header("array", "shape", "verdict", "relative error", "cosine");
        } else {
            header("array", "shape", "verdict", "relative error", "cosine", "because of");
        }
        page.open("tbody");
        report.gradients().forEach(this::array);
        page.close().close().close();
    }

    private void array(AuditedGradient gradient) {
        page.raw("\n").open("tr").element("td", gradient.name(), "class", "name");
        page.element("td", gradient.shape().toString(), "class", "figure").open("td");
        verdict("verdict", gradient.isRight(), gradient.isRight() ? "✓ right" : "✗ wrong");
        page.close().open("td", "class", "figure");
        bar(gradient);
        page.text(" " + ShortNumber.of(gradient.relativeError())).close();
        page.element("td", ShortNumber.of(gradient.cosine()), "class", "figure");
        if (!report.explanations().isEmpty()) {
            reasons(gradient);
        }
        page.close();
    }

    private void reasons(AuditedGradient gradient) {
        page.open("td");
        String separator = "";
        for (int number : attribution.explaining(gradient)) {
            String name = report.explanations().size() == 1 ? "the mistake" : "mistake " + number;
            page.text(separator).element("a", name, "href", "#mistake-" + number);
            separator = ", ";
        }
        page.close();
    }

    private void bar(AuditedGradient gradient) {
        long width = Math.round(BAR * ErrorScale.height(gradient.relativeError()));
        page.open("svg", "width", String.valueOf(BAR), "height", "10", "aria-hidden", "true")
                .empty("rect", "class", "track", "width", String.valueOf(BAR), "height", "10", "rx", "2")
                .empty(
                        "rect",
                        "class",
                        gradient.isRight() ? "bar right" : "bar wrong",
                        "width",
                        String.valueOf(width),
                        "height",
                        "10",
                        "rx",
                        "2")
                .close();
    }

    private void steps() {
        List<AdjointSweep> sweeps = AdjointSweep.of(report.steps());
        if (sweeps.isEmpty()) {
            return;
        }
        heading("Adjoints of the steps");
        StepMap.draw(page, sweeps);
        page.open("ul");
        sweeps.forEach(sweep -> page.open("li")
                .element("code", "d" + sweep.quantity())
                .text(": " + sweep.story())
                .close());
        page.close();
    }

    private void worst() {
        List<AuditedGradient> unexplained = attribution.unexplained().stream()
                .filter(each -> !each.worst().isEmpty())
                .toList();
        if (unexplained.isEmpty()) {
            return;
        }
        heading("Elements that are farthest off, where there is no explanation");
        page.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", "table of elements")
                .open("table");
        header("element", "yours", "right");
        page.open("tbody");
        for (AuditedGradient gradient : unexplained) {
            gradient.worst()
                    .forEach(element -> page.open("tr")
                            .element(
                                    "td",
                                    gradient.name() + (element.index().isEmpty() ? "" : element.index()),
                                    "class",
                                    "name")
                            .element("td", ShortNumber.ofGradient(element.yours()), "class", "figure")
                            .element("td", ShortNumber.ofGradient(element.right()), "class", "figure")
                            .close());
        }
        page.close().close().close();
    }

    private void remarks() {
        if (report.remarks().isEmpty()) {
            return;
        }
        heading("Remarks");
        page.open("ul");
        report.remarks().forEach(remark -> page.element("li", remark));
        page.close();
    }

    private void heading(String content) {
        page.raw("\n").element("h2", content);
    }

    private void header(String... columns) {
        page.open("thead").open("tr");
        for (String column : columns) {
            page.element("th", column, "scope", "col");
        }
        page.close().close();
    }

    private void verdict(String style, boolean right, String content) {
        page.element("span", content, "class", style + (right ? " right" : " wrong"));
    }

    private static String sentence(String clause) {
        return Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".";
    }
}
