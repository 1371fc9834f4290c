package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * A matrix memory in which a value replaces what stood under its key, one head of it (Yang et al., 2024, arXiv 2412.06464): with q, k, v
 * linear in x, and ‖k‖ = 1,
 *
 * <pre>
 * g = −exp(rate)·ln(1 + exp(x·decay))   β = 2σ(x·strength)
 * S' = eᵍS + kᵀβ(v − k·eᵍS)
 * y = q·S'/√d
 * </pre>
 *
 * <p>β from 0 to 2 lets I − β·kᵀk have eigenvalues below 0 (Grazzi et al., 2024, arXiv 2411.12537). A key of 0 stays 0. Shapes: S (batch,
 * units, units), d the units, g and β one number for every sequence; x (batch, inputs) → (batch, units).
 */
public record GatedDeltaNet(
        Projection query, Projection key, Projection value, Linear decay, Parameter rate, Linear strength)
        implements Cell<Tensor> {
    /** With memories that fade slowly at first. */
    public static GatedDeltaNet create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new GatedDeltaNet(
                draws.projection(0, inputs, units),
                draws.projection(1, inputs, units),
                draws.projection(2, inputs, units),
                draws.linear(3, inputs, 1, _ -> Draws.inverseSoftplus(0.01)),
                draws.each(_ -> 0, 1),
                draws.linear(5, inputs, 1));
    }

    private int units() {
        return query.weight().shape().length(1);
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(rate.dtype(), batch, units(), units());
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor memory) {
        Tensor k = Memories.normalized(key.of(x));
        Tensor kept = memory.times(logDecay(x).exp().expandDims(2));
        Tensor news = value.of(x).minus(Memories.read(k, kept)).times(strengths(x));
        Tensor next = kept.plus(Memories.outer(k, news));
        return new Out<>(Memories.read(query.of(x), next).div(Math.sqrt(units())), next);
    }

    /** g. Shapes: x (..., inputs) → (..., 1). */
    Tensor logDecay(Tensor x) {
        return decay.of(x).softplus().times(rate.exp()).negate();
    }

    /** β. Shapes: x (..., inputs) → (..., 1). */
    Tensor strengths(Tensor x) {
        return strength.of(x).sigmoid().times(2);
    }
}
