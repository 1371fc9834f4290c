package dev.clew.nn.metric;

import dev.clew.array.NDArray;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A number that follows from the order of all scores, which are kept until it is asked for. */
record RankingMetric<B>(MetricInputs<B> inputs, ToDoubleFunction<List<RankingMetric.Group>> result)
        implements Metric<B> {
    /**
     * Rows of one score.
     *
     * @param positives those of the label 1
     * @param negatives those of the label 0
     */
    record Group(long positives, long negatives) {}

    private record Row(double score, int label) {}

    @Override
    public String name() {
        return inputs.name();
    }

    @Override
    public List<Tensor> of(B batch) {
        MetricInputs.Rows rows = inputs.single(batch);
        return List.of(rows.scores(), rows.labels(), rows.isCounted());
    }

    @Override
    public boolean isMoreBetter() {
        return true;
    }

    @Override
    public Tally tally() {
        return new Tally() {
            private final List<Row> rows = new ArrayList<>();

            @Override
            public void add(List<NDArray> values) {
                double[] scores = values.get(0).toDoubles();
                int[] labels = values.get(1).toInts();
                boolean[] isCounted = values.get(2).toBooleans();
                for (int i = 0; i < scores.length; i++) {
                    if (isCounted[i]) {
                        MetricInputs.requireBinary(name(), labels[i], i);
                        rows.add(new Row(scores[i], labels[i]));
                    }
                }
            }

            @Override
            public double value() {
                return rows.stream().anyMatch(row -> Double.isNaN(row.score))
                        ? Double.NaN
                        : result.applyAsDouble(groups(rows));
            }

            @Override
            public String toString() {
                return name() + " " + text();
            }
        };
    }

    /** From the best score to the worst. */
    private static List<Group> groups(List<Row> rows) {
        List<Row> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparingDouble(Row::score).reversed());
        List<Group> groups = new ArrayList<>();
        long positives = 0;
        long negatives = 0;
        for (int i = 0; i < sorted.size(); i++) {
            positives += sorted.get(i).label;
            negatives += 1 - sorted.get(i).label;
            // −0 and 0 are one score.
            if (i == sorted.size() - 1 || sorted.get(i + 1).score != sorted.get(i).score) {
                groups.add(new Group(positives, negatives));
                positives = 0;
                negatives = 0;
            }
        }
        return groups;
    }

    /** The share of pairs of a positive and a negative in which the positive has the better score; equal ones are half a pair. */
    static double area(List<Group> groups) {
        double above = 0;
        double negatives = 0;
        double won = 0;
        for (Group each : groups) {
            won += each.negatives * (above + 0.5 * each.positives);
            above += each.positives;
            negatives += each.negatives;
        }
        return won / (above * negatives);
    }

    /** Σ (recall − recall before)·precision, over all scores as thresholds. */
    static double averagePrecision(List<Group> groups) {
        double hits = 0;
        double all = 0;
        double sum = 0;
        for (Group each : groups) {
            hits += each.positives;
            all += each.positives + each.negatives;
            sum += each.positives * hits / all;
        }
        return sum / hits;
    }

    @Override
    public String toString() {
        return name();
    }
}
