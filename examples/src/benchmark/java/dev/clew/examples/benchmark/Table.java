package dev.clew.examples.benchmark;

import com.google.common.base.Strings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text under headings; the first two columns to the left, the others to the right. */
final class Table {
    private static final int LEFT = 2;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** A row of which only the first cells are known. */
    void dashes(String... cells) {
        List<String> row = new ArrayList<>(List.of(cells));
        row.addAll(Collections.nCopies(rows.getFirst().size() - cells.length, "-"));
        rows.add(row);
    }

    /** Columns for a terminal. */
    String text() {
        int[] widths = widths();
        return rows.stream().map(row -> line(row, widths, "  ").stripTrailing()).collect(Collectors.joining("\n"));
    }

    /** The same as Markdown. */
    String markdown() {
        int[] widths = widths();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add("| " + line(row, widths, " | ") + " |");
            if (lines.size() == 1) {
                lines.add(IntStream.range(0, widths.length)
                        .mapToObj(i -> "-".repeat(Math.max(2, widths[i]) - 1) + (i < LEFT ? "-" : ":"))
                        .collect(Collectors.joining(" | ", "| ", " |")));
            }
        }
        return String.join("\n", lines);
    }

    private int[] widths() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private static String line(List<String> row, int[] widths, String between) {
        return IntStream.range(0, widths.length)
                .mapToObj(i -> i < LEFT
                        ? Strings.padEnd(row.get(i), widths[i], ' ')
                        : Strings.padStart(row.get(i), widths[i], ' '))
                .collect(Collectors.joining(between));
    }
}
