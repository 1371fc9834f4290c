package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;

/**
 * An LSTM whose gates do not look at the state and add up to 1 (Feng et al., 2024, arXiv 2410.01201): with f = σ(x·forget) and
 * i = σ(x·input),
 *
 * <pre>
 * h' = f/(f + i)∘h + i/(f + i)∘g(x·candidate)
 * </pre>
 *
 * <p>g is that of {@link MinGru}. f/(f + i) is computed as σ(ln f − ln i), since two gates that are both closed are 0/0. Shapes: x (batch,
 * inputs), h (batch, units) → (batch, units).
 */
public record MinLstm(Linear forget, Linear input, Linear candidate) implements Cell<Tensor> {
    /** With a bias of 1 for what is kept. */
    public static MinLstm create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new MinLstm(
                draws.linear(0, inputs, units, _ -> 1), draws.linear(1, inputs, units), draws.linear(2, inputs, units));
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(
                candidate.bias().dtype(), batch, candidate.bias().shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Tensor kept = forget.of(x).logSigmoid().minus(input.of(x).logSigmoid()).sigmoid();
        Tensor next = MinGru.positive(candidate.of(x)).lerp(h, kept);
        return new Out<>(next, next);
    }
}
