package dev.clew.audit;

import java.util.List;

/** The errors of all adjoints as a picture: a row for each quantity, a column for each step in the order of time. */
final class StepMap {
    private static final int ROW = 30;
    private static final int TOP = 8;
    private static final int AXIS = 46;
    private static final int WIDEST = 40;
    private static final int NARROWEST = 7;
    private static final int ROOM = 760;
    private static final int LETTER = 8;
    /** Narrower cells have no room for a number below each. */
    private static final int NUMBERED = 22;

    private final Markup page;
    private final List<AdjointSweep> sweeps;
    private final int first;
    private final int count;
    private final int left;
    private final int cell;

    private StepMap(Markup page, List<AdjointSweep> sweeps) {
        this.page = page;
        this.sweeps = sweeps;
        this.first = sweeps.stream()
                .mapToInt(sweep -> sweep.steps().getLast().step())
                .min()
                .orElse(0);
        int last = sweeps.stream()
                .mapToInt(sweep -> sweep.steps().getFirst().step())
                .max()
                .orElse(0);
        this.count = last - first + 1;
        this.left = 24
                + LETTER
                        * sweeps.stream()
                                .mapToInt(sweep -> WrappedText.width(sweep.quantity()) + 1)
                                .max()
                                .orElse(1);
        this.cell = Math.clamp(ROOM / count, NARROWEST, WIDEST);
    }

    /** At least one step. */
    static void draw(Markup page, List<AdjointSweep> sweeps) {
        StepMap map = new StepMap(page, sweeps);
        map.picture();
        map.legend();
    }

    private void picture() {
        int width = left + count * cell + 16;
        int height = TOP + sweeps.size() * ROW + AXIS;
        page.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", "map of errors")
                .open(
                        "svg",
                        "role",
                        "img",
                        "aria-labelledby",
                        "map-title map-text",
                        "width",
                        number(width),
                        "height",
                        number(height),
                        "viewBox",
                        "0 0 " + width + " " + height)
                .element("title", "Errors of the adjoints by quantity and step", "id", "map-title")
                .element(
                        "desc",
                        "Rows are quantities, columns are steps in the order of time; the darker or brighter a cell stands out,"
                                + " the larger its relative error. The same is told in words below the picture.",
                        "id",
                        "map-text");
        hatch("carried");
        for (int row = 0; row < sweeps.size(); row++) {
            row(sweeps.get(row), TOP + row * ROW);
        }
        axis(TOP + sweeps.size() * ROW);
        page.close().close();
    }

    private void hatch(String name) {
        page.open("defs")
                .open(
                        "pattern",
                        "id",
                        name,
                        "width",
                        "7",
                        "height",
                        "7",
                        "patternUnits",
                        "userSpaceOnUse",
                        "patternTransform",
                        "rotate(45)")
                .empty("rect", "class", "hatch", "width", "2.4", "height", "7")
                .close()
                .close();
    }

    private void row(AdjointSweep sweep, int top) {
        label(left - 12, top + ROW / 2 + 4, "end", "quantity", "d" + sweep.quantity());
        for (AuditedStep step : sweep.steps()) {
            cell(sweep, step, left + (step.step() - first) * cell, top);
        }
        // Drawn last, over the cells beside it.
        sweep.firstWrong()
                .ifPresent(step ->
                        page.empty("rect", box("first", left + (step.step() - first) * cell, top, cell, ROW)));
    }

    private void cell(AdjointSweep sweep, AuditedStep step, int x, int y) {
        page.open("g").element("title", tip(sweep, step));
        page.empty("rect", box("cell " + ErrorScale.color(step.relativeError()), x + 1, y + 1, cell - 2, ROW - 2));
        if (!step.isRight() && step.followsFromLater()) {
            page.empty("rect", box("carried", x + 1, y + 1, cell - 2, ROW - 2));
        } else if (!step.isRight()) {
            dot(x + cell / 2.0, y + ROW / 2.0);
        }
        page.close();
    }

    private static String tip(AdjointSweep sweep, AuditedStep step) {
        boolean first = sweep.firstWrong().filter(step::equals).isPresent();
        String verdict = step.isRight()
                ? "right"
                : (first ? "first wrong, going backwards" : "wrong")
                        + (step.followsFromLater() ? "; follows from later ones" : "; does not follow from later ones");
        return "d" + sweep.quantity() + " at step " + step.step() + ": " + verdict + ", relative error "
                + ShortNumber.of(step.relativeError());
    }

    private void dot(double x, double y) {
        page.empty(
                "circle",
                "class",
                "own",
                "cx",
                String.valueOf(x),
                "cy",
                String.valueOf(y),
                "r",
                String.valueOf(Math.min(5, cell / 3.0)));
    }

    private void axis(int top) {
        int every = cell >= NUMBERED ? 1 : 5 * Math.ceilDiv(NUMBERED, 5 * cell);
        for (int i = 0; i < count; i++) {
            if ((first + i) % every == 0) {
                label(left + i * cell + cell / 2, top + 16, "middle", "tick", number(first + i));
            }
        }
        label(left, top + 38, "start", "tick", "step, in the order of time; the backward pass goes ←");
    }

    private void label(int x, int y, String anchor, String style, String content) {
        page.element("text", content, "x", number(x), "y", number(y), "text-anchor", anchor, "class", style);
    }

    private static String[] box(String style, int x, int y, int width, int height) {
        return new String[] {
            "class", style, "x", number(x), "y", number(y), "width", number(width), "height", number(height), "rx", "3"
        };
    }

    private void legend() {
        page.open("ul", "class", "legend");
        page.open("li").text("1e-16 ").open("svg", small(ErrorScale.COLORS * 14));
        for (int i = 0; i < ErrorScale.COLORS; i++) {
            page.empty("rect", box("cell e" + i, i * 14, 0, 14, 18));
        }
        page.close().text(" 1 relative error, logarithmic").close();
        entry("own", "wrong, a mistake of this step");
        entry("carried", "wrong, but follows from later ones");
        entry("first", "the first wrong one, going backwards");
        page.close();
    }

    private void entry(String mark, String meaning) {
        page.open("li").open("svg", small(24));
        page.empty("rect", box("cell e8", 2, 1, 20, 16));
        if (mark.equals("own")) {
            page.empty("circle", "class", mark, "cx", "12", "cy", "9", "r", "4.5");
        } else {
            page.empty("rect", box(mark, 2, 1, 20, 16));
        }
        page.close().text(" " + meaning).close();
    }

    private static String[] small(int width) {
        return new String[] {"width", number(width), "height", "18", "aria-hidden", "true"};
    }

    private static String number(int number) {
        return Integer.toString(number);
    }
}
