package dev.clew.nn.internal;

import com.google.common.base.Strings;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of cells below each other. */
public final class AlignedText {
    private AlignedText() {}

    /**
     * A line for every row, with its end.
     *
     * @param left how many columns, the first ones, stand to the left; the others, numbers, to the right
     */
    public static String of(List<List<String>> rows, int left) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column -> column < left
                                ? Strings.padEnd(row.get(column), widths[column], ' ')
                                : Strings.padStart(row.get(column), widths[column], ' '))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
