package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * Closed-form continuous-time cell (Hasani et al., 2021, arXiv 2106.13898): between two targets, by how much time has passed. With
 * z = (x, h) and maps that are affine,
 *
 * <pre>
 * τ = σ(time(z)·elapsed + shift(z))
 * h' = (1 − τ)∘tanh(from(z)) + τ∘tanh(to(z))
 * </pre>
 *
 * <p>Everything is bounded. Shapes: weights (inputs + units, units); x (batch, inputs) → (batch, units).
 *
 * @param elapsed the time from one step to the next, in whatever unit
 */
public record ClosedFormContinuous(Linear from, Linear to, Linear time, Linear shift, double elapsed)
        implements Cell<Tensor> {
    /** With steps of time 1. */
    public static ClosedFormContinuous create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new ClosedFormContinuous(
                draws.linear(0, inputs + units, units),
                draws.linear(1, inputs + units, units),
                draws.linear(2, inputs + units, units),
                draws.linear(3, inputs + units, units),
                1);
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(from.bias().dtype(), batch, from.bias().shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Tensor z = Tensor.concat(-1, List.of(x, h));
        Tensor tau = time.of(z).times(elapsed).plus(shift.of(z)).sigmoid();
        Tensor next = from.of(z).tanh().lerp(to.of(z).tanh(), tau);
        return new Out<>(next, next);
    }
}
