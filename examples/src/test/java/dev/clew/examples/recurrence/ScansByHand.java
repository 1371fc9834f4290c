package dev.clew.examples.recurrence;

import java.util.Map;

/** Cells that are linear in their state, by hand. */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
final class ScansByHand {
    private ScansByHand() {}

    private static double positive(double c) {
        return c >= 0 ? c + 0.5 : ByHand.sigmoid(c);
    }

    private static double positiveSlope(double c) {
        return c >= 0 ? 1 : ByHand.sigmoid(c) * (1 - ByHand.sigmoid(c));
    }

    static final class OfMinGru extends ByHand {
        OfMinGru(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            return new double[1][vector("gate.bias").length];
        }

        @Override
        Step step(double[] x, double[][] state) {
            double[] z = sigmoids(map("gate", x));
            double[] c = map("candidate", x);
            double[] h = state[0];
            double[] next = new double[h.length];
            for (int j = 0; j < h.length; j++) {
                next[j] = (1 - z[j]) * h[j] + z[j] * positive(c[j]);
            }
            return new Step(next, new double[][] {next}, (yBar, nextBar) -> {
                double[] bar = sum(yBar, nextBar[0]);
                double[] a = new double[h.length];
                double[] cBar = new double[h.length];
                double[] hBar = new double[h.length];
                for (int j = 0; j < h.length; j++) {
                    a[j] = bar[j] * (positive(c[j]) - h[j]) * z[j] * (1 - z[j]);
                    cBar[j] = bar[j] * z[j] * positiveSlope(c[j]);
                    hBar[j] = bar[j] * (1 - z[j]);
                }
                return new Bars(sum(back("gate", x, a), back("candidate", x, cBar)), new double[][] {hBar});
            });
        }
    }

    static final class OfMinLstm extends ByHand {
        OfMinLstm(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            return new double[1][vector("forget.bias").length];
        }

        @Override
        Step step(double[] x, double[][] state) {
            double[] f = sigmoids(map("forget", x));
            double[] i = sigmoids(map("input", x));
            double[] c = map("candidate", x);
            double[] h = state[0];
            double[] next = new double[h.length];
            for (int j = 0; j < h.length; j++) {
                next[j] = (f[j] * h[j] + i[j] * positive(c[j])) / (f[j] + i[j]);
            }
            return new Step(next, new double[][] {next}, (yBar, nextBar) -> {
                double[] bar = sum(yBar, nextBar[0]);
                double[][] bars = new double[4][h.length]; // f, i, c, h
                for (int j = 0; j < h.length; j++) {
                    double each = bar[j] / (f[j] + i[j]);
                    bars[0][j] = each * (h[j] - next[j]) * f[j] * (1 - f[j]);
                    bars[1][j] = each * (positive(c[j]) - next[j]) * i[j] * (1 - i[j]);
                    bars[2][j] = each * i[j] * positiveSlope(c[j]);
                    bars[3][j] = each * f[j];
                }
                double[] xBar =
                        sum(back("forget", x, bars[0]), back("input", x, bars[1]), back("candidate", x, bars[2]));
                return new Bars(xBar, new double[][] {bars[3]});
            });
        }
    }

    static final class OfLru extends ByHand {
        OfLru(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            return new double[2][vector("gain").length];
        }

        @Override
        Step step(double[] x, double[][] h) {
            int units = h[0].length;
            double[][] lambda = new double[2][units];
            double[][] ofX = {times(x, weight("inReal").value), times(x, weight("inImaginary").value)};
            double[][] next = new double[2][units];
            for (int j = 0; j < units; j++) {
                double size = Math.exp(-Math.exp(vector("modulus")[j]));
                lambda[0][j] = size * Math.cos(Math.exp(vector("phase")[j]));
                lambda[1][j] = size * Math.sin(Math.exp(vector("phase")[j]));
                double gain = Math.exp(vector("gain")[j]);
                next[0][j] = lambda[0][j] * h[0][j] - lambda[1][j] * h[1][j] + gain * ofX[0][j];
                next[1][j] = lambda[1][j] * h[0][j] + lambda[0][j] * h[1][j] + gain * ofX[1][j];
            }
            double[] y = sum(times(next[0], weight("outReal").value), times(x, weight("skip").value));
            double[] less = times(next[1], weight("outImaginary").value);
            for (int j = 0; j < y.length; j++) {
                y[j] -= less[j];
            }
            return new Step(y, next, (yBar, nextBar) -> back(x, h, lambda, ofX, next, yBar, nextBar));
        }

