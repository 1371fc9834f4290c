package dev.clew.examples.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * A network of plain loops over Java arrays, with the equations as textbooks have them, and the same numbers as arrays of files in every
 * layout.
 */
final class PlainNetwork {
    static final int STEPS = 4;
    static final int BATCH = 3;
    static final int INPUTS = 2;
    static final int UNITS = 5;
    static final int OUTPUTS = 4;

    private final Cell cell;
    private final RandomKey key = RandomKey.of(31);
    private final Map<Character, double[][]> wx = new LinkedHashMap<>();
    private final Map<Character, double[][]> wh = new LinkedHashMap<>();
    private final Map<Character, double[]> bias = new LinkedHashMap<>();
    private final Map<Character, double[]> second = new LinkedHashMap<>();
    final double[][] wy = numbers(900, OUTPUTS, UNITS);
    final double[] by = numbers(901, 1, OUTPUTS)[0];
    final double[][] h0 = numbers(902, BATCH, UNITS);
    final double[][] c0 = numbers(903, BATCH, UNITS);
    final double[][][] x = new double[STEPS][][];
    final double[][][] targets = new double[STEPS][][];
    double[][] mask = ones();
    Description.MaskUse use = Description.MaskUse.BOTH;
    boolean hasSecondBias;
    boolean updateNew;

    PlainNetwork(Cell cell) {
        this.cell = cell;
        for (int gate = 0; gate < cell.gates().length(); gate++) {
            wx.put(cell.gates().charAt(gate), numbers(10 * gate, UNITS, INPUTS));
            wh.put(cell.gates().charAt(gate), numbers(10 * gate + 1, UNITS, UNITS));
            bias.put(cell.gates().charAt(gate), numbers(10 * gate + 2, 1, UNITS)[0]);
            second.put(cell.gates().charAt(gate), numbers(10 * gate + 3, 1, UNITS)[0]);
        }
        for (int t = 0; t < STEPS; t++) {
            x[t] = numbers(1000 + t, BATCH, INPUTS);
            targets[t] = numbers(2000 + t, BATCH, OUTPUTS);
        }
    }

    private static double[][] ones() {
        double[][] ones = new double[STEPS][BATCH];
        for (double[] row : ones) {
            Arrays.fill(row, 1);
        }
        return ones;
    }

    private double[][] numbers(int which, int rows, int columns) {
        return key.fold(which)
                .normal(0, 0.7, DType.F64, Shape.of(rows, columns))
                .toRows();
    }

    // --------------------------------------------------------------------------------------------------- forward

    /** The loss, by one number after the other. */
    double loss(Objective objective) {
        double total = 0;
        double counted = Arrays.stream(mask).flatMapToDouble(Arrays::stream).sum();
        for (int b = 0; b < BATCH; b++) {
            double[] h = h0[b].clone();
            double[] c = c0[b].clone();
            double ofSequence = 0;
            double length = 0;
            for (int t = 0; t < STEPS; t++) {
                double[] newC = c.clone();
                double[] newH = next(x[t][b], h, newC);
                double m = use.isOfState() ? mask[t][b] : 1;
                for (int i = 0; i < UNITS; i++) {
                    h[i] = m * newH[i] + (1 - m) * h[i];
                    c[i] = m * newC[i] + (1 - m) * c[i];
                }
                double weight = use.isOfLoss() ? mask[t][b] : 1;
                if (objective.isLast()) {
                    weight = t < STEPS - 1 ? 0 : use == Description.MaskUse.LOSS ? weight : 1;
                }
                length += weight;
                ofSequence += weight * error(objective, h, targets[t][b]);
            }
            boolean isOwnMean = objective.means().contains(Objective.Mean.STEPS)
                    && !objective.means().contains(Objective.Mean.BATCH)
                    && !objective.isLast();
            total += isOwnMean ? ofSequence / length : ofSequence;
        }
        if (objective.means().contains(Objective.Mean.OUTPUTS)) {
            total /= OUTPUTS;
        }
        if (objective.means().contains(Objective.Mean.BATCH)) {
            boolean isOverAll = objective.means().contains(Objective.Mean.STEPS) && !objective.isLast();
            total /= !isOverAll ? BATCH : use.isOfLoss() ? counted : STEPS * BATCH;
        }
        return total;
    }

    private double[] next(double[] in, double[] h, double[] c) {
        double[] next = new double[UNITS];
        double[] reset = null;
        for (int i = 0; i < UNITS; i++) {
            switch (cell) {
                case RNN -> next[i] = Math.tanh(sum('h', i, in, h));
                case RNN_SIGMOID -> next[i] = sigmoid(sum('h', i, in, h));
                case RNN_RELU -> next[i] = Math.max(0, sum('h', i, in, h));
                case LSTM -> {
                    c[i] = sigmoid(sum('f', i, in, h)) * c[i]
                            + sigmoid(sum('i', i, in, h)) * Math.tanh(sum('g', i, in, h));
                    next[i] = sigmoid(sum('o', i, in, h)) * Math.tanh(c[i]);
                }
                case GRU -> {
                    double r = sigmoid(sum('r', i, in, h));
                    double inner = dot(row(wh, 'n', i), h) + (hasSecondBias ? vector(second, 'n')[i] : 0);
                    double n = Math.tanh(dot(row(wx, 'n', i), in) + vector(bias, 'n')[i] + r * inner);
                    next[i] = mixed(sigmoid(sum('z', i, in, h)), n, h[i]);
                }
                case GRU_V1 -> {
                    if (reset == null) {
                        reset = new double[UNITS];
                        for (int j = 0; j < UNITS; j++) {
                            reset[j] = sigmoid(sum('r', j, in, h)) * h[j];
                        }
                    }
                    next[i] = mixed(sigmoid(sum('z', i, in, h)), Math.tanh(sum('n', i, in, reset)), h[i]);
                }
            }
        }
        return next;
    }

