package dev.clew.nn.metric;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.nn.internal.AlignedText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How often each class was taken for each, and what follows from that. Counts go on as batches come.
 *
 * <p>Of a class with a hits, of all b that were said to be it and all c that are: precision a/b, recall a/c, F1 2a/(b + c) (van
 * Rijsbergen, 1979), each NaN where it would be 0/0.
 */
public final class ConfusionMatrix implements Metric.Tally {
    private final ImmutableList<String> classes;
    private final long[][] counts;
    private boolean isUnknown;

    private ConfusionMatrix(ImmutableList<String> classes) {
        this.classes = classes;
        this.counts = new long[classes.size()][classes.size()];
    }

    /**
     * An empty one.
     *
     * @param classes their names, in the order of their numbers
     */
    public static ConfusionMatrix of(List<String> classes) {
        Present.require("confusionMatrix", classes);
        return new ConfusionMatrix(ImmutableList.copyOf(classes));
    }

    /** The names "0", "1", ... */
    static List<String> numbered(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    /**
     * Counts a batch.
     *
     * @param values predicted classes (...) i32, of which −1 is unknown, labels (...) i32, and which of them count (...) bool
     * @throws IllegalArgumentException if a label or a class that counts is none
     */
    @Override
    public void add(List<NDArray> values) {
        Present.require("add", values);
        if (values.size() != 3) {
            throw new IllegalArgumentException("add of " + values.size()
                    + " arrays: they are the predicted classes, the labels, and which of them count");
        }
        int[] predicted = values.get(0).toInts();
        int[] labels = values.get(1).toInts();
        boolean[] isCounted = values.get(2).toBooleans();
        for (int row = 0; row < labels.length; row++) {
            if (isCounted[row]) {
                add(labels[row], predicted[row], row);
            }
        }
    }

    private void add(int label, int predicted, int row) {
        if (label < 0 || label >= classes.size() || predicted >= classes.size()) {
            int wrong = label < 0 || label >= classes.size() ? label : predicted;
            throw new IllegalArgumentException("confusion: " + (wrong == label ? "label " : "predicted class ") + wrong
                    + " in row " + row + ": there are " + classes.size() + " classes, so labels go from 0 to "
                    + (classes.size() - 1) + (wrong == classes.size() ? "; do these count from 1?" : ""));
        }
        if (predicted < 0) {
            isUnknown = true;
        } else {
            counts[label][predicted]++;
        }
    }

    /** How often a class was taken for another, or itself. */
    public long count(int label, int predicted) {
        return counts[required("count", label)][required("count", predicted)];
    }

    private int required(String asked, int number) {
        if (number < 0 || number >= classes.size()) {
            throw new IllegalArgumentException(
                    asked + " of class " + number + ": there are " + classes.size() + ", counted from 0");
        }
        return number;
    }

    private double hits(int number) {
        return counts[number][number];
    }

    private double said(int number) {
        long sum = 0;
        for (long[] row : counts) {
            sum += row[number];
        }
        return sum;
    }

    private double are(int number) {
        long sum = 0;
        for (long each : counts[number]) {
            sum += each;
        }
        return sum;
    }

    /** Of those that were said to be of a class, how many are; NaN if none was. */
    public double precision(int number) {
        return hits(required("precision", number)) / said(number);
    }

    /** Of those that are of a class, how many were said to be; NaN if none is. */
    public double recall(int number) {
        return hits(required("recall", number)) / are(number);
    }

    /** Of precision and recall, the harmonic mean; NaN if none is of the class, nor was said to be. */
    public double f1(int number) {
        return 2 * hits(required("f1", number)) / (said(number) + are(number));
    }

    /** The mean of F1 over all classes that are there or were said to be. */
    public double macroF1() {
        return known(IntStream.range(0, classes.size())
                .mapToDouble(this::f1)
                .filter(each -> !Double.isNaN(each))
                .average()
                .orElse(Double.NaN));
    }

    /** F1 from the sums of all classes; where every row has one label, it is the accuracy. */
    public double microF1() {
        return accuracy();
    }

    /** How many were right, of all; NaN if there are none. */
    public double accuracy() {
        double hits = 0;
        double all = 0;
        for (int number = 0; number < classes.size(); number++) {
            hits += hits(number);
            all += are(number);
        }
        return known(hits / all);
    }

    /** Where the scores of a row were NaN, nothing is known of it, nor of all. */
    private double known(double number) {
        return isUnknown ? Double.NaN : number;
    }

    /** The accuracy. */
    @Override
    public double value() {
        return accuracy();
    }

    /** A table: a row for every class that is, a column for every one that was said, and what follows. */
    @Override
    public String text() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("is \\ said", classes, "recall", "F1"));
        for (int number = 0; number < classes.size(); number++) {
            List<String> cells = new ArrayList<>();
            for (long each : counts[number]) {
                cells.add(Long.toString(each));
            }
            rows.add(row(classes.get(number), cells, share(recall(number)), share(f1(number))));
        }
        rows.add(row("precision", shares(this::precision), "", ""));
        return AlignedText.of(rows, 1) + "accuracy " + share(accuracy()) + ", macro F1 " + share(macroF1())
                + ", micro F1 " + share(microF1()) + (isUnknown ? "; some scores are NaN" : "") + "\n";
    }

    private List<String> shares(IntToDoubleFunction each) {
        return IntStream.range(0, classes.size())
                .mapToObj(number -> share(each.applyAsDouble(number)))
                .toList();
    }

    private static List<String> row(String name, List<String> cells, String recall, String f1) {
        List<String> row = new ArrayList<>(List.of(name));
        row.addAll(cells);
        Collections.addAll(row, recall, f1);
        return row;
    }

    private static String share(double number) {
        return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, "%.3f", number);
    }

    /** The table. */
    @Override
    public String toString() {
        return text();
    }
}
