package dev.clew.examples.byhand;

import java.util.Map;

/**
 * How far two computations of the same tensor are apart, relative to the second.
 *
 * <p>A NaN or an infinity on either side counts as an infinite difference, since a comparison that NaN slips through
 * finds nothing; so does any difference from a tensor of zeros.
 */
public final class Difference {
    private Difference() {}

    /** {@code max|a − b| / max|b|}. Shapes: both the same, ragged rows allowed. */
    public static double relative(double[][] actual, double[][] expected) {
        requireSameLength(actual.length, expected.length);
        double difference = 0;
        double magnitude = 0;
        for (int i = 0; i < expected.length; i++) {
            requireSameLength(actual[i].length, expected[i].length);
            for (int j = 0; j < expected[i].length; j++) {
                difference = Math.max(difference, Math.abs(actual[i][j] - expected[i][j]));
                magnitude = Math.max(magnitude, Math.abs(expected[i][j]));
            }
        }
        return ratio(difference, magnitude);
    }

    /** {@code max|a − b| / max|b|}. Shapes: both (n). */
    public static double relative(double[] actual, double[] expected) {
        return relative(new double[][] {actual}, new double[][] {expected});
    }

    /** {@code |a − b| / |b|}. */
    public static double relative(double actual, double expected) {
        return ratio(Math.abs(actual - expected), Math.abs(expected));
    }

    /** The largest {@link #relative} difference over all names; both maps must have the same names. */
    public static double relative(Map<String, double[][]> actual, Map<String, double[][]> expected) {
        double worst = 0;
        for (Map.Entry<String, double[][]> entry : expected.entrySet()) {
            double[][] other = actual.get(entry.getKey());
            if (other == null || actual.size() != expected.size()) {
                throw new IllegalArgumentException(
                        "compared " + actual.keySet() + " to " + expected.keySet() + "; another network's?");
            }
            worst = Math.max(worst, relative(other, entry.getValue()));
        }
        return worst;
    }

    /** The largest {@link #relative} difference over the loss, all weights, all states and the initial state. */
    public static double relative(Gradient actual, Gradient expected) {
        double worst = relative(actual.loss(), expected.loss());
        worst = Math.max(worst, relative(actual.parameters(), expected.parameters()));
        worst = Math.max(worst, relative(actual.hidden(), expected.hidden()));
        return Math.max(worst, relative(actual.initialState(), expected.initialState()));
    }

    /** {@code ‖a − b‖₂ / ‖b‖₂} over all entries. Shapes: both the same. */
    public static double euclidean(double[][] actual, double[][] expected) {
        requireSameLength(actual.length, expected.length);
        double difference = 0;
        double magnitude = 0;
        for (int i = 0; i < expected.length; i++) {
            requireSameLength(actual[i].length, expected[i].length);
            for (int j = 0; j < expected[i].length; j++) {
                difference += (actual[i][j] - expected[i][j]) * (actual[i][j] - expected[i][j]);
                magnitude += expected[i][j] * expected[i][j];
            }
        }
        return ratio(Math.sqrt(difference), Math.sqrt(magnitude));
    }

    private static double ratio(double difference, double magnitude) {
        if (difference == 0 && Double.isFinite(magnitude)) {
            return 0;
        }
        double ratio = difference / magnitude;
        return Double.isNaN(ratio) || Double.isInfinite(magnitude) ? Double.POSITIVE_INFINITY : ratio;
    }

    private static void requireSameLength(int actual, int expected) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    "compared tensors of different shapes: " + actual + " entries to " + expected + "; transpose one?");
        }
    }
}
