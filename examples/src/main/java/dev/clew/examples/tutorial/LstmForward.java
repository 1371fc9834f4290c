package dev.clew.examples.tutorial;

import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.Vectors;

/** The forward pass of {@link Lstm}, with all that the backward pass needs: one row per step. */
final class LstmForward {
    final double[] c0;
    /** [h_{t−1}; x_t]. */
    final double[][] z;

    final double[][] f;
    final double[][] i;
    final double[][] g;
    final double[][] o;
    final double[][] c;
    final double[][] h;
    final double[][] v;

    LstmForward(Point point) {
        double[][] x = point.steps("x");
        int steps = x.length;
        z = new double[steps][];
        f = new double[steps][];
        i = new double[steps][];
        g = new double[steps][];
        o = new double[steps][];
        c = new double[steps][];
        h = new double[steps][];
        v = new double[steps][];
        c0 = point.vector("c0");
        double[] previous = point.vector("h0");
        for (int t = 0; t < steps; t++) {
            z[t] = Vectors.concat(previous, x[t]);
            f[t] = Vectors.sigmoid(affine(point, "f", z[t]));
            i[t] = Vectors.sigmoid(affine(point, "i", z[t]));
            g[t] = Vectors.tanh(affine(point, "g", z[t]));
            o[t] = Vectors.sigmoid(affine(point, "o", z[t]));
            c[t] = Vectors.plus(Vectors.times(f[t], previousCell(t)), Vectors.times(i[t], g[t]));
            h[t] = Vectors.times(o[t], Vectors.tanh(c[t]));
            v[t] = affine(point, "v", h[t]);
            previous = h[t];
        }
    }

    double[] previousCell(int t) {
        return t > 0 ? c[t - 1] : c0;
    }

    /** {@code Σ_t −log softmax(v_t)[label_t]}, and {@code ½ ‖c_T‖²} if the last cell has a loss. */
    double loss(boolean hasCellLoss) {
        double loss = LossAt.EVERY_STEP.of(v);
        if (hasCellLoss) {
            for (double number : c[c.length - 1]) {
                loss += number * number / 2;
            }
        }
        return loss;
    }

    Answer addTo(Answer answer) {
        return answer.activations("z", z)
                .activations("f", f)
                .activations("i", i)
                .activations("g", g)
                .activations("o", o)
                .activations("c", c)
                .activations("h", h)
                .activations("v", v);
    }

    /** {@code W z + b}. */
    private static double[] affine(Point point, String letter, double[] z) {
        double[] sum = point.vector("b" + letter);
        Accumulate.times(point.matrix("W" + letter), z, sum);
        return sum;
    }
}
