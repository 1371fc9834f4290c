package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What L-BFGS knows of the curvature of a loss: how its gradient changed along the last steps (Nocedal, 1980; Nocedal, Wright, Numerical Optimization, 2006,
 * algorithm 7.4). A worker that lives for a step; between steps it lies in parameters.
 */
final class Curvature {
    /** A pair that shows less curvature is not taken, as in PyTorch. */
    private static final double LITTLE = 1e-10;

    private static final String ITERATIONS = "lbfgs.iterations";
    private static final String EVALUATIONS = "lbfgs.evaluations";
    private static final String LENGTH = "lbfgs.length";
    private static final String SCALE = "lbfgs.scale";
    private static final String PAIRS = "lbfgs.pairs";
    private static final String DIRECTION = "lbfgs.direction";
    private static final String GRADIENT = "lbfgs.gradient";
    private static final String Y = "lbfgs.y";
    private static final String S = "lbfgs.s";

    private final int history;
    private final List<Pair> pairs = new ArrayList<>();
    private double iterations;
    private double evaluations;
    private double length;
    private double scale;
    private double[] direction;
    private double[] gradient;

    /** By how much the gradient changed, y, along a way s; and 1/(y·s). */
    private static final class Pair {
        private final double[] y;
        private final double[] s;
        private final double ro;

        Pair(double[] y, double[] s) {
            this.y = y;
            this.s = s;
            this.ro = 1 / dot(y, s);
        }
    }

    /** What lies in parameters. */
    Curvature(Map<String, Parameter> kept) {
        this.iterations = numbers(kept, ITERATIONS)[0];
        this.evaluations = numbers(kept, EVALUATIONS)[0];
        this.length = numbers(kept, LENGTH)[0];
        this.scale = numbers(kept, SCALE)[0];
        this.direction = numbers(kept, DIRECTION);
        this.gradient = numbers(kept, GRADIENT);
        NDArray y = of(kept, Y).value();
        NDArray s = of(kept, S).value();
        this.history = y.shape().length(0);
        int count = (int) Math.min(history, Math.max(0, numbers(kept, PAIRS)[0]));
        for (int i = 0; i < count; i++) {
            pairs.add(new Pair(y.rows(i, i + 1).toDoubles(), s.rows(i, i + 1).toDoubles()));
        }
    }

    /** Parameters for it, by name. */
    static ImmutableMap<String, Parameter> kept(int history, int size) {
        ImmutableMap.Builder<String, Parameter> kept = ImmutableMap.builder();
        for (String number : List.of(ITERATIONS, EVALUATIONS, LENGTH, SCALE, PAIRS)) {
            kept.put(number, Parameter.of(0.0));
        }
        kept.put(DIRECTION, Parameter.zeros(DType.F64, size));
        kept.put(GRADIENT, Parameter.zeros(DType.F64, size));
        kept.put(Y, Parameter.zeros(DType.F64, history, size));
        kept.put(S, Parameter.zeros(DType.F64, history, size));
        return kept.buildOrThrow();
    }

    private static Parameter of(Map<String, Parameter> kept, String name) {
        return Optional.ofNullable(kept.get(name)).orElseThrow();
    }

    private static double[] numbers(Map<String, Parameter> kept, String name) {
        return of(kept, name).value().toDoubles();
    }

    /** What those parameters are to hold. */
    ImmutableMap<Parameter, NDArray> changes(Map<String, Parameter> kept) {
        int size = gradient.length;
        double[] y = new double[history * size];
        double[] s = new double[history * size];
        for (int i = 0; i < pairs.size(); i++) {
            System.arraycopy(pairs.get(i).y, 0, y, i * size, size);
            System.arraycopy(pairs.get(i).s, 0, s, i * size, size);
        }
        Shape all = Shape.of(history, size);
        return ImmutableMap.<Parameter, NDArray>builder()
                .put(of(kept, ITERATIONS), NDArray.of(iterations))
                .put(of(kept, EVALUATIONS), NDArray.of(evaluations))
                .put(of(kept, LENGTH), NDArray.of(length))
                .put(of(kept, SCALE), NDArray.of(scale))
                .put(of(kept, PAIRS), NDArray.of((double) pairs.size()))
                .put(of(kept, DIRECTION), NDArray.of(direction))
                .put(of(kept, GRADIENT), NDArray.of(gradient))
                .put(of(kept, Y), NDArray.of(all, y))
                .put(of(kept, S), NDArray.of(all, s))
                .buildOrThrow();
    }

    void evaluated() {
        evaluations++;
    }

    boolean isFirst() {
        return iterations == 1;
    }

    /** How far it goes along the direction. */
    void go(double t) {
        length = t;
    }

    /** Where to go from a point with a gradient: −H·g. */
    double[] direction(double[] now) {
        iterations++;
        if (isFirst()) {
            pairs.clear();
            scale = 1;
            direction = scaled(now, -1);
        } else {
            learn(now);
            direction = newton(scaled(now, -1));
        }
        gradient = now;
        return direction;
    }

    private void learn(double[] now) {
        double[] y = now.clone();
        add(y, gradient, -1);
        double[] s = scaled(direction, length);
        double curvature = dot(y, s);
        if (curvature > LITTLE) {
            if (pairs.size() == history) {
                pairs.removeFirst();
            }
            pairs.add(new Pair(y, s));
            scale = curvature / dot(y, y);
        }
    }

    private double[] newton(double[] q) {
        double[] shares = new double[pairs.size()];
        for (int i = pairs.size() - 1; i >= 0; i--) {
            Pair pair = pairs.get(i);
            shares[i] = dot(pair.s, q) * pair.ro;
            add(q, pair.y, -shares[i]);
        }
        double[] r = scaled(q, scale);
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            add(r, pair.s, shares[i] - dot(pair.y, r) * pair.ro);
        }
        return r;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The largest size of a number. */
    static double largest(double[] a) {
        double largest = 0;
        for (double each : a) {
            largest = Math.max(largest, Math.abs(each));
        }
        return largest;
    }

    static void add(double[] to, double[] a, double factor) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * a[i];
        }
    }

    private static double[] scaled(double[] a, double factor) {
        double[] scaled = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            scaled[i] = factor * a[i];
        }
        return scaled;
    }
}
