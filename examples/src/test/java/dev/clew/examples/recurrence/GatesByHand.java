package dev.clew.examples.recurrence;

import java.util.Map;

/** Cells whose gates or spikes look back, by hand. */
final class GatesByHand {
    private GatesByHand() {}

    /** The plain form, with exponentials as they are and nothing that stabilizes: h, c, n. */
    static final class OfSLstm extends ByHand {
        OfSLstm(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            return new double[3][weight("wh").value.length];
        }

        @Override
        int compared() {
            return weight("wh").value.length;
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = compared();
            double[] a = sum(map("in", x), times(state[0], weight("wh").value));
            double[][] next = new double[3][units];
            for (int j = 0; j < units; j++) {
                double i = Math.exp(a[j]);
                double f = sigmoid(a[units + j]);
                next[1][j] = f * state[1][j] + i * Math.tanh(a[2 * units + j]);
                next[2][j] = f * state[2][j] + i;
                next[0][j] = sigmoid(a[3 * units + j]) * next[1][j] / next[2][j];
            }
            return new Step(next[0], next, (yBar, nextBar) -> {
                double[] aBar = new double[a.length];
                double[][] stateBar = new double[3][units];
                for (int j = 0; j < units; j++) {
                    double i = Math.exp(a[j]);
                    double f = sigmoid(a[units + j]);
                    double z = Math.tanh(a[2 * units + j]);
                    double o = sigmoid(a[3 * units + j]);
                    double bar = yBar[j] + nextBar[0][j];
                    double cBar = nextBar[1][j] + bar * o / next[2][j];
                    double nBar = nextBar[2][j] - bar * o * next[1][j] / (next[2][j] * next[2][j]);
                    aBar[j] = (cBar * z + nBar) * i;
                    aBar[units + j] = (cBar * state[1][j] + nBar * state[2][j]) * f * (1 - f);
                    aBar[2 * units + j] = cBar * i * (1 - z * z);
                    aBar[3 * units + j] = bar * next[1][j] / next[2][j] * o * (1 - o);
                    stateBar[1][j] = cBar * f;
                    stateBar[2][j] = nBar * f;
                }
                stateBar[0] = backOfProduct(weight("wh"), state[0], aBar);
                return new Bars(back("in", x, aBar), stateBar);
            });
        }
    }

    static final class OfClosedForm extends ByHand {
        private final double elapsed;

        OfClosedForm(Map<String, Weight> weights, double elapsed) {
            super(weights);
            this.elapsed = elapsed;
        }

        @Override
        double[][] start() {
            return new double[1][vector("from.bias").length];
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = state[0].length;
            double[] z = new double[x.length + units];
            System.arraycopy(x, 0, z, 0, x.length);
            System.arraycopy(state[0], 0, z, x.length, units);
            double[][] maps = {map("from", z), map("to", z), map("time", z), map("shift", z)};
            double[] next = new double[units];
            for (int j = 0; j < units; j++) {
                double tau = sigmoid(maps[2][j] * elapsed + maps[3][j]);
                next[j] = (1 - tau) * Math.tanh(maps[0][j]) + tau * Math.tanh(maps[1][j]);
            }
            return new Step(next, new double[][] {next}, (yBar, nextBar) -> {
                double[] bar = sum(yBar, nextBar[0]);
                double[][] bars = new double[4][units];
                for (int j = 0; j < units; j++) {
                    double tau = sigmoid(maps[2][j] * elapsed + maps[3][j]);
                    double from = Math.tanh(maps[0][j]);
                    double to = Math.tanh(maps[1][j]);
                    bars[0][j] = bar[j] * (1 - tau) * (1 - from * from);
                    bars[1][j] = bar[j] * tau * (1 - to * to);
                    bars[3][j] = bar[j] * (to - from) * tau * (1 - tau);
                    bars[2][j] = bars[3][j] * elapsed;
                }
                double[] zBar = sum(
                        back("from", z, bars[0]),
                        back("to", z, bars[1]),
                        back("time", z, bars[2]),
                        back("shift", z, bars[3]));
                double[] xBar = new double[x.length];
                double[] hBar = new double[units];
                System.arraycopy(zBar, 0, xBar, 0, x.length);
                System.arraycopy(zBar, x.length, hBar, 0, units);
                return new Bars(xBar, new double[][] {hBar});
            });
        }
    }

    /** With the derivative of the surrogate where that of the step would be. */
    static final class OfLeaky extends ByHand {
        private final double sharpness;

