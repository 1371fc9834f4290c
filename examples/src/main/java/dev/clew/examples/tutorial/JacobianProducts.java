package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.Vectors;
import java.util.Map;

/**
 * The gradient of the network of {@link VanillaRnn} as papers write it: a sum over pairs of steps, with ∂ for
 * everything.
 *
 * <pre>
 *   ∂L/∂Wh = Σ_t Σ_{k≤t}  ∂L_t/∂h_t · ∂h_t/∂h_k · ∂⁺h_k/∂Wh
 *   ∂h_t/∂h_k = Π_{k&lt;j≤t} diag(1 − h_j²) Wh        from j = t on the left to j = k + 1
 * </pre>
 *
 * <p>It is right, though it does not read so: ∂h_t/∂h_k is meant in total, through all steps between, and only the last
 * factor, ∂⁺, holds h_{k−1} fixed. A sweep has to visit every step once; this visits every pair.
 */
final class JacobianProducts implements HandWritten {
    @Override
    public ByHand run(Map<String, NDArray> point) {
        Pass pass = new Pass(new Point(point));
        pass.forward();
        for (int t = 0; t < pass.x.length; t++) {
            pass.backwardFrom(t);
        }
        return pass.answer();
    }

    /** One call: the weights, the states of every step, and the derivatives of all. */
    private static final class Pass {
        private final double[][] Wx;
        private final double[][] Wh;
        private final double[] b;
        private final double[][] Wy;
        private final double[] c;
        private final double[] h0;
        private final double[][] x;

        private final double[][] h;
        private final double[][] o;

        private final double[][] dWx;
        private final double[][] dWh;
        private final double[] db;
        private final double[][] dWy;
        private final double[] dc;
        private final double[][] dh;
        private final double[] dh0;

        Pass(Point point) {
            Wx = point.matrix("Wx");
            Wh = point.matrix("Wh");
            b = point.vector("b");
            Wy = point.matrix("Wy");
            c = point.vector("c");
            h0 = point.vector("h0");
            x = point.steps("x");
            h = new double[x.length][];
            o = new double[x.length][];
            dWx = Vectors.zeros(Wx);
            dWh = Vectors.zeros(Wh);
            db = new double[b.length];
            dWy = Vectors.zeros(Wy);
            dc = new double[c.length];
            dh = new double[x.length][b.length];
            dh0 = new double[b.length];
        }

        private double[] previous(int t) {
            return t > 0 ? h[t - 1] : h0;
        }

        void forward() {
            for (int t = 0; t < x.length; t++) {
                double[] a = b.clone();
                Accumulate.times(Wx, x[t], a);
                Accumulate.times(Wh, previous(t), a);
                h[t] = Vectors.tanh(a);
                o[t] = c.clone();
                Accumulate.times(Wy, h[t], o[t]);
            }
        }

        /** Adds what the loss of one step, L_t, adds to every derivative. */
        void backwardFrom(int t) {
            double[] dOutput = LossAt.EVERY_STEP.gradient(o, t);
            Accumulate.outer(dOutput, h[t], dWy);
            Accumulate.add(1, dOutput, dc);

            // "∂L_t/∂h_t": here partial and total are the same, as L_t knows nothing of later steps.
            double[] partial = new double[h0.length];
            Accumulate.transposeTimes(Wy, dOutput, partial);
            for (int k = t; k >= 0; k--) {
                // "∂L_t/∂h_k" is the row ∂L_t/∂h_t · ∂h_t/∂h_k, and total.
                Accumulate.add(1, partial, dh[k]);
                double[] delta = Vectors.throughTanh(partial, h[k]);
                Accumulate.outer(delta, previous(k), dWh);
                Accumulate.outer(delta, x[k], dWx);
                Accumulate.add(1, delta, db);
                partial = new double[h0.length];
                Accumulate.transposeTimes(Wh, delta, partial);
            }
            Accumulate.add(1, partial, dh0);
        }

        ByHand answer() {
            return Answer.ofColumns(LossAt.EVERY_STEP.of(o))
                    .gradient("Wx", dWx)
                    .gradient("Wh", dWh)
                    .gradient("b", db)
                    .gradient("Wy", dWy)
                    .gradient("c", dc)
                    .gradient("h0", dh0)
                    .adjoints("h", dh)
                    .activations("h", h)
                    .activations("o", o)
                    .toByHand();
        }
    }
}
