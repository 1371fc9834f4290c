package dev.clew.audit;

import java.util.Locale;

/** Numbers of a report, in as few characters as tell enough: 1.35, 0.8, 3e-16. */
final class ShortNumber {
    private static final double SMALL = 0.005;
    private static final double LARGE = 1000;

    private ShortNumber() {}

    /** An error, a distance or a cosine. */
    static String of(double number) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "infinite" : "-infinite";
        }
        if (Double.isNaN(number)) {
            return "NaN";
        }
        double size = Math.abs(number);
        if (size == 0) {
            return "0";
        }
        if (size < SMALL || size >= LARGE) {
            return String.format(Locale.ROOT, "%.0e", number);
        }
        String fixed = String.format(Locale.ROOT, "%.2f", number);
        return fixed.replaceAll("\\.?0+$", "");
    }

    /** A number of a gradient, which is compared with another. */
    static String ofGradient(double number) {
        return Double.isFinite(number) ? String.format(Locale.ROOT, "%.9g", number) : Double.toString(number);
    }
}
