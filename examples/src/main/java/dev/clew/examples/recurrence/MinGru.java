package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;

/**
 * A GRU whose gate does not look at the state (Feng et al., 2024, arXiv 2410.01201), so that its whole run is one linear recurrence:
 *
 * <pre>
 * z = σ(x·gate)   c = g(x·candidate)
 * h' = (1 − z)∘h + z∘c
 * </pre>
 *
 * <p>g(c) = c + ½ for c ≥ 0 and σ(c) below keeps every state above 0, so that a run may be computed from logarithms. Both maps have a
 * bias. Shapes: x (batch, inputs), h (batch, units) → (batch, units).
 */
public record MinGru(Linear gate, Linear candidate) implements Cell<Tensor> {
    /** Begins anywhere on the way between keeping and replacing. */
    public static MinGru create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new MinGru(draws.linear(0, inputs, units), draws.linear(1, inputs, units));
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(
                candidate.bias().dtype(), batch, candidate.bias().shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Tensor z = gate.of(x).sigmoid();
        Tensor next = h.lerp(positive(candidate.of(x)), z);
        return new Out<>(next, next);
    }

    /** g. */
    static Tensor positive(Tensor c) {
        return Tensor.where(c.greaterOrEqual(0), c.plus(0.5), c.sigmoid());
    }
}
