package dev.clew.nn.training;

import java.time.Duration;
import java.util.Locale;

/** Numbers for people. */
final class Figures {
    private static final double SMALL = 1e-3;
    private static final double LARGE = 1e5;

    private Figures() {}

    /** With four digits. */
    static String of(double number) {
        double size = Math.abs(number);
        boolean isUsual = number == 0 || !Double.isFinite(number) || size >= SMALL && size < LARGE;
        return isUsual
                ? String.format(Locale.ROOT, "%.4g", number)
                : String.format(Locale.ROOT, "%.3e", number);
    }

    /** In seconds, minutes or hours. */
    static String of(Duration time) {
        if (time.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
        }
        return time.toHours() == 0
                ? String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d h", time.toHours(), time.toMinutesPart());
    }
}
