package dev.clew.audit;

import java.util.List;
import java.util.Locale;

/**
 * One number of a gradient, beside its difference quotient.
 *
 * @param order whether it is a first or a second derivative
 * @param input the name of the input
 * @param index which element of it; the number of the direction if {@code direction} holds
 * @param direction whether the input was moved along a random direction instead of one element
 * @param output which element of the result, if each was looked at by itself
 * @param analytic the number that is checked
 * @param numeric what differences of values give
 * @param error how far off the numeric one may be
 * @param verdict what follows
 * @param reason why, in words; empty if there is nothing to say
 */
public record Finding(
        int order,
        String input,
        List<Integer> index,
        boolean direction,
        List<Integer> output,
        double analytic,
        double numeric,
        double error,
        Verdict verdict,
        String reason) {

    /** How far apart the two are, relative to the larger. */
    public double relative() {
        double scale = Math.max(Math.abs(analytic), Math.abs(numeric));
        double apart = Math.abs(analytic - numeric);
        return apart == 0 ? 0 : apart / scale;
    }

    /** {@code w[0, 2]  wrong: 0.25, by differences 0.5 ± 1e-12 (off by 0.5)}. */
    @Override
    public String toString() {
        return where() + "  " + verdict + ": " + number(analytic) + ", by differences " + number(numeric) + " ± "
                + String.format(Locale.ROOT, "%.0e", error) + " (off by "
                + String.format(Locale.ROOT, "%.1e", relative()) + ")"
                + (reason.isEmpty() ? "" : "; " + reason);
    }

    private String where() {
        String at = direction
                ? input + " along direction " + index.getFirst()
                : input + (index.isEmpty() ? "" : index.toString());
        String of = output.isEmpty() ? at : "y" + output + " by " + at;
        return order == 2 ? "order 2: " + of : of;
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.9g", number);
    }
}
