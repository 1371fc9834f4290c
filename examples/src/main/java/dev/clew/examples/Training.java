package dev.clew.examples;

import dev.clew.examples.byhand.Difference;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What every training records: losses, how far the automatic gradient is from the one by hand, and progress. */
final class Training implements AutoCloseable {
    private final Progress progress;
    private double firstLoss = Double.NaN;
    private double lastLoss = Double.NaN;
    private double difference;
    private String where = "to the last bit";

    Training(String name, int epochs) {
        progress = new Progress(name, epochs);
    }

    /** Compares two gradients of the same loss at the same weights: largest difference over largest element. */
    void compare(Map<String, double[][]> automatic, Map<String, double[][]> byHand) {
        byHand.forEach((name, expected) -> {
            double[][] found = automatic.get(name);
            if (found == null) {
                throw new IllegalArgumentException("no automatic gradient of " + name + ", only " + automatic.keySet());
            }
            double relative = Difference.relative(found, expected);
            if (relative > difference) {
                difference = relative;
                where = String.format(Locale.ROOT, "in %s, where it is %.1e", name, largest(expected));
            }
        });
    }

    /** One pass over the data is done. */
    void epoch(double loss) {
        firstLoss = Double.isNaN(firstLoss) ? loss : firstLoss;
        lastLoss = loss;
        progress.step(() -> String.format(Locale.ROOT, "loss %.4g", loss));
    }

    Outcome outcome(String result, boolean reached, String notebook) {
        return new Outcome(firstLoss, lastLoss, result, reached, difference, where, notebook);
    }

    /** The parameters that a published gradient gets wrong, with |published − right| / |right| (Euclidean). */
    static String verdict(Map<String, double[][]> published, Map<String, double[][]> right) {
        StringJoiner wrong = new StringJoiner(", ");
        right.forEach((name, expected) -> {
            double[][] found = published.getOrDefault(name, new double[0][]);
            double error = Difference.euclidean(found, expected);
            if (error > 1e-6) {
                wrong.add(String.format(Locale.ROOT, "%s by %.2f", name, error));
            }
        });
        return wrong.length() == 0 ? "right" : "wrong: " + wrong;
    }

    @Override
    public void close() {
        progress.close();
    }

    private static double largest(double[][] matrix) {
        return Arrays.stream(matrix)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElse(0);
    }
}
