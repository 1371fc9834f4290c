package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import dev.clew.examples.byhand.Accumulate;
import dev.clew.examples.byhand.Vectors;
import java.util.Map;

/**
 * A network whose steps go through a sigmoid, without biases, with a loss at every step.
 *
 * <pre>
 *   h_t = σ(a_t)        a_t = U x_t + W h_{t−1}
 *   o_t = V h_t
 * </pre>
 *
 * <p>Shapes: x_t (inputs), h_t (units), o_t (classes), U (units, inputs), W (units, units), V (classes, units).
 */
final class SigmoidRnn implements HandWritten {
    /** What stands in the backward pass. */
    enum Variant {
        /** What must stand there. */
        RIGHT,
        /** U hears of the loss of the same step only, W of later ones only, and neither goes through the sigmoid. */
        DIVIDED_SOURCES
    }

    private final Variant variant;

    SigmoidRnn(Variant variant) {
        this.variant = variant;
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
        private final double[][] U;
        private final double[][] W;
        private final double[][] V;
        private final double[] h0;
        private final double[][] x;

        private final double[][] a;
        private final double[][] h;
        private final double[][] o;

        private final double[][] dU;
        private final double[][] dW;
        private final double[][] dV;
        private final double[][] dh;
        private double[] fromLater;

        Pass(Point point) {
            U = point.matrix("U");
            W = point.matrix("W");
            V = point.matrix("V");
            h0 = point.vector("h0");
            x = point.steps("x");
            a = new double[x.length][h0.length];
            h = new double[x.length][];
            o = new double[x.length][V.length];
            dU = Vectors.zeros(U);
            dW = Vectors.zeros(W);
            dV = Vectors.zeros(V);
            dh = new double[x.length][];
            fromLater = new double[h0.length];
        }

        private double[] previous(int t) {
            return t > 0 ? h[t - 1] : h0;
        }

        void forward() {
            for (int t = 0; t < x.length; t++) {
                Accumulate.times(U, x[t], a[t]);
                Accumulate.times(W, previous(t), a[t]);
                h[t] = Vectors.sigmoid(a[t]);
                Accumulate.times(V, h[t], o[t]);
            }
        }

        void backward() {
            for (int t = x.length - 1; t >= 0; t--) {
                double[] dOutput = LossAt.EVERY_STEP.gradient(o, t);
                Accumulate.outer(dOutput, h[t], dV);
                double[] fromAbove = new double[h0.length];
                Accumulate.transposeTimes(V, dOutput, fromAbove);

                // δ_t = (Vᵀ ∂L/∂o_t + Wᵀ δ_{t+1}) ⊙ h_t ⊙ (1 − h_t)
                dh[t] = Vectors.plus(fromAbove, fromLater);
                double[] delta = Vectors.throughSigmoid(dh[t], h[t]);
                boolean isDivided = variant == Variant.DIVIDED_SOURCES;
                // dU += δ_t x_tᵀ, dW += δ_t h_{t−1}ᵀ
                Accumulate.outer(isDivided ? fromAbove : delta, x[t], dU);
                Accumulate.outer(isDivided ? fromLater : delta, previous(t), dW);

                fromLater = new double[h0.length];
                Accumulate.transposeTimes(W, delta, fromLater);
            }
        }

        ByHand answer() {
            return Answer.ofColumns(LossAt.EVERY_STEP.of(o))
                    .gradient("U", dU)
                    .gradient("W", dW)
                    .gradient("V", dV)
                    .gradient("h0", fromLater)
                    .adjoints("h", dh)
                    .activations("a", a)
                    .activations("h", h)
                    .activations("o", o)
                    .toByHand();
        }
    }
}
