package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.gradient.FixedPoint;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * A cell whose step is an equation and not a formula, an equilibrium layer over time (Bai, Kolter, Koltun, 2019, arXiv 1909.01377): the
 * state after it is the h' for which
 *
 * <pre>
 * h' = tanh(h'·w + h·back + x·in)
 * </pre>
 *
 * <p>w is inner with columns whose sizes |w| add up to {@value #MOST} at most; so the right side brings any two h' nearer to each other, and
 * there is one that solves it, whatever is learnt. The gradient is that of the equation, and does not depend on how it was solved. Shapes:
 * inner and back (units, units); x (batch, inputs) → (batch, units).
 */
public record Equilibrium(Linear in, Parameter inner, Parameter back) implements Cell<Tensor> {
    private static final double MOST = 0.9;

    /** With columns of inner whose sizes add up to a half or so. */
    public static Equilibrium create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new Equilibrium(
                draws.linear(0, inputs, units),
                draws.of(1, Initializer.uniform(-1.0 / units, 1.0 / units), units, units),
                draws.of(2, Initializer.inverseSquareRoot(units), units, units));
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(inner.dtype(), batch, inner.shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Tensor sizes = inner.abs().sum(0);
        Tensor w = inner.times(sizes.maximum(MOST).reciprocal().times(MOST));
        Tensor fixed = in.of(x).plus(h.matmul(back));
        Tensor next = FixedPoint.of(each -> each.matmul(w).plus(fixed).tanh(), h);
        return new Out<>(next, next);
    }
}
