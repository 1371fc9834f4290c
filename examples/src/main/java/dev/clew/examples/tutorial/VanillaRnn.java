package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.Vectors;
import java.util.Map;

/**
 * A network whose steps go through tanh, and five ways to get its gradient wrong.
 *
 * <pre>
 *   h_t = tanh(a_t)        a_t = Wx x_t + Wh h_{t−1} + b
 *   o_t = Wy h_t + c
 * </pre>
 *
 * <p>Shapes: x_t (inputs), h_t and b (units), o_t and c (classes), Wx (units, inputs), Wh (units, units), Wy (classes,
 * units).
 */
final class VanillaRnn implements HandWritten {
    /** What stands in the backward pass. */
    enum Variant {
        /** What must stand there. */
        RIGHT,
        /** The way back through time misses a transpose. Wh is square, so the shapes fit all the same. */
        NOT_TRANSPOSED,
        /** A derivative that wants what goes into tanh gets what comes out, and takes tanh of it again. */
        TANH_OF_TANH,
        /** The states are in a list without the initial one, and before the first comes the last, as at index −1. */
        WRAPPED_INDEX,
        /** The gradient of c is added to itself. */
        ADDED_TO_ITSELF,
        /** No step hears of its effect on later steps. */
        NO_RECURRENT_PATH
    }

    private final Variant variant;
    private final LossAt lossAt;

    VanillaRnn(Variant variant, LossAt lossAt) {
        this.variant = variant;
        this.lossAt = lossAt;
    }

    @Override
    public ByHand run(Map<String, NDArray> point) {
        Pass pass = new Pass(new Point(point));
        pass.forward();
        pass.backward();
        return pass.answer();
    }

    /** One call: the weights, the states of every step, and the derivatives of all. */
    private final class Pass {
        private final double[][] Wx;
        private final double[][] Wh;
        private final double[] b;
        private final double[][] Wy;
        private final double[] c;
        private final double[] h0;
        private final double[][] x;
        private final int steps;

        private final double[][] a;
        private final double[][] h;
        private final double[][] o;

        private final double[][] dWx;
        private final double[][] dWh;
        private final double[] db;
        private final double[][] dWy;
        private final double[] dc;
        private final double[][] dh;
        private double[] dhNext;

        Pass(Point point) {
            Wx = point.matrix("Wx");
            Wh = point.matrix("Wh");
            b = point.vector("b");
            Wy = point.matrix("Wy");
            c = point.vector("c");
            h0 = point.vector("h0");
            x = point.steps("x");
            steps = x.length;
            a = new double[steps][];
            h = new double[steps][];
            o = new double[steps][];
            dWx = Vectors.zeros(Wx);
            dWh = Vectors.zeros(Wh);
            db = new double[b.length];
            dWy = Vectors.zeros(Wy);
            dc = new double[c.length];
            dh = new double[steps][b.length];
            dhNext = new double[b.length];
        }

        private double[] previous(int t) {
            return t > 0 ? h[t - 1] : h0;
        }

        void forward() {
            for (int t = 0; t < steps; t++) {
                a[t] = b.clone();
                Accumulate.times(Wx, x[t], a[t]);
                Accumulate.times(Wh, previous(t), a[t]);
                h[t] = Vectors.tanh(a[t]);
                o[t] = c.clone();
                Accumulate.times(Wy, h[t], o[t]);
            }
        }

        void backward() {
            for (int t = steps - 1; t >= 0; t--) {
                double[] dOutput = lossAt.gradient(o, t);
                Accumulate.outer(dOutput, h[t], dWy);
                // dc += ∂L/∂o_t
                Accumulate.add(1, variant == Variant.ADDED_TO_ITSELF ? dc : dOutput, dc);

                // dh_t = Wyᵀ ∂L/∂o_t + Whᵀ δ_{t+1}
                Accumulate.transposeTimes(Wy, dOutput, dh[t]);
                if (variant != Variant.NO_RECURRENT_PATH) {
                    Accumulate.add(1, dhNext, dh[t]);
                }
                // δ_t = dh_t ⊙ (1 − h_t²)
                double[] delta =
                        Vectors.throughTanh(dh[t], variant == Variant.TANH_OF_TANH ? Vectors.tanh(h[t]) : h[t]);
                throughTheSum(t, delta);
            }
        }

        private void throughTheSum(int t, double[] delta) {
            boolean wraps = variant == Variant.WRAPPED_INDEX && t == 0;
            // dWh += δ_t h_{t−1}ᵀ
            Accumulate.outer(delta, wraps ? h[steps - 1] : previous(t), dWh);
            Accumulate.outer(delta, x[t], dWx);
            Accumulate.add(1, delta, db);

            // dh_{t−1} = Whᵀ δ_t
            dhNext = new double[delta.length];
            if (variant == Variant.NOT_TRANSPOSED) {
                Accumulate.times(Wh, delta, dhNext);
            } else {
                Accumulate.transposeTimes(Wh, delta, dhNext);
            }
        }

        ByHand answer() {
            Answer answer = Answer.ofColumns(lossAt.of(o))
                    .gradient("Wx", dWx)
                    .gradient("Wh", dWh)
                    .gradient("b", db)
                    .gradient("Wy", dWy)
                    .gradient("c", dc)
                    .gradient("h0", dhNext)
                    .adjoints("h", dh)
                    .activations("a", a)
                    .activations("h", h);
            return (lossAt == LossAt.EVERY_STEP ? answer.activations("o", o) : answer).toByHand();
        }
    }
}
