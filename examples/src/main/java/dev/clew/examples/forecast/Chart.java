package dev.clew.examples.forecast;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A picture in letters: one column for each step. */
final class Chart {
    private static final char INTERVAL = '.';
    private static final char FORECAST = 'x';
    private static final char TRUTH = 'o';
    private static final char BOTH = '@';

    private final int rows;
    private final double least;
    private final double most;

    private Chart(int rows, double least, double most) {
        this.rows = rows;
        this.least = least;
        this.most = most;
    }

    /**
     * What came, what was expected, and the interval; as high as what came needs.
     *
     * @param halves of the interval
     */
    static String of(double[] came, double[] expected, double[] halves, int rows) {
        double least = Arrays.stream(came).min().orElseThrow();
        double most = Arrays.stream(came).max().orElseThrow();
        double room = (most - least) / 10 + Double.MIN_NORMAL;
        return new Chart(rows, least - room, most + room).drawn(came, expected, halves);
    }

    private String drawn(double[] came, double[] expected, double... halves) {
        char[][] cells = new char[rows][came.length];
        for (char[] row : cells) {
            Arrays.fill(row, ' ');
        }
        for (int t = 0; t < came.length; t++) {
            int top = Math.max(0, row(expected[t] + halves[t]));
            int bottom = Math.min(rows - 1, row(expected[t] - halves[t]));
            for (int row = top; row <= bottom; row++) {
                cells[row][t] = INTERVAL;
            }
            int truth = row(came[t]);
            int forecast = row(expected[t]);
            if (forecast >= 0 && forecast < rows) {
                cells[forecast][t] = FORECAST;
            }
            cells[truth][t] = truth == forecast ? BOTH : TRUTH;
        }
        String lines = Stream.of(cells)
                .map(row -> ("  | " + new String(row)).stripTrailing())
                .collect(Collectors.joining("\n"));
        return String.format(Locale.ROOT, "%s%nfrom %.4g to %.4g", lines, least, most);
    }

    /** Counted from the top; beyond the picture where it does not fit. */
    private int row(double number) {
        return (int) Math.floor((most - number) / (most - least) * rows);
    }
}
