package dev.clew.nn.credit;

import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An Elman network and its gradients through time, written out: h' = tanh(x·wx + h·wh + b), y = h'·v + c, L = Σ (y − target)². Knows
 * nothing of tensors. Batch 1.
 */
final class ElmanByHand {
    final double[][] wx;
    final double[][] wh;
    final double[] b;
    final double[][] v;
    final double[] c;
    private final int units;

    ElmanByHand(RnnCell cell, Linear head) {
        this.wx = cell.wx().value().toRows();
        this.wh = cell.wh().value().toRows();
        this.b = cell.b().value().toDoubles();
        this.v = head.weight().value().toRows();
        this.c = head.bias().value().toDoubles();
        this.units = b.length;
    }

    /** Gradients, of the parameters in the order of the fields. */
    final class Gradient {
        final double[][] ofWx = new double[wx.length][units];
        final double[][] ofWh = new double[units][units];
        final double[] ofB = new double[units];
        final double[][] ofV = new double[units][c.length];
        final double[] ofC = new double[c.length];
        double loss;

        Map<String, double[]> flat() {
            Map<String, double[]> all = new LinkedHashMap<>();
            all.put("cell.wx", side(ofWx));
            all.put("cell.wh", side(ofWh));
            all.put("cell.b", ofB);
            all.put("head.weight", side(ofV));
            all.put("head.bias", ofC);
            return all;
        }

        /** ∂L/∂h' of a step whose loss counts; the head's own gradient on the way. */
        private double[] ofOutput(double[] h, double[] target) {
            double[] slope = new double[units];
            for (int k = 0; k < c.length; k++) {
                double y = c[k];
                for (int j = 0; j < units; j++) {
                    y += h[j] * v[j][k];
                }
                double error = y - target[k];
                loss += error * error;
                ofC[k] += 2 * error;
                for (int j = 0; j < units; j++) {
                    ofV[j][k] += 2 * error * h[j];
                    slope[j] += 2 * error * v[j][k];
                }
            }
            return slope;
        }
    }

    double[] next(double[] x, double[] h) {
        double[] next = new double[units];
        for (int j = 0; j < units; j++) {
            double sum = b[j];
            for (int i = 0; i < x.length; i++) {
                sum += x[i] * wx[i][j];
            }
            for (int i = 0; i < units; i++) {
                sum += h[i] * wh[i][j];
            }
            next[j] = Math.tanh(sum);
        }
        return next;
    }

    /** Back through all steps that are given, from the losses of the last ones. */
    Gradient back(double[] start, List<double[]> x, List<double[]> targets, int counting) {
        Gradient gradient = new Gradient();
        int steps = x.size();
        double[][] states = new double[steps + 1][];
        states[0] = start;
        for (int t = 0; t < steps; t++) {
            states[t + 1] = next(x.get(t), states[t]);
        }
        double[] later = new double[units];
        for (int t = steps - 1; t >= 0; t--) {
            double[] slope = later.clone();
            if (t >= steps - counting) {
                double[] now = gradient.ofOutput(states[t + 1], targets.get(t));
                for (int j = 0; j < units; j++) {
                    slope[j] += now[j];
                }
            }
            later = new double[units];
            for (int j = 0; j < units; j++) {
                double inner = slope[j] * (1 - states[t + 1][j] * states[t + 1][j]);
                gradient.ofB[j] += inner;
                for (int i = 0; i < wx.length; i++) {
                    gradient.ofWx[i][j] += inner * x.get(t)[i];
                }
                for (int i = 0; i < units; i++) {
                    gradient.ofWh[i][j] += inner * states[t][i];
                    later[i] += inner * wh[i][j];
                }
            }
        }
        return gradient;
    }

    /** SnAp-1: of every parameter only what it does to its own unit. */
    final class Traces {
        private final double[][] eWx = new double[wx.length][units];
        private final double[][] eWh = new double[units][units];
        private final double[] eB = new double[units];
        private double[] h = new double[units];

        Gradient step(double[] x, double[] target) {
            double[] before = h;
            h = next(x, before);
            Gradient gradient = new Gradient();
            double[] slope = gradient.ofOutput(h, target);
            for (int j = 0; j < units; j++) {
                double inner = 1 - h[j] * h[j];
                double own = inner * wh[j][j];
                eB[j] = own * eB[j] + inner;
                gradient.ofB[j] = slope[j] * eB[j];
                for (int i = 0; i < wx.length; i++) {
                    eWx[i][j] = own * eWx[i][j] + inner * x[i];
                    gradient.ofWx[i][j] = slope[j] * eWx[i][j];
                }
                for (int i = 0; i < units; i++) {
                    eWh[i][j] = own * eWh[i][j] + inner * before[i];
                    gradient.ofWh[i][j] = slope[j] * eWh[i][j];
                }
            }
            return gradient;
        }
    }

    /** A step of gradient descent. */
    void descend(Gradient gradient, double rate) {
        descend(wx, gradient.ofWx, rate);
        descend(wh, gradient.ofWh, rate);
        descend(b, gradient.ofB, rate);
        descend(v, gradient.ofV, rate);
        descend(c, gradient.ofC, rate);
    }

    private static void descend(double[][] matrix, double[][] slope, double rate) {
        for (int i = 0; i < matrix.length; i++) {
            descend(matrix[i], slope[i], rate);
        }
    }

    private static void descend(double[] row, double[] slope, double rate) {
        for (int i = 0; i < row.length; i++) {
            row[i] -= rate * slope[i];
        }
    }

    private static double[] side(double[][] matrix) {
        double[] all = new double[matrix.length * matrix[0].length];
        for (int i = 0; i < matrix.length; i++) {
            System.arraycopy(matrix[i], 0, all, i * matrix[0].length, matrix[0].length);
        }
        return all;
    }
}
