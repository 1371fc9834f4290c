package dev.clew.audit;

import dev.clew.array.NDArray;
import dev.clew.audit.bug.AuditedCell;
import dev.clew.audit.bug.Bug;
import dev.clew.audit.bug.ShippedBug;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Mistakes that are made together, and how much of the backward pass is shown.
 *
 * @param cell whose gradient it is
 * @param label what the mistakes are called
 * @param bugs the mistakes
 * @param adjoints whether those of every step are given, not only the gradients of the parameters
 */
record TriedBug(AuditedCell cell, String label, Set<Bug> bugs, boolean adjoints) {
    static final String WITH_ADJOINTS = "adjoints";
    static final String GRADIENTS_ALONE = "gradients";
    static final long SEED = 5;
    private static final int SUMS = 9;
    private static final String TAB = "\t";

    TriedBug {
        bugs = Set.copyOf(bugs);
    }

    /**
     * Every bug by itself, with adjoints and without in turn, those of the first cell and those that were shipped both ways. Of bugs in
     * the sum of one parameter, which every parameter has alike, every ninth, and all of the first cell.
     */
    static List<TriedBug> all() {
        List<TriedBug> all = new ArrayList<>();
        int sums = 0;
        int turn = 0;
        for (AuditedCell cell : AuditedCell.all()) {
            for (Bug bug : cell.bugs()) {
                boolean isOfFirst =
                        cell.name().equals(AuditedCell.all().getFirst().name());
                boolean isTaken = !isOfOneSum(bug) || sums++ % SUMS == 0;
                if (isTaken || isOfFirst) {
                    List<TriedBug> both = inBothModes(cell, bug.name(), Set.of(bug));
                    all.addAll(isOfFirst ? both : List.of(both.get(turn++ % 2)));
                }
            }
        }
        for (ShippedBug shipped : ShippedBug.all()) {
            String parts = shipped.bugs().stream().map(Bug::name).sorted().collect(Collectors.joining(" + "));
            all.addAll(inBothModes(shipped.cell(), shipped.reference() + ": " + parts, shipped.bugs()));
        }
        return all;
    }

    private static boolean isOfOneSum(Bug bug) {
        return bug.wrong().stream().allMatch(parameter -> bug.name().startsWith("d" + parameter + " "));
    }

    static TriedBug of(AuditedCell cell, Bug bug, boolean adjoints) {
        return new TriedBug(cell, bug.name(), Set.of(bug), adjoints);
    }

    private static List<TriedBug> inBothModes(AuditedCell cell, String label, Set<Bug> bugs) {
        return List.of(new TriedBug(cell, label, bugs, true), new TriedBug(cell, label, bugs, false));
    }

    /** What tells it from the others in the table. */
    String key() {
        return cell.name() + TAB + label + TAB + mode();
    }

    String mode() {
        return adjoints ? WITH_ADJOINTS : GRADIENTS_ALONE;
    }

    /** What the audit says at the point of the table. */
    AuditReport report() {
        return report(SEED);
    }

    /** What the audit says at the point of a seed. */
    AuditReport report(long seed) {
        Map<String, NDArray> point = cell.point(seed);
        ByHand all = cell.run(point, bugs);
        return GradientAudit.of(cell::model, point)
                .withGradients(adjoints ? all : ByHand.of(all.gradients()))
                .report();
    }

    /** Its row of the table: key, outcome, names. */
    String row() {
        return row(report());
    }

    String row(AuditReport report) {
        return key() + TAB + report.outcome().name() + TAB + names(report);
    }

    static String names(AuditReport report) {
        return report.explanations().stream().map(Explanation::name).collect(Collectors.joining(" | "));
    }
}
