package dev.clew.nn.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Gated cells with backpropagation through time written by hand, number by number, for one sequence at a time. The loss is Σₜ r(t)·y(t) +
 * s·h(end).
 */
abstract class CellByHand {
    /** A matrix, or a vector as one row, and the derivative of the loss. */
    static final class Weight {
        final double[][] value;
        final double[][] slope;

        Weight(double[][] value) {
            this.value = value;
            this.slope = new double[value.length][value[0].length];
        }

        /** sums[to..] += Σ x·w[.., from..], for some columns. */
        void times(double[] x, double[] sums, int from, int to, int count) {
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < count; j++) {
                    sums[to + j] += x[i] * value[i][from + j];
                }
            }
        }

        /** The way back: what comes for the sums goes to the weight, and to x if it is wanted. */
        void back(double[] x, double[] xBar, double[] sumsBar, int from, int to, int count) {
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < count; j++) {
                    slope[i][from + j] += x[i] * sumsBar[to + j];
                    xBar[i] += value[i][from + j] * sumsBar[to + j];
                }
            }
        }
    }

    final Weight wx;
    final Weight wh;
    final Weight b;
    final int units;
    double loss;
    private double clip = Double.POSITIVE_INFINITY;

    CellByHand(double[][] wx, double[][] wh, double[] b, int gates) {
        this.wx = new Weight(wx);
        this.wh = new Weight(wh);
        this.b = new Weight(new double[][] {b});
        this.units = b.length / gates;
    }

    /** What a step needs on the way back. */
    static final class Cache {
        final double[] x;
        final double[] h;
        /** In the order that the cell gives them. */
        final double[][] gates;

        final double[] output;

        Cache(double[] x, double[] h, double[][] gates, double[] output) {
            this.x = x;
            this.h = h;
            this.gates = gates;
            this.output = output;
        }
    }

    /** How long what is carried is: h, and c behind it. */
    abstract int carried();

    /** How long an output is, and the h of a state. */
    abstract int outputs();

    abstract Cache forward(double[] x, double[] state, double[] next);

    /** Takes the derivatives for the next state and gives those for x and the state; that for the output is part of that for h. */
    abstract void backward(Cache cache, double[] nextBar, double[] xBar, double[] stateBar);

    /** One sequence: adds to the loss and to the slopes, and gives the derivatives for x. */
    double[][] run(double[][] x, double[][] r, double[] s) {
        List<Cache> caches = new ArrayList<>();
        double[] state = new double[carried()];
        for (int t = 0; t < x.length; t++) {
            double[] next = new double[carried()];
            Cache cache = forward(x[t], state, next);
            for (int j = 0; j < outputs(); j++) {
                loss += r[t][j] * cache.output[j];
            }
            caches.add(cache);
            state = next;
        }
        for (int j = 0; j < outputs(); j++) {
            loss += s[j] * state[j];
        }
        double[] bar = new double[carried()];
        System.arraycopy(s, 0, bar, 0, outputs());
        double[][] xBars = new double[x.length][];
        for (int t = x.length - 1; t >= 0; t--) {
            for (int j = 0; j < outputs(); j++) {
                bar[j] += r[t][j];
            }
            double[] before = new double[carried()];
            xBars[t] = new double[x[t].length];
            backward(caches.get(t), bar, xBars[t], before);
            bar = before;
        }
        return xBars;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** The same with bounds for what goes into the activations. */
    CellByHand within(double bound) {
        clip = bound;
        return this;
    }

    double clipped(double sum) {
        return Math.max(-clip, Math.min(clip, sum));
    }

    double gate(double sum) {
        return sigmoid(clipped(sum));
    }

    double candidate(double sum) {
        return Math.tanh(clipped(sum));
    }

    /** The derivative of {@link #gate}, from what it gave; 0 at its bounds. */
    double gateSlope(double y) {
        return y > sigmoid(-clip) && y < sigmoid(clip) ? y * (1 - y) : 0;
    }

    /** The derivative of {@link #candidate}, from what it gave; 0 at its bounds. */
    double candidateSlope(double y) {
        return Math.abs(y) < Math.tanh(clip) ? 1 - y * y : 0;
    }

    /** x·wx + b, for all gates. */
    double[] ofInput(double[] x) {
        double[] sums = b.value[0].clone();
        wx.times(x, sums, 0, 0, sums.length);
        return sums;
    }

    /** The way back of {@link #ofInput}. */
    void backOfInput(double[] x, double[] xBar, double[] sumsBar) {
        wx.back(x, xBar, sumsBar, 0, 0, sumsBar.length);
        for (int j = 0; j < sumsBar.length; j++) {
            b.slope[0][j] += sumsBar[j];
        }
    }

    static double[] head(double[] all, int count) {
        double[] some = new double[count];
        System.arraycopy(all, 0, some, 0, count);
        return some;
    }

    // ------------------------------------------------------------------------------------------------------------ GRU

    /** r, z, n; the reset comes after the product if there is an inner bias. */
    static final class OfGru extends CellByHand {
        final Weight inner;
        private final boolean isAfter;

        OfGru(double[][] wx, double[][] wh, double[] b, double[] inner) {
            super(wx, wh, b, 3);
            this.isAfter = inner.length > 0;
            this.inner = new Weight(new double[][] {isAfter ? inner : new double[1]});
        }

        @Override
        int carried() {
            return units;
        }

        @Override
        int outputs() {
            return units;
        }

        @Override
        Cache forward(double[] x, double[] h, double[] next) {
            double[] a = ofInput(x);
            wh.times(h, a, 0, 0, 2 * units);
            double[] r = new double[units];
            double[] z = new double[units];
            double[] n = new double[units];
            double[] reset = new double[units];
            double[] u = new double[units];
            for (int j = 0; j < units; j++) {
                r[j] = gate(a[j]);
                z[j] = gate(a[units + j]);
                reset[j] = r[j] * h[j];
                u[j] = isAfter ? inner.value[0][j] : 0;
            }
            wh.times(isAfter ? h : reset, u, 2 * units, 0, units);
            for (int j = 0; j < units; j++) {
                n[j] = candidate(a[2 * units + j] + (isAfter ? r[j] * u[j] : u[j]));
                next[j] = (1 - z[j]) * n[j] + z[j] * h[j];
            }
            return new Cache(x, h, new double[][] {r, z, n, u}, next);
        }

        @Override
        void backward(Cache cache, double[] nextBar, double[] xBar, double[] hBar) {
            double[] r = cache.gates[0];
            double[] z = cache.gates[1];
            double[] n = cache.gates[2];
            double[] a = new double[3 * units];
            double[] u = new double[units];
            double[] reset = new double[units];
            double[] resetBar = new double[units];
            for (int j = 0; j < units; j++) {
                double nBar = nextBar[j] * (1 - z[j]) * candidateSlope(n[j]);
                hBar[j] += nextBar[j] * z[j];
                a[units + j] = nextBar[j] * (cache.h[j] - n[j]) * gateSlope(z[j]);
                a[2 * units + j] = nBar;
                u[j] = isAfter ? nBar * r[j] : nBar;
                a[j] = isAfter ? nBar * cache.gates[3][j] * gateSlope(r[j]) : 0;
                reset[j] = r[j] * cache.h[j];
                if (isAfter) {
                    inner.slope[0][j] += u[j];
                }
            }
            wh.back(isAfter ? cache.h : reset, isAfter ? hBar : resetBar, u, 2 * units, 0, units);
            for (int j = 0; j < units && !isAfter; j++) {
                hBar[j] += resetBar[j] * r[j];
                a[j] = resetBar[j] * cache.h[j] * gateSlope(r[j]);
            }
            wh.back(cache.h, hBar, a, 0, 0, 2 * units);
            backOfInput(cache.x, xBar, a);
        }
    }

    // ---------------------------------------------------------------------------------------------- minimal gated unit

    /** f, n. */
    static final class OfMinimal extends CellByHand {
        OfMinimal(double[][] wx, double[][] wh, double[] b) {
            super(wx, wh, b, 2);
        }

        @Override
        int carried() {
            return units;
        }

        @Override
        int outputs() {
            return units;
        }

        @Override
        Cache forward(double[] x, double[] h, double[] next) {
            double[] a = ofInput(x);
            wh.times(h, a, 0, 0, units);
            double[] f = new double[units];
            double[] n = new double[units];
            double[] reset = new double[units];
            for (int j = 0; j < units; j++) {
                f[j] = sigmoid(a[j]);
                reset[j] = f[j] * h[j];
            }
            wh.times(reset, a, units, units, units);
            for (int j = 0; j < units; j++) {
                n[j] = Math.tanh(a[units + j]);
                next[j] = (1 - f[j]) * h[j] + f[j] * n[j];
            }
            return new Cache(x, h, new double[][] {f, n}, next);
        }

        @Override
        void backward(Cache cache, double[] nextBar, double[] xBar, double[] hBar) {
            double[] f = cache.gates[0];
            double[] n = cache.gates[1];
            double[] a = new double[2 * units];
            double[] reset = new double[units];
            double[] resetBar = new double[units];
            for (int j = 0; j < units; j++) {
                a[units + j] = nextBar[j] * f[j] * (1 - n[j] * n[j]);
                reset[j] = f[j] * cache.h[j];
            }
            wh.back(reset, resetBar, a, units, units, units);
            for (int j = 0; j < units; j++) {
                hBar[j] += nextBar[j] * (1 - f[j]) + resetBar[j] * f[j];
                double fBar = nextBar[j] * (n[j] - cache.h[j]) + resetBar[j] * cache.h[j];
                a[j] = fBar * f[j] * (1 - f[j]);
            }
            wh.back(cache.h, hBar, a, 0, 0, units);
            backOfInput(cache.x, xBar, a);
        }
    }
}
