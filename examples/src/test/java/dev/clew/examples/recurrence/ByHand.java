package dev.clew.examples.recurrence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A cell in plain arrays with its way back written by hand, for one sequence at a time. The loss is Σₜ r(t)·y(t) + s·state(end), of the
 * first numbers of the state.
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
abstract class ByHand {
    /** A matrix, or a vector as one row, and the derivative of the loss. */
    static final class Weight {
        final double[][] value;
        final double[][] slope;

        Weight(double[][] value) {
            this.value = value;
            this.slope = new double[value.length][value[0].length];
        }
    }

    /** Derivatives for what a step was given. */
    record Bars(double[] x, double[][] state) {}

    /** The way back of a step. */
    @FunctionalInterface
    interface Back {
        Bars of(double[] outputBar, double[][] nextBar);
    }

    /** A step, and how its derivatives go back. */
    record Step(double[] output, double[][] next, Back back) {}

    private final Map<String, Weight> weights;
    double loss;

    ByHand(Map<String, Weight> weights) {
        this.weights = weights;
    }

    abstract double[][] start();

    abstract Step step(double[] x, double[][] state);

    /** Takes the derivatives for the first state, where it is made of parameters. */
    void backOfStart(double[][] bar) {}

    /** How many numbers of a state, from the first on, mean the same as the cell's. */
    int compared() {
        return flat(start()).length;
    }

    final Weight weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    final double[] vector(String name) {
        return weight(name).value[0];
    }

    final double[] slopes(String name) {
        return weight(name).slope[0];
    }

    // ------------------------------------------------------------------------------------------------ a whole sequence

    /** Adds to the loss and to the slopes, and gives the derivatives for x. */
    double[][] run(double[][] x, double[][] r, double[] s) {
        List<Back> backs = new ArrayList<>();
        double[][] state = start();
        for (int t = 0; t < x.length; t++) {
            Step step = step(x[t], state);
            loss += dot(r[t], step.output);
            backs.add(step.back);
            state = step.next;
        }
        double[] last = flat(state);
        double[][] bar = start();
        int place = 0;
        for (double[] row : bar) {
            for (int j = 0; j < row.length; j++, place++) {
                row[j] = place < compared() ? s[place] : 0;
                loss += row[j] == 0 ? 0 : row[j] * last[place];
            }
        }
        double[][] xBars = new double[x.length][];
        for (int t = x.length - 1; t >= 0; t--) {
            Bars bars = backs.get(t).of(r[t], bar);
            xBars[t] = bars.x;
            bar = bars.state;
        }
        backOfStart(bar);
        return xBars;
    }

    // ------------------------------------------------------------------------------------------------------ what
    // recurs

    /** x·weight + bias, if there is one. */
    final double[] map(String name, double[] x) {
        double[] y = times(x, weight(name + ".weight").value);
        return weights.containsKey(name + ".bias") ? sum(y, vector(name + ".bias")) : y;
    }

    /** The way back of {@link #map}: the derivative for x. */
    final double[] back(String name, double[] x, double[] yBar) {
        if (weights.containsKey(name + ".bias")) {
            add(slopes(name + ".bias"), yBar);
        }
        return backOfProduct(weight(name + ".weight"), x, yBar);
    }

    static double[] backOfProduct(Weight weight, double[] x, double[] yBar) {
        addOuter(weight.slope, x, yBar, 1);
        return timesTransposed(yBar, weight.value);
    }

    /** x·w. */
    static double[] times(double[] x, double[][] w) {
        double[] y = new double[w[0].length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                y[j] += x[i] * w[i][j];
            }
        }
        return y;
    }

    /** w·y, for a column y. */
    static double[] timesTransposed(double[] y, double[][] w) {
        double[] x = new double[w.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = dot(w[i], y);
        }
        return x;
    }

    static void addOuter(double[][] into, double[] a, double[] b, double by) {
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                into[i][j] += by * a[i] * b[j];
            }
        }
    }

    static void add(double[] into, double[] more) {
        for (int i = 0; i < into.length; i++) {
            into[i] += more[i];
        }
    }

    static double[] sum(double[]... all) {
        double[] sum = all[0].clone();
        for (int i = 1; i < all.length; i++) {
            add(sum, all[i]);
        }
        return sum;
    }

    static double[][] copy(double[][] a) {
        double[][] copy = a.clone();
        for (int i = 0; i < a.length; i++) {
            copy[i] = a[i].clone();
        }
        return copy;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double dot(double[][] a, double[][] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += dot(a[i], b[i]);
        }
        return sum;
    }

    static double[] flat(double[][] rows) {
        int count = 0;
        for (double[] row : rows) {
            count += row.length;
        }
        double[] all = new double[count];
        int place = 0;
        for (double[] row : rows) {
            System.arraycopy(row, 0, all, place, row.length);
            place += row.length;
        }
        return all;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double[] sigmoids(double[] x) {
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] = sigmoid(x[i]);
        }
        return y;
    }

    /** k/√(k² + 10⁻¹²). */
    static double[] normalized(double[] k) {
        double[] y = k.clone();
        double size = 1 / Math.sqrt(dot(k, k) + 1e-12);
        for (int i = 0; i < y.length; i++) {
            y[i] *= size;
        }
        return y;
    }

    /** The way back of {@link #normalized}. */
    static double[] backOfNormalized(double[] k, double[] bar) {
        double size = 1 / Math.sqrt(dot(k, k) + 1e-12);
        double share = dot(k, bar) * size * size * size;
        double[] kBar = new double[k.length];
        for (int i = 0; i < k.length; i++) {
            kBar[i] = size * bar[i] - share * k[i];
        }
        return kBar;
    }

    /** The slopes, by the names of the parameters. */
    final Map<String, Weight> all() {
        return Collections.unmodifiableMap(weights);
    }
}
