package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;

/**
 * Linear attention with a gate for every row of the memory, one head of it (Yang et al., 2023, arXiv 2312.06635): with q, k, v linear in x,
 *
 * <pre>
 * g = ln σ(x·gate)/16
 * S' = diag(exp g)·S + kᵀv
 * y = q·S'/√d
 * </pre>
 *
 * <p>With a g that is one fixed number it is retention (Sun et al., 2023, arXiv 2307.08621). Shapes: S (batch, units, units), d the units; x
 * (batch, inputs) → (batch, units).
 */
public record GatedLinearAttention(Projection query, Projection key, Projection value, Linear gate)
        implements Cell<Tensor> {
    /** With gates that begin nearly open. */
    public static GatedLinearAttention create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new GatedLinearAttention(
                draws.projection(0, inputs, units),
                draws.projection(1, inputs, units),
                draws.projection(2, inputs, units),
                draws.linear(3, inputs, units));
    }

    private int units() {
        return gate.bias().shape().length(0);
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(gate.bias().dtype(), batch, units(), units());
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor memory) {
        Tensor keeps = gate.of(x).logSigmoid().div(16).exp();
        Tensor next = keeps.expandDims(2).times(memory).plus(Memories.outer(key.of(x), value.of(x)));
        return new Out<>(Memories.read(query.of(x), next).div(Math.sqrt(units())), next);
    }
}
