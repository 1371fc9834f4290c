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
    public ByHand run(Map<String, NDArray> numbers) {
        Point point = new Point(numbers);
        double[][] U = point.matrix("U");
        double[][] W = point.matrix("W");
        double[][] V = point.matrix("V");
        double[] h0 = point.vector("h0");
        double[][] x = point.steps("x");
        double[][] a = new double[x.length][h0.length];
        double[][] h = new double[x.length][];
        double[][] o = new double[x.length][V.length];
        for (int t = 0; t < x.length; t++) {
            Accumulate.times(U, x[t], a[t]);
            Accumulate.times(W, t > 0 ? h[t - 1] : h0, a[t]);
            h[t] = Vectors.sigmoid(a[t]);
            Accumulate.times(V, h[t], o[t]);
        }
        return backward(U, W, V, h0, x, h, o)
                .activations("a", a)
                .activations("h", h)
                .activations("o", o)
                .toByHand();
    }

    private Answer backward(
            double[][] U, double[][] W, double[][] V, double[] h0, double[][] x, double[][] h, double[][] o) {
        double[][] dU = Vectors.zeros(U);
        double[][] dW = Vectors.zeros(W);
        double[][] dV = Vectors.zeros(V);
        double[][] dh = new double[x.length][];
        double[] fromLater = new double[h0.length];
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
            Accumulate.outer(isDivided ? fromLater : delta, t > 0 ? h[t - 1] : h0, dW);

            fromLater = new double[h0.length];
            Accumulate.transposeTimes(W, delta, fromLater);
        }
        return Answer.ofColumns(LossAt.EVERY_STEP.of(o))
                .gradient("U", dU)
                .gradient("W", dW)
                .gradient("V", dV)
                .gradient("h0", fromLater)
                .adjoints("h", dh);
    }
}
