package dev.clew.examples.audit;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;

/** A table for a terminal, whose cells are broken at spaces. */
final class TextTable {
    private static final String BETWEEN = "  ";

    private final int[] widths;
    private final List<String> lines = new ArrayList<>();

    TextTable(int... widths) {
        this.widths = widths.clone();
    }

    /** One cell for every column. */
    void row(String... cells) {
        List<List<String>> wrapped = new ArrayList<>();
        int height = 0;
        for (int column = 0; column < widths.length; column++) {
            wrapped.add(wrapped(cells[column], widths[column]));
            height = Math.max(height, wrapped.getLast().size());
        }
        for (int i = 0; i < height; i++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                List<String> cell = wrapped.get(column);
                line.append(padded(i < cell.size() ? cell.get(i) : "", widths[column]))
                        .append(BETWEEN);
            }
            lines.add(line.toString().stripTrailing());
        }
    }

    /** Between the head and the rows. */
    void line() {
        StringBuilder line = new StringBuilder();
        for (int width : widths) {
            line.append("─".repeat(width)).append(BETWEEN);
        }
        lines.add(line.toString().stripTrailing());
    }

    private static List<String> wrapped(String cell, int width) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (String word : Splitter.on(' ').split(cell)) {
            if (!part.isEmpty() && length(part) + 1 + length(word) > width) {
                parts.add(part.toString());
                part.setLength(0);
            }
            part.append(part.isEmpty() ? "" : " ").append(word);
        }
        parts.add(part.toString());
        return parts;
    }

    private static String padded(String cell, int width) {
        return cell + " ".repeat(Math.max(0, width - length(cell)));
    }

    private static int length(CharSequence text) {
        return (int) text.codePoints().count();
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