        private Bars back(
                double[] x,
                double[][] h,
                double[][] lambda,
                double[][] ofX,
                double[][] next,
                double[] yBar,
                double[][] nextBar) {
            int units = h[0].length;
            double[] minus = yBar.clone();
            for (int j = 0; j < minus.length; j++) {
                minus[j] = -minus[j];
            }
            double[] re = sum(nextBar[0], backOfProduct(weight("outReal"), next[0], yBar));
            double[] im = sum(nextBar[1], backOfProduct(weight("outImaginary"), next[1], minus));
            double[][] hBar = new double[2][units];
            double[][] ofXBar = new double[2][units];
            for (int j = 0; j < units; j++) {
                double cos = lambda[0][j];
                double sin = lambda[1][j];
                double gain = Math.exp(vector("gain")[j]);
                double cosBar = re[j] * h[0][j] + im[j] * h[1][j];
                double sinBar = im[j] * h[0][j] - re[j] * h[1][j];
                hBar[0][j] = cos * re[j] + sin * im[j];
                hBar[1][j] = cos * im[j] - sin * re[j];
                slopes("gain")[j] += gain * (re[j] * ofX[0][j] + im[j] * ofX[1][j]);
                slopes("modulus")[j] -= Math.exp(vector("modulus")[j]) * (cosBar * cos + sinBar * sin);
                slopes("phase")[j] += Math.exp(vector("phase")[j]) * (sinBar * cos - cosBar * sin);
                ofXBar[0][j] = gain * re[j];
                ofXBar[1][j] = gain * im[j];
            }
            double[] xBar = sum(
                    backOfProduct(weight("inReal"), x, ofXBar[0]),
                    backOfProduct(weight("inImaginary"), x, ofXBar[1]),
                    backOfProduct(weight("skip"), x, yBar));
            return new Bars(xBar, hBar);
        }
    }

    static final class OfRgLru extends ByHand {
        OfRgLru(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            return new double[1][vector("decay").length];
        }

        /** The weight has the rows of all blocks one below the other. */
        private double[] gate(String name, double[] u) {
            double[] sums = vector(name + "Bias").clone();
            double[][] rows = weight(name).value;
            int width = rows[0].length;
            for (int i = 0; i < u.length; i++) {
                for (int j = 0; j < width; j++) {
                    sums[i / width * width + j] += u[i] * rows[i][j];
                }
            }
            return sigmoids(sums);
        }

        private void backOfGate(String name, double[] u, double[] uBar, double[] gate, double[] bar) {
            double[][] rows = weight(name).value;
            int width = rows[0].length;
            for (int i = 0; i < u.length; i++) {
                for (int j = 0; j < width; j++) {
                    int to = i / width * width + j;
                    double sumBar = bar[to] * gate[to] * (1 - gate[to]);
                    weight(name).slope[i][j] += u[i] * sumBar;
                    uBar[i] += rows[i][j] * sumBar;
                }
                slopes(name + "Bias")[i] += bar[i] * gate[i] * (1 - gate[i]);
            }
        }

        @Override
        Step step(double[] x, double[][] state) {
            double[] u = map("in", x);
            double[] r = gate("recurrence", u);
            double[] i = gate("input", u);
            double[] h = state[0];
            double[] a = new double[h.length];
            double[] share = new double[h.length];
            double[] next = new double[h.length];
            for (int j = 0; j < h.length; j++) {
                double logA = -8 * r[j] * softplus(vector("decay")[j]);
                a[j] = Math.exp(logA);
                share[j] = Math.sqrt(-Math.expm1(2 * logA));
                next[j] = a[j] * h[j] + share[j] * i[j] * u[j];
            }
            return new Step(next, new double[][] {next}, (yBar, nextBar) -> {
                double[] bar = sum(yBar, nextBar[0]);
                double[][] bars = new double[4][h.length]; // r, i, u, h
                for (int j = 0; j < h.length; j++) {
                    double logBar = bar[j] * (h[j] * a[j] - i[j] * u[j] * a[j] * a[j] / share[j]);
                    double decay = vector("decay")[j];
                    slopes("decay")[j] += logBar * -8 * r[j] * sigmoid(decay);
                    bars[0][j] = logBar * -8 * softplus(decay);
                    bars[1][j] = bar[j] * share[j] * u[j];
                    bars[2][j] = bar[j] * share[j] * i[j];
                    bars[3][j] = bar[j] * a[j];
                }
                backOfGate("recurrence", u, bars[2], r, bars[0]);
                backOfGate("input", u, bars[2], i, bars[1]);
                return new Bars(back("in", x, bars[2]), new double[][] {bars[3]});
            });
        }
    }