        OfLeaky(Map<String, Weight> weights, double sharpness) {
            super(weights);
            this.sharpness = sharpness;
        }

        @Override
        double[][] start() {
            return new double[2][vector("leak").length];
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = vector("leak").length;
            double[] driven = sum(map("in", x), times(state[1], weight("back").value));
            double[][] next = new double[2][units];
            for (int j = 0; j < units; j++) {
                next[0][j] = sigmoid(vector("leak")[j]) * state[0][j] + driven[j] - state[1][j];
                next[1][j] = next[0][j] > 1 ? 1 : 0;
            }
            return new Step(next[1], next, (yBar, nextBar) -> {
                double[][] stateBar = new double[2][units];
                double[] uBar = new double[units];
                for (int j = 0; j < units; j++) {
                    double size = 1 + sharpness * Math.abs(next[0][j] - 1);
                    uBar[j] = nextBar[0][j] + (yBar[j] + nextBar[1][j]) / (size * size);
                    double keeps = sigmoid(vector("leak")[j]);
                    slopes("leak")[j] += uBar[j] * state[0][j] * keeps * (1 - keeps);
                    stateBar[0][j] = uBar[j] * keeps;
                }
                stateBar[1] = backOfProduct(weight("back"), state[1], uBar);
                for (int j = 0; j < units; j++) {
                    stateBar[1][j] -= uBar[j];
                }
                return new Bars(back("in", x, uBar), stateBar);
            });
        }
    }

    /** Solved by iterations that go on until nothing changes, and back by elimination. */
    static final class OfEquilibrium extends ByHand {
        private static final double MOST = 0.9;

        OfEquilibrium(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            return new double[1][weight("inner").value.length];
        }

        private double size(int column) {
            double size = 0;
            for (double[] row : weight("inner").value) {
                size += Math.abs(row[column]);
            }
            return size;
        }

        private double[][] bounded() {
            double[][] w = copy(weight("inner").value);
            for (double[] row : w) {
                for (int j = 0; j < row.length; j++) {
                    row[j] *= Math.min(1, MOST / size(j));
                }
            }
            return w;
        }

        private void backOfBounded(double[][] bar) {
            double[][] inner = weight("inner").value;
            for (int j = 0; j < inner.length; j++) {
                double size = size(j);
                double sizeBar = 0;
                for (int i = 0; i < inner.length && size > MOST; i++) {
                    sizeBar -= bar[i][j] * inner[i][j] * MOST / (size * size);
                }
                for (int i = 0; i < inner.length; i++) {
                    weight("inner").slope[i][j] +=
                            bar[i][j] * Math.min(1, MOST / size) + sizeBar * Math.signum(inner[i][j]);
                }
            }
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = state[0].length;
            double[][] w = bounded();
            double[] fixed = sum(map("in", x), times(state[0], weight("back").value));
            double[] h = new double[units];
            for (int iteration = 0; iteration < 500; iteration++) {
                h = sum(times(h, w), fixed);
                for (int j = 0; j < units; j++) {
                    h[j] = Math.tanh(h[j]);
                }
            }
            double[] next = h;
            return new Step(next, new double[][] {next}, (yBar, nextBar) -> {
                double[] bar = sum(yBar, nextBar[0]);
                double[][] equations = new double[units][units + 1]; // a̅ = (1 − h²)∘(h̅ + w·a̅), for a column a̅
                for (int i = 0; i < units; i++) {
                    double slope = 1 - next[i] * next[i];
                    for (int j = 0; j < units; j++) {
                        equations[i][j] = (i == j ? 1 : 0) - slope * w[i][j];
                    }
                    equations[i][units] = slope * bar[i];
                }
                double[] aBar = solved(equations);
                double[][] wBar = new double[units][units];
                addOuter(wBar, next, aBar, 1);
                backOfBounded(wBar);
                double[] hBar = backOfProduct(weight("back"), state[0], aBar);
                return new Bars(back("in", x, aBar), new double[][] {hBar});
            });
        }

        /** By elimination; the diagonal dominates. */
        private static double[] solved(double[][] rows) {
            int n = rows.length;
            for (int i = 0; i < n; i++) {
                for (int other = 0; other < n; other++) {
                    double factor = other == i ? 0 : rows[other][i] / rows[i][i];
                    for (int j = i; j <= n; j++) {
                        rows[other][j] -= factor * rows[i][j];
                    }
                }
            }
            double[] solution = new double[n];
            for (int i = 0; i < n; i++) {
                solution[i] = rows[i][n] / rows[i][i];
            }
            return solution;
        }
    }
}
