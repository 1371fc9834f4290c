package dev.clew.examples;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/**
 * How cells have done in a {@link Contest}.
 *
 * @param learnt the longest length they have learnt from
 * @param beyond the length beyond it at which they were judged
 */
record Standings(int learnt, int beyond, ImmutableList<Standings.Standing> each) {
    private static final double PASSES = 0.95;

    /**
     * One of them.
     *
     * @param loss the mean of the last epoch
     * @param near the part of new sequences that is told right, at the longest length that was learnt
     * @param far the same at the length beyond
     * @param parameters how many numbers were trained
     */
    record Standing(String cell, double loss, double near, double far, int parameters) {}

    /** That of a cell by name. */
    Standing of(String cell) {
        return each.stream()
                .filter(standing -> standing.cell.equals(cell))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no cell " + cell + " in " + each));
    }

    /** The cells that are right nearly always at the length they have learnt. */
    List<Standing> passing() {
        return each.stream().filter(standing -> standing.near >= PASSES).toList();
    }

    /** A table, and who passes where. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-17s %8s %9s %9s %11s%n", "", "loss", "at " + learnt, "at " + beyond, "parameters"));
        for (Standing standing : each) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-17s %8.5f %7.1f %% %7.1f %% %11d%n",
                    standing.cell,
                    standing.loss,
                    100 * standing.near,
                    100 * standing.far,
                    standing.parameters));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "95 %% and more are right at %d steps for %s, at %d for %s",
                        learnt,
                        those(Standing::near),
                        beyond,
                        those(Standing::far)))
                .toString();
    }

    private String those(ToDoubleFunction<Standing> right) {
        StringJoiner names = new StringJoiner(", ");
        names.setEmptyValue("none");
        for (Standing standing : each) {
            if (right.applyAsDouble(standing) >= PASSES) {
                names.add(standing.cell);
            }
        }
        return names.toString();
    }
}