    /** Of the state come first three rows of the window, then one for every unit. */
    static final class OfMamba extends ByHand {
        OfMamba(Map<String, Weight> weights) {
            super(weights);
        }

        private int states() {
            return weight("logA").value[0].length;
        }

        @Override
        double[][] start() {
            int units = vector("skip").length;
            double[][] state = new double[3 + units][];
            for (int i = 0; i < state.length; i++) {
                state[i] = new double[i < 3 ? units : states()];
            }
            return state;
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = vector("skip").length;
            double[][] window = {state[0], state[1], state[2], map("in", x)};
            double[] sums = vector("bias").clone();
            double[] s = new double[units];
            for (int d = 0; d < units; d++) {
                for (int t = 0; t < 4; t++) {
                    sums[d] += window[t][d] * weight("convolution").value[t][d];
                }
                s[d] = sums[d] * sigmoid(sums[d]);
            }
            double[] deltas = map("delta", s);
            double[] b = map("toB", s);
            double[] c = map("toC", s);
            double[] z = map("gate", x);
            double[][] next = start();
            System.arraycopy(window, 1, next, 0, 3);
            double[] y = new double[units];
            double[] gated = new double[units];
            for (int d = 0; d < units; d++) {
                double delta = softplus(deltas[d]);
                for (int n = 0; n < states(); n++) {
                    double a = -Math.exp(weight("logA").value[d][n]);
                    next[3 + d][n] = Math.exp(delta * a) * state[3 + d][n] + delta * b[n] * s[d];
                }
                y[d] = dot(c, next[3 + d]) + vector("skip")[d] * s[d];
                gated[d] = y[d] * z[d] * sigmoid(z[d]);
            }
            Kept kept = new Kept(x, state, window, sums, s, deltas, b, c, z, next, y, gated);
            return new Step(map("out", gated), next, (yBar, nextBar) -> back(kept, yBar, nextBar));
        }

        private record Kept(
                double[] x,
                double[][] state,
                double[][] window,
                double[] sums,
                double[] s,
                double[] deltas,
                double[] b,
                double[] c,
                double[] z,
                double[][] next,
                double[] y,
                double[] gated) {}

        private static double siluSlope(double x) {
            return sigmoid(x) * (1 + x * (1 - sigmoid(x)));
        }

        private Bars back(Kept at, double[] outputBar, double[][] nextBar) {
            int units = at.s.length;
            double[] gatedBar = back("out", at.gated, outputBar);
            double[] zBar = new double[units];
            double[] sBar = new double[units];
            double[] deltasBar = new double[units];
            double[] bBar = new double[states()];
            double[] cBar = new double[states()];
            double[][] stateBar = start();
            for (int d = 0; d < units; d++) {
                double yBar = gatedBar[d] * at.z[d] * sigmoid(at.z[d]);
                zBar[d] = gatedBar[d] * at.y[d] * siluSlope(at.z[d]);
                slopes("skip")[d] += yBar * at.s[d];
                sBar[d] += yBar * vector("skip")[d];
                double delta = softplus(at.deltas[d]);
                for (int n = 0; n < states(); n++) {
                    double a = -Math.exp(weight("logA").value[d][n]);
                    double keeps = Math.exp(delta * a);
                    double bar = nextBar[3 + d][n] + yBar * at.c[n];
                    cBar[n] += yBar * at.next[3 + d][n];
                    stateBar[3 + d][n] = bar * keeps;
                    double exponentBar = bar * at.state[3 + d][n] * keeps;
                    weight("logA").slope[d][n] += exponentBar * delta * a;
                    deltasBar[d] += (exponentBar * a + bar * at.b[n] * at.s[d]) * sigmoid(at.deltas[d]);
                    bBar[n] += bar * delta * at.s[d];
                    sBar[d] += bar * delta * at.b[n];
                }
            }
            add(sBar, back("delta", at.s, deltasBar));
            add(sBar, back("toB", at.s, bBar));
            add(sBar, back("toC", at.s, cBar));
            double[] newest = new double[units];
            for (int d = 0; d < units; d++) {
                double bar = sBar[d] * siluSlope(at.sums[d]);
                slopes("bias")[d] += bar;
                for (int t = 0; t < 4; t++) {
                    weight("convolution").slope[t][d] += bar * at.window[t][d];
                    double windowBar = bar * weight("convolution").value[t][d] + (t == 0 ? 0 : nextBar[t - 1][d]);
                    (t == 3 ? newest : stateBar[t])[d] = windowBar;
                }
            }
            return new Bars(sum(back("gate", at.x, zBar), back("in", at.x, newest)), stateBar);
        }
    }
}
