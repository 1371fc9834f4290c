package dev.clew.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a {@link GradientCheck} found.
 *
 * @param findings every number that was compared, the worst first
 * @param seed where its random cotangent and directions came from
 * @param unrepeatable what differed between two evaluations of the same formula; empty if nothing did. If something did,
 *     differences mean nothing, and there are no findings
 * @param baked which number of the point was baked into the function or into a derivative, so that the formula is not that of
 *     other points; empty if none was
 * @param inputs the names of the inputs, in the order in which they were given
 */
public record GradientReport(
        List<Finding> findings, long seed, String unrepeatable, String baked, List<String> inputs) {
    private static final int SHOWN = 12;

    public GradientReport {
        findings = findings.stream()
                .sorted(Comparator.comparing(Finding::verdict)
                        .thenComparing(
                                Comparator.comparingDouble(Finding::relative).reversed()))
                .toList();
        inputs = List.copyOf(inputs);
    }

    /** Those with a verdict. */
    public List<Finding> with(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).toList();
    }

    /** Whether nothing is wrong and no number baked in, and something could be decided. */
    public boolean isRight() {
        return unrepeatable.isEmpty()
                && baked.isEmpty()
                && with(Verdict.WRONG).isEmpty()
                && (findings.isEmpty() || !with(Verdict.RIGHT).isEmpty());
    }

    /**
     * For inputs whose names end in the number of a step, such as h0, h1, ... or h[0], h[1], ..., where the agreement ends going
     * backwards in time: "h, c wrong from step 3 backwards; right: h4, c4". A line for each boundary; none if nothing is wrong.
     */
    public List<String> inTimeOrder() {
        return Timeline.lines(inputs, findings);
    }

    /**
     * If something is wrong, what is right and wrong of every sequence of steps, in the order of time: "h: right at steps 4 to 9;
     * first wrong in sweep order: h3; wrong at 0 to 3"; a gate after the number, as in a3.f, makes a sequence of its own. And of
     * every array that is partly wrong, the pattern if it is one of whole rows or columns, as gates are: "Wx: rows 0 to 3 right,
     * rows 4 to 7 wrong".
     */
    public List<String> summary() {
        List<String> lines = new ArrayList<>(Timeline.summary(inputs, findings));
        lines.addAll(WrongSlices.lines(inputs, findings));
        return lines;
    }

    /** A line of counts, those in time order, the summary, then the worst, one in each line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("gradient check: ").append(headline());
        if (!baked.isEmpty()) {
            text.append("\n  ").append(baked);
        }
        inTimeOrder().forEach(line -> text.append("\n  ").append(line));
        summary().forEach(line -> text.append("\n  ").append(line));
        List<Finding> notable = findings.stream()
                .filter(finding -> finding.verdict() != Verdict.RIGHT)
                .toList();
        notable.stream().limit(SHOWN).forEach(finding -> text.append("\n  ").append(finding));
        if (notable.size() > SHOWN) {
            text.append("\n  and ").append(notable.size() - SHOWN).append(" more in findings()");
        }
        return text.append("\n  seed ").append(seed).toString();
    }

    private String headline() {
        if (!unrepeatable.isEmpty()) {
            return "the same formula gives different values, so differences mean nothing: " + unrepeatable;
        }
        if (findings.isEmpty()) {
            return "there are no numbers to compare";
        }
        Map<Verdict, Long> counts =
                findings.stream().collect(Collectors.groupingBy(Finding::verdict, TreeMap::new, Collectors.counting()));
        String all = counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining("; "));
        boolean decided =
                findings.stream().anyMatch(finding -> finding.verdict().isDecided());
        return all + (decided ? "" : ". Nothing could be decided: choose another point");
    }
}
