package dev.clew.examples.recurrence;

import java.util.Arrays;
import java.util.Map;

/** Cells whose state is a matrix, by hand. */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point here, and nobody compares these records.
final class MemoriesByHand {
    private MemoriesByHand() {}

    private static double[] scaled(double[] x, double by) {
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] *= by;
        }
        return y;
    }

    private static double[][] scaled(double[][] x, double by) {
        double[][] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] = scaled(x[i], by);
        }
        return y;
    }

    /** The plain form, without m: the rows of C, and n. None of them is the cell's. */
    static final class OfMLstm extends ByHand {
        OfMLstm(Map<String, Weight> weights) {
            super(weights);
        }

        private int units() {
            return vector("out.bias").length;
        }

        @Override
        double[][] start() {
            return new double[units() + 1][units()];
        }

        @Override
        int compared() {
            return 0;
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = units();
            double[] q = map("query", x);
            double[] k = scaled(map("key", x), 1 / Math.sqrt(units));
            double[] v = map("value", x);
            double[] gates = map("gates", x);
            double[] o = sigmoids(map("out", x));
            double i = Math.exp(gates[0]);
            double f = sigmoid(gates[1]);
            double[][] next = scaled(state, f);
            addOuter(next, k, v, i);
            add(next[units], scaled(k, i));
            double[] read = times(q, next);
            double share = dot(q, next[units]);
            double size = Math.max(Math.abs(share), 1);
            double[] y = new double[units];
            for (int j = 0; j < units; j++) {
                y[j] = o[j] * read[j] / size;
            }
            return new Step(y, next, (yBar, nextBar) -> {
                double[] oBar = new double[units];
                double[] readBar = new double[units];
                double sizeBar = 0;
                for (int j = 0; j < units; j++) {
                    oBar[j] = yBar[j] * read[j] / size * o[j] * (1 - o[j]);
                    readBar[j] = yBar[j] * o[j] / size;
                    sizeBar -= yBar[j] * y[j] / size;
                }
                double shareBar = Math.abs(share) > 1 ? sizeBar * Math.signum(share) : 0;
                double[][] bar = copy(nextBar);
                addOuter(bar, q, readBar, 1);
                add(bar[units], scaled(q, shareBar));
                double[] qBar = scaled(next[units], shareBar);
                double[] kBar = scaled(bar[units], i);
                for (int row = 0; row < units; row++) {
                    qBar[row] += dot(next[row], readBar);
                    kBar[row] += i * dot(bar[row], v);
                }
                double iBar = i * (dot(times(k, bar), v) + dot(k, bar[units]));
                double fBar = dot(bar, state) * f * (1 - f);
                double[] xBar = sum(
                        back("query", x, qBar),
                        back("key", x, scaled(kBar, 1 / Math.sqrt(units))),
                        back("value", x, scaled(times(k, bar), i)),
                        back("gates", x, new double[] {iBar, fBar}),
                        back("out", x, oBar));
                return new Bars(xBar, scaled(bar, f));
            });
        }
    }

    static final class OfGatedLinearAttention extends ByHand {
        OfGatedLinearAttention(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            int units = vector("gate.bias").length;
            return new double[units][units];
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = state.length;
            double[] q = scaled(map("query", x), 1 / Math.sqrt(units));
            double[] k = map("key", x);
            double[] v = map("value", x);
            double[] gate = map("gate", x);
            double[] keeps = new double[units];
            double[][] next = new double[units][];
            for (int i = 0; i < units; i++) {
                keeps[i] = Math.exp(-softplus(-gate[i]) / 16);
                next[i] = scaled(state[i], keeps[i]);
            }
            addOuter(next, k, v, 1);
            return new Step(times(q, next), next, (yBar, nextBar) -> {
                double[][] bar = copy(nextBar);
                addOuter(bar, q, yBar, 1);
                double[] gateBar = new double[units];
                double[][] stateBar = new double[units][];
                for (int i = 0; i < units; i++) {
                    gateBar[i] = dot(bar[i], state[i]) * keeps[i] / 16 * sigmoid(-gate[i]);
                    stateBar[i] = scaled(bar[i], keeps[i]);
                }
                double[] xBar = sum(
                        back("query", x, scaled(timesTransposed(yBar, next), 1 / Math.sqrt(units))),
                        back("key", x, timesTransposed(v, bar)),
                        back("value", x, times(k, bar)),
                        back("gate", x, gateBar));
                return new Bars(xBar, stateBar);
            });
        }
    }

    static final class OfGatedDeltaNet extends ByHand {
        OfGatedDeltaNet(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            int units = weight("query.weight").value[0].length;
            return new double[units][units];
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = state.length;
            double[] q = scaled(map("query", x), 1 / Math.sqrt(units));
            double[] raw = map("key", x);
            double[] k = normalized(raw);
            double[] v = map("value", x);
            double decay = map("decay", x)[0];
            double pace = Math.exp(vector("rate")[0]);
            double keeps = Math.exp(-pace * softplus(decay));
            double strength = sigmoid(map("strength", x)[0]);
            double beta = 2 * strength;
            double[][] kept = scaled(state, keeps);
            double[] misses = sum(v, scaled(times(k, kept), -1));
            double[][] next = copy(kept);
            addOuter(next, k, misses, beta);
            return new Step(times(q, next), next, (yBar, nextBar) -> {
                double[][] bar = copy(nextBar);
                addOuter(bar, q, yBar, 1);
                double[] ofKey = times(k, bar);
                double[] missesBar = scaled(ofKey, beta);
                double betaBar = dot(ofKey, misses);
                double[] kBar =
                        sum(scaled(timesTransposed(misses, bar), beta), scaled(timesTransposed(missesBar, kept), -1));
                addOuter(bar, k, missesBar, -1);
                double exponentBar = dot(bar, state) * keeps;
                slopes("rate")[0] -= exponentBar * pace * softplus(decay);
                double[] xBar = sum(
                        back("query", x, scaled(timesTransposed(yBar, next), 1 / Math.sqrt(units))),
                        back("key", x, backOfNormalized(raw, kBar)),
                        back("value", x, missesBar),
                        back("decay", x, new double[] {-exponentBar * pace * sigmoid(decay)}),
                        back("strength", x, new double[] {betaBar * 2 * strength * (1 - strength)}));
                return new Bars(xBar, scaled(bar, keeps));
            });
        }
    }

    /** (values, keys). */
    static final class OfRwkv7 extends ByHand {
        private static final double MOST = -Math.exp(-0.5);

        OfRwkv7(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            int units = vector("removal").length;
            return new double[units][units];
        }

        private static double[] product(double[] a, double[] b) {
            double[] y = a.clone();
            for (int i = 0; i < y.length; i++) {
                y[i] *= b[i];
            }
            return y;
        }

        @Override
        Step step(double[] x, double[][] s) {
            int units = s.length;
            double[] r = map("receptance", x);
            double[] k = map("key", x);
            double[] v = map("value", x);
            double[] d = sigmoids(map("decay", x));
            double[] a = sigmoids(map("strength", x));
            double[] raw = product(k, vector("removal"));
            double[] kappa = normalized(raw);
            double[] w = new double[units];
            double[] replacing = new double[units];
            for (int j = 0; j < units; j++) {
                w[j] = Math.exp(MOST * d[j]);
                replacing[j] = k[j] * (1 + (a[j] - 1) * vector("replacement")[j]);
            }
            double[] found = timesTransposed(kappa, s);
            double[][] next = new double[units][units];
            for (int i = 0; i < units; i++) {
                for (int j = 0; j < units; j++) {
                    next[i][j] = s[i][j] * w[j] - found[i] * a[j] * kappa[j] + v[i] * replacing[j];
                }
            }
            return new Step(timesTransposed(r, next), next, (yBar, nextBar) -> {
                double[][] bar = copy(nextBar);
                addOuter(bar, yBar, r, 1);
                double[] removedBar = scaled(times(found, bar), -1); // for a∘κ
                double[] foundBar = scaled(timesTransposed(product(a, kappa), bar), -1);
                double[] replacingBar = times(v, bar);
                double[] kappaBar = sum(product(removedBar, a), times(foundBar, s));
                double[] kBar = product(backOfNormalized(raw, kappaBar), vector("removal"));
                add(slopes("removal"), product(backOfNormalized(raw, kappaBar), k));
                double[] dBar = new double[units];
                double[] aBar = new double[units];
                double[][] sBar = new double[units][units];
                addOuter(sBar, foundBar, kappa, 1);
                for (int j = 0; j < units; j++) {
                    double replacement = vector("replacement")[j];
                    double wBar = 0;
                    for (int i = 0; i < units; i++) {
                        wBar += bar[i][j] * s[i][j];
                        sBar[i][j] += bar[i][j] * w[j];
                    }
                    dBar[j] = wBar * w[j] * MOST * d[j] * (1 - d[j]);
                    aBar[j] = (removedBar[j] * kappa[j] + replacingBar[j] * k[j] * replacement) * a[j] * (1 - a[j]);
                    kBar[j] += replacingBar[j] * (1 + (a[j] - 1) * replacement);
                    slopes("replacement")[j] += replacingBar[j] * k[j] * (a[j] - 1);
                }
                double[] xBar = sum(
                        back("receptance", x, times(yBar, next)),
                        back("key", x, kBar),
                        back("value", x, timesTransposed(replacing, bar)),
                        back("decay", x, dBar),
                        back("strength", x, aBar));
                return new Bars(xBar, sBar);
            });
        }
    }

    /** The gradient within a step and the way back through it, both by hand. */
    static final class OfTestTimeTraining extends ByHand {
        private final double epsilon;

        OfTestTimeTraining(Map<String, Weight> weights, double epsilon) {
            super(weights);
            this.epsilon = epsilon;
        }

        @Override
        double[][] start() {
            return copy(weight("first").value);
        }

        @Override
        void backOfStart(double[][] bar) {
            for (int i = 0; i < bar.length; i++) {
                add(weight("first").slope[i], bar[i]);
            }
        }

        private static double mean(double[] x) {
            double sum = 0;
            for (double each : x) {
                sum += each;
            }
            return sum / x.length;
        }

        /** Numbers of mean 0 and variance nearly 1, and what they were divided by. */
        private record Standard(double[] hat, double size) {
            /** (g − mean g − hat·mean(g∘hat))/size: both the way back of standardizing, and its own transpose. */
            double[] back(double[] g) {
                double mean = mean(g);
                double share = dot(g, hat) / g.length;
                double[] y = new double[g.length];
                for (int j = 0; j < y.length; j++) {
                    y[j] = (g[j] - mean - hat[j] * share) / size;
                }
                return y;
            }
        }

        private Standard standard(double[] z) {
            double mean = mean(z);
            double[] hat = z.clone();
            double squares = 0;
            for (int j = 0; j < z.length; j++) {
                hat[j] -= mean;
                squares += hat[j] * hat[j];
            }
            double size = Math.sqrt(squares / z.length + epsilon);
            return new Standard(scaled(hat, 1 / size), size);
        }

        private double[] normed(Standard at) {
            double[] y = vector("norm.bias").clone();
            for (int j = 0; j < y.length; j++) {
                y[j] += vector("norm.gain")[j] * at.hat[j];
            }
            return y;
        }

        private double[] backOfNormed(Standard at, double[] bar) {
            double[] g = bar.clone();
            add(slopes("norm.bias"), bar);
            for (int j = 0; j < g.length; j++) {
                slopes("norm.gain")[j] += bar[j] * at.hat[j];
                g[j] *= vector("norm.gain")[j];
            }
            return at.back(g);
        }

        /** Derivatives for k·W, and for what is missed. */
        private record Inner(double[] z, double[] misses) {}

        /** The way back of the inner gradient: through g, and through the standardizing that it is the way back of. */
        private Inner backOfSlope(Standard at, double[] g, double[] misses, double[] slope, double[] bar) {
            int n = g.length;
            double[] missesBar = at.back(bar);
            double[] hatBar = new double[n];
            for (int j = 0; j < n; j++) {
                slopes("norm.gain")[j] += missesBar[j] * misses[j];
                missesBar[j] *= vector("norm.gain")[j];
                slopes("norm.gain")[j] += missesBar[j] * at.hat[j];
                hatBar[j] = missesBar[j] * vector("norm.gain")[j]
                        - (bar[j] * dot(g, at.hat) + g[j] * dot(bar, at.hat)) / (n * at.size);
            }
            add(slopes("norm.bias"), missesBar);
            double sizeBar = -(dot(bar, slope) + dot(hatBar, at.hat)) / at.size;
            double[] zBar = new double[n];
            for (int j = 0; j < n; j++) {
                zBar[j] = (hatBar[j] - mean(hatBar)) / at.size + sizeBar * at.hat[j] / n;
            }
            return new Inner(zBar, missesBar);
        }

        @Override
        Step step(double[] x, double[][] w) {
            double[] q = map("query", x);
            double[] k = map("key", x);
            double[] v = map("value", x);
            double rate = sigmoid(map("rate", x)[0]);
            Standard inner = standard(times(k, w));
            double[] misses = sum(normed(inner), k, scaled(v, -1));
            double[] g = misses.clone();
            for (int j = 0; j < g.length; j++) {
                g[j] *= vector("norm.gain")[j];
            }
            double[] slope = inner.back(g); // of the inner loss, for k·W
            double[][] next = copy(w);
            addOuter(next, k, slope, -rate);
            Standard outer = standard(times(q, next));
            return new Step(sum(q, normed(outer)), next, (yBar, nextBar) -> {
                double[] readBar = backOfNormed(outer, yBar);
                double[] qBar = sum(yBar, timesTransposed(readBar, next));
                double[][] bar = copy(nextBar);
                addOuter(bar, q, readBar, 1);
                double rateBar = -dot(times(k, bar), slope);
                double[] kBar = scaled(timesTransposed(slope, bar), -rate);
                double[] slopeBar = scaled(times(k, bar), -rate);
                Inner of = backOfSlope(inner, g, misses, slope, slopeBar);
                add(kBar, of.misses);
                add(kBar, timesTransposed(of.z, w));
                addOuter(bar, k, of.z, 1);
                double[] xBar = sum(
                        back("query", x, qBar),
                        back("key", x, kBar),
                        back("value", x, scaled(of.misses, -1)),
                        back("rate", x, new double[] {rateBar * rate * (1 - rate)}));
                return new Bars(xBar, bar);
            });
        }
    }

    /** The rows of the memory, then those of the momentum. */
    static final class OfTitans extends ByHand {
        OfTitans(Map<String, Weight> weights) {
            super(weights);
        }

        @Override
        double[][] start() {
            int units = weight("query.weight").value[0].length;
            return new double[2 * units][units];
        }

        @Override
        Step step(double[] x, double[][] state) {
            int units = state.length / 2;
            double[][] memory = Arrays.copyOfRange(state, 0, units);
            double[][] momentum = Arrays.copyOfRange(state, units, 2 * units);
            double[] q = map("query", x);
            double[] raw = map("key", x);
            double[] k = normalized(raw);
            double[] gates = sigmoids(map("gates", x));
            double[] misses = sum(times(k, memory), scaled(map("value", x), -1));
            double[][] moved = scaled(momentum, gates[0]);
            addOuter(moved, k, misses, -gates[1]);
            double[][] next = scaled(memory, 1 - gates[2]);
            for (int i = 0; i < units; i++) {
                add(next[i], moved[i]);
            }
            return new Step(times(q, next), joined(next, moved), (yBar, nextBar) -> {
                double[][] bar = copy(Arrays.copyOfRange(nextBar, 0, units));
                addOuter(bar, q, yBar, 1);
                double[][] movedBar = copy(Arrays.copyOfRange(nextBar, units, 2 * units));
                for (int i = 0; i < units; i++) {
                    add(movedBar[i], bar[i]);
                }
                double[] ofKey = times(k, movedBar);
                double[] missesBar = scaled(ofKey, -gates[1]);
                double[] gatesBar = {dot(movedBar, momentum), -dot(ofKey, misses), -dot(bar, memory)};
                double[][] memoryBar = scaled(bar, 1 - gates[2]);
                addOuter(memoryBar, k, missesBar, 1);
                for (int gate = 0; gate < 3; gate++) {
                    gatesBar[gate] *= gates[gate] * (1 - gates[gate]);
                }
                double[] kBar =
                        sum(scaled(timesTransposed(misses, movedBar), -gates[1]), timesTransposed(missesBar, memory));
                double[] xBar = sum(
                        back("query", x, timesTransposed(yBar, next)),
                        back("key", x, backOfNormalized(raw, kBar)),
                        back("value", x, scaled(missesBar, -1)),
                        back("gates", x, gatesBar));
                return new Bars(xBar, joined(memoryBar, scaled(movedBar, gates[0])));
            });
        }

        private static double[][] joined(double[][] upper, double[][] lower) {
            double[][] all = Arrays.copyOf(upper, upper.length + lower.length);
            System.arraycopy(lower, 0, all, upper.length, lower.length);
            return all;
        }
    }
}
