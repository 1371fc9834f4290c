package dev.clew.nn.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * L-BFGS with a strong Wolfe line search beside which the library's is held: the decisions are those of PyTorch's, but the inverse curvature H is a whole matrix, built anew
 * for every direction by the formula of BFGS, H ← (I − ρ·s·yᵀ)·H·(I − ρ·y·sᵀ) + ρ·s·sᵀ, and the gradient is given.
 */
final class LbfgsByHand {
    /** Loss and gradient. */
    interface Loss {
        double at(double[] x);

        double[] slopes(double[] x);
    }

    private final Loss loss;
    private final int most;
    private final int history;
    private final List<double[][]> pairs = new ArrayList<>();
    private double[] previous = new double[0];
    private double[] way = new double[0];
    private double length;
    private int iterations;
    int evaluations;

    LbfgsByHand(Loss loss, int most, int history) {
        this.loss = loss;
        this.most = most;
        this.history = history;
    }

    /** Where a step leads. */
    double[] step(double[] from) {
        double[] x = from.clone();
        double f = loss.at(x);
        double[] g = loss.slopes(x);
        evaluations++;
        int before = evaluations;
        if (largest(g) <= 1e-7) {
            return x;
        }
        for (int n = 1; n <= most; n++) {
            iterations++;
            way = direction(g);
            previous = g;
            length = iterations == 1 ? Math.min(1, 1 / sum(g)) : 1;
            double slope = dot(g, way);
            if (slope > -1e-9) {
                break;
            }
            double old = f;
            double[] found = search(x, f, slope);
            length = found[0];
            f = found[1];
            x = moved(x, length);
            g = loss.slopes(x);
            boolean ends = evaluations - before + 1 >= most * 5 / 4
                    || largest(g) <= 1e-7
                    || largest(way) * length <= 1e-9
                    || Math.abs(f - old) < 1e-9;
            if (ends) {
                break;
            }
        }
        return x;
    }

    private double[] direction(double[] g) {
        int n = g.length;
        if (iterations == 1) {
            return each(g, a -> -a);
        }
        double[] y = new double[n];
        double[] s = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = g[i] - previous[i];
            s[i] = way[i] * length;
        }
        if (dot(y, s) > 1e-10) {
            pairs.add(new double[][] {y, s});
            if (pairs.size() > history) {
                pairs.removeFirst();
            }
        }
        double[][] h = new double[n][n];
        double[][] last = pairs.isEmpty() ? new double[][] {{1}, {1}} : pairs.getLast();
        for (int i = 0; i < n; i++) {
            h[i][i] = dot(last[0], last[1]) / dot(last[0], last[0]);
        }
        for (double[][] pair : pairs) {
            h = updated(h, pair[0], pair[1]);
        }
        double[] d = new double[n];
        for (int i = 0; i < n; i++) {
            d[i] = -dot(h[i], g);
        }
        return d;
    }

    private static double[][] updated(double[][] h, double[] y, double[] s) {
        int n = s.length;
        double rho = 1 / dot(y, s);
        double[][] left = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                left[i][j] = (i == j ? 1 : 0) - rho * s[i] * y[j];
            }
        }
        double[][] next = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                next[i][j] = rho * s[i] * s[j];
                for (int k = 0; k < n; k++) {
                    for (int l = 0; l < n; l++) {
                        next[i][j] += left[i][k] * h[k][l] * left[j][l];
                    }
                }
            }
        }
        return next;
    }

    /** Rows of t, f and slope: first the bracket grows, then it shrinks; gives the t and f of the lower end. */
    private double[] search(double[] x, double f, double slope) {
        double[] old = {0, f, slope};
        double[] now = tried(x, length);
        int tries = 0;
        double[] low = null;
        double[] high = null;
        for (; tries < 25; tries++) {
            boolean isHigh = now[1] > f + 1e-4 * now[0] * slope || (tries > 1 && now[1] >= old[1]);
            if (!isHigh && Math.abs(now[2]) <= -0.9 * slope) {
                return now;
            }
            if (isHigh || now[2] >= 0) {
                low = old;
                high = now;
                break;
            }
            double next = cubic(old, now, now[0] + 0.01 * (now[0] - old[0]), 10 * now[0]);
            old = now;
            now = tried(x, next);
        }
        if (low == null || high == null) {
            return f <= now[1] ? new double[] {0, f} : now;
        }
        return shrunk(x, f, slope, low, high, tries);
    }

    private double[] shrunk(double[] x, double f, double slope, double[] first, double[] second, int from) {
        double[][] ends = {first, second};
        boolean wasNear = false;
        for (int tries = from; tries < 25; tries++) {
            double left = Math.min(ends[0][0], ends[1][0]);
            double right = Math.max(ends[0][0], ends[1][0]);
            if ((right - left) * largest(way) < 1e-9) {
                break;
            }
            double t = cubic(ends[0], ends[1], left, right);
            double margin = 0.1 * (right - left);
            boolean isNear = right - t < margin || t - left < margin;
            if (isNear && (wasNear || t >= right || t <= left)) {
                t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
                isNear = false;
            }
            wasNear = isNear;
            double[] now = tried(x, t);
            int low = ends[0][1] <= ends[1][1] ? 0 : 1;
            if (now[1] > f + 1e-4 * t * slope || now[1] >= ends[low][1]) {
                ends[1 - low] = now;
                continue;
            }
            if (Math.abs(now[2]) <= -0.9 * slope) {
                return now;
            }
            if (now[2] * (ends[1 - low][0] - ends[low][0]) >= 0) {
                ends[1 - low] = ends[low];
            }
            ends[low] = now;
        }
        return ends[0][1] <= ends[1][1] ? ends[0] : ends[1];
    }

    private double[] tried(double[] x, double t) {
        evaluations++;
        double[] there = moved(x, t);
        double f = loss.at(there);
        return Double.isFinite(f)
                ? new double[] {t, f, dot(loss.slopes(there), way)}
                : new double[] {t, Double.POSITIVE_INFINITY, Double.NaN};
    }

    private static double cubic(double[] a, double[] b, double least, double most) {
        double d1 = a[2] + b[2] - 3 * (a[1] - b[1]) / (a[0] - b[0]);
        double square = d1 * d1 - a[2] * b[2];
        if (square >= 0) {
            double[] left = a[0] <= b[0] ? a : b;
            double[] right = a[0] <= b[0] ? b : a;
            double root = Math.sqrt(square);
            double t = right[0] - (right[0] - left[0]) * (right[2] + root - d1) / (right[2] - left[2] + 2 * root);
            return Math.min(Math.max(t, least), most);
        }
        return (least + most) / 2;
    }

    private double[] moved(double[] x, double t) {
        double[] there = x.clone();
        for (int i = 0; i < x.length; i++) {
            there[i] += t * way[i];
        }
        return there;
    }

    private static double[] each(double[] a, UnaryOperator<Double> function) {
        double[] result = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = function.apply(a[i]);
        }
        return result;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] a) {
        double largest = 0;
        for (double each : a) {
            largest = Math.max(largest, Math.abs(each));
        }
        return largest;
    }

    private static double sum(double[] a) {
        double sum = 0;
        for (double each : a) {
            sum += Math.abs(each);
        }
        return sum;
    }
}
