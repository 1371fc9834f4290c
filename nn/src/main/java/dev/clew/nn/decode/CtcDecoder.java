package dev.clew.nn.decode;

import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels out of the outputs of a net that was trained with {@code Ctc}: equal classes in a row are one label, and the blank is none.
 *
 * @param blank the class that is the blank
 * @param width how many beginnings of labels a search keeps, 1 or more
 */
public record CtcDecoder(int blank, int width) {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    /** Checks the numbers. */
    public CtcDecoder {
        if (blank < 0 || width < 1) {
            throw new IllegalArgumentException("ctcDecoder with blank " + blank + " and width " + width
                    + ": the blank is a class, 0 or more, and the width 1 or more");
        }
    }

    /** With class 0 as the blank, and a width of 16. */
    public static CtcDecoder create() {
        return new CtcDecoder(0, 16);
    }

    /** With another class as the blank. */
    public CtcDecoder withBlank(int other) {
        return new CtcDecoder(other, width);
    }

    /** With another width. */
    public CtcDecoder withWidth(int other) {
        return new CtcDecoder(blank, other);
    }

    /**
     * What is left of the most probable class at every step, the first of equal ones. It costs nothing, and is not always the most probable
     * labels: other ones may be written in many more ways.
     *
     * @param logits (time, classes), or logarithms of probabilities
     * @throws IllegalArgumentException if they are not, or one is NaN or ∞
     */
    public IntTuple bestPath(NDArray logits) {
        check("bestPath", logits);
        IntTuple labels = IntTuple.of();
        int before = blank;
        for (int t = 0; t < logits.shape().length(0); t++) {
            double[] row = Rows.logProbabilities("bestPath", logits, t);
            int best = 0;
            for (int c = 1; c < row.length; c++) {
                best = row[c] > row[best] ? c : best;
            }
            labels = best == before || best == blank ? labels : labels.plus(IntTuple.of(best));
            before = best;
        }
        return labels;
    }

    /**
     * Labels and their probabilities, the most probable first, by a search over beginnings of labels that adds up all ways to write each
     * (Hannun, Maas, Jurafsky and Ng: First-Pass Large Vocabulary Continuous Speech Recognition, 2014). If the width is that of all
     * there are, the probabilities are exact; else they are at most that.
     *
     * @param logits (time, classes), or logarithms of probabilities
     * @return as many as the width, or fewer
     * @throws IllegalArgumentException if they are not, or one is NaN or ∞
     */
    public List<Hypothesis> search(NDArray logits) {
        check("search", logits);
        Map<IntTuple, Ways> beam = Map.of(IntTuple.of(), new Ways(0, NEVER));
        for (int t = 0; t < logits.shape().length(0); t++) {
            beam = best(extended(beam, Rows.logProbabilities("search", logits, t)));
        }
        return beam.entrySet().stream()
                .map(each -> new Hypothesis(
                        each.getKey(), each.getValue().all(), each.getValue().all()))
                .toList();
    }

    /**
     * ln of the probability of all ways to write a beginning.
     *
     * @param onBlank of those that end on a blank
     * @param onLabel of those that end on its last label
     */
    private record Ways(double onBlank, double onLabel) {
        static final Ways NONE = new Ways(NEVER, NEVER);

        double all() {
            return sum(onBlank, onLabel);
        }

        Ways plus(double blank, double label) {
            return new Ways(sum(onBlank, blank), sum(onLabel, label));
        }
    }

    private static double sum(double a, double b) {
        double most = Math.max(a, b);
        return most == NEVER ? NEVER : most + Math.log1p(Math.exp(Math.min(a, b) - most));
    }

    private Map<IntTuple, Ways> extended(Map<IntTuple, Ways> beam, double[] step) {
        Map<IntTuple, Ways> next = new LinkedHashMap<>();
        beam.forEach((labels, ways) -> {
            int last = labels.isEmpty() ? blank : labels.get(labels.length() - 1);
            double again = last == blank ? NEVER : ways.onLabel() + step[last];
            add(next, labels, ways.all() + step[blank], again);
            for (int c = 0; c < step.length; c++) {
                if (c != blank) {
                    // The same label twice has a blank between.
                    add(next, labels.plus(IntTuple.of(c)), NEVER, (c == last ? ways.onBlank() : ways.all()) + step[c]);
                }
            }
        });
        return next;
    }

    private static void add(Map<IntTuple, Ways> all, IntTuple labels, double blank, double label) {
        all.put(labels, all.getOrDefault(labels, Ways.NONE).plus(blank, label));
    }

    private Map<IntTuple, Ways> best(Map<IntTuple, Ways> all) {
        Map<IntTuple, Ways> kept = new LinkedHashMap<>();
        all.entrySet().stream()
                .filter(each -> each.getValue().all() > NEVER)
                .sorted(Comparator.comparingDouble(each -> -each.getValue().all()))
                .limit(width)
                .forEach(each -> kept.put(each.getKey(), each.getValue()));
        return kept;
    }

    private void check(String asked, NDArray logits) {
        Present.require(asked, logits);
        if (logits.shape().rank() != 2
                || !logits.dtype().isFloating()
                || logits.shape().length(1) <= blank) {
            throw new IllegalArgumentException(asked + " in logits " + logits.shape() + " " + logits.dtype()
                    + " with blank " + blank + ": they are (time, classes) floating-point numbers, and the blank is one"
                    + " of the classes");
        }
    }
}