    private double mixed(double z, double n, double h) {
        return updateNew ? z * n + (1 - z) * h : (1 - z) * n + z * h;
    }

    private double sum(char gate, int i, double[] in, double[] h) {
        return dot(row(wx, gate, i), in)
                + dot(row(wh, gate, i), h)
                + vector(bias, gate)[i]
                + (hasSecondBias ? vector(second, gate)[i] : 0);
    }

    private static double[] row(Map<Character, double[][]> of, char gate, int i) {
        return of.getOrDefault(gate, new double[0][])[i];
    }

    private static double[] vector(Map<Character, double[]> of, char gate) {
        return of.getOrDefault(gate, new double[0]);
    }

    private double error(Objective objective, double[] h, double[] target) {
        double[] y = new double[OUTPUTS];
        for (int k = 0; k < OUTPUTS; k++) {
            y[k] = dot(wy[k], h) + by[k];
        }
        double sumOfExponentials = Arrays.stream(y).map(Math::exp).sum();
        double error = 0;
        for (int k = 0; k < OUTPUTS; k++) {
            error += switch (objective.kind()) {
                case SOFTMAX -> -target[k] * Math.log(Math.exp(y[k]) / sumOfExponentials);
                case SQUARED -> (objective.half() ? 0.5 : 1) * (y[k] - target[k]) * (y[k] - target[k]);
                case BINARY -> -target[k] * Math.log(sigmoid(y[k])) - (1 - target[k]) * Math.log(1 - sigmoid(y[k]));
            };
        }
        return error;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < b.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double sigmoid(double a) {
        DoubleUnaryOperator logistic = each -> 1 / (1 + Math.exp(-each));
        return logistic.applyAsDouble(a);
    }

    // ----------------------------------------------------------------------------------------------------- as files

    /** The weights in one of three layouts, W·x or x·W, with gates in some order. */
    Map<String, NDArray> weights(Scheme.Layout layout, Orientation side, String gates) {
        Map<String, NDArray> files = new LinkedHashMap<>();
        double[][] both = new double[0][];
        double[][] state = new double[0][];
        for (int k = 0; k < gates.length(); k++) {
            char gate = gates.charAt(k);
            double[][] ofX = wx.getOrDefault(gate, both);
            double[][] ofH = wh.getOrDefault(gate, both);
            String suffix = cell.isPlain() ? "" : String.valueOf(gate);
            switch (layout) {
                case TOGETHER -> {}
                case EACH -> {
                    files.put("W" + suffix, matrix(side, ofX));
                    files.put("U" + suffix, matrix(side, ofH));
                }
                case JOINED -> files.put("W" + suffix, matrix(side, beside(ofH, ofX)));
            }
            if (layout != Scheme.Layout.TOGETHER) {
                files.put("b" + suffix, NDArray.of(vector(bias, gate)));
            }
        }
        if (layout == Scheme.Layout.TOGETHER) {
            for (int k = 0; k < gates.length(); k++) {
                char gate = gates.charAt(k);
                both = below(both, wx.getOrDefault(gate, both));
                state = below(state, wh.getOrDefault(gate, state));
            }
            files.put("Wx", matrix(side, both));
            files.put("Wh", matrix(side, state));
            files.put("bx", NDArray.of(stacked(bias, gates)));
            if (hasSecondBias) {
                files.put("bh", NDArray.of(stacked(second, gates)));
            }
        }
        files.put("Wy", matrix(side, wy));
        files.put("by", NDArray.of(Shape.of(OUTPUTS, 1), by));
        return files;
    }

    /** Inputs, targets and states. */
    Map<String, NDArray> data(boolean isLast) {
        Map<String, NDArray> files = new LinkedHashMap<>();
        files.put("x", steps(x));
        files.put("targets", isLast ? NDArray.of(targets[STEPS - 1]) : steps(targets));
        files.put("h0", NDArray.of(h0));
        if (cell == Cell.LSTM) {
            files.put("c0", NDArray.of(c0));
        }
        return files;
    }

    static NDArray steps(double[][][] rows) {
        double[] all = Arrays.stream(rows)
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .toArray();
        return NDArray.of(Shape.of(rows.length, rows[0].length, rows[0][0].length), all);
    }

    private static NDArray matrix(Orientation side, double[][] rows) {
        NDArray matrix = NDArray.of(rows);
        return side == Orientation.COLUMN ? matrix : matrix.permute(1, 0);
    }

    private static double[] stacked(Map<Character, double[]> of, String gates) {
        return gates.chars()
                .mapToObj(gate -> vector(of, (char) gate))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private static double[][] below(double[][] above, double[][] rows) {
        double[][] all = Arrays.copyOf(above, above.length + rows.length);
        System.arraycopy(rows, 0, all, above.length, rows.length);
        return all;
    }

    private static double[][] beside(double[][] left, double[][] right) {
        double[][] all = new double[left.length][];
        for (int i = 0; i < left.length; i++) {
            all[i] = Arrays.copyOf(left[i], left[i].length + right[i].length);
            System.arraycopy(right[i], 0, all[i], left[i].length, right[i].length);
        }
        return all;
    }
}
