package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * The state of RWKV-7, one head of it, without the shift of tokens and the bonus around it (Peng et al., 2025, arXiv 2503.14456): with r, k,
 * v linear in x, a row vector w of decays and a of strengths,
 *
 * <pre>
 * w = exp(−exp(−½)·σ(x·decay))   a = σ(x·strength)
 * κ = (k∘removal)/‖k∘removal‖   k' = k∘(1 + (a − 1)∘replacement)
 * S' = S·(diag(w) − κᵀ(a∘κ)) + vᵀk'
 * y = r·S'ᵀ
 * </pre>
 *
 * <p>Decays are from 0.545 to 1, so nothing overflows and nothing is lost in one step. S is (values, keys), as published: what other
 * cells of this package keep is its transpose. Shapes: S (batch, units, units), removal and replacement (units); x (batch, inputs) →
 * (batch, units).
 */
public record Rwkv7(
        Projection receptance,
        Projection key,
        Projection value,
        Linear decay,
        Linear strength,
        Parameter removal,
        Parameter replacement)
        implements Cell<Tensor> {
    /** With decays near 1. */
    public static Rwkv7 create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new Rwkv7(
                draws.projection(0, inputs, units),
                draws.projection(1, inputs, units),
                draws.projection(2, inputs, units),
                draws.linear(3, inputs, units, _ -> -3),
                draws.linear(4, inputs, units),
                draws.each(_ -> 0.85, units),
                draws.each(_ -> 1, units));
    }

    @Override
    public Tensor start(int batch) {
        int units = removal.shape().length(0);
        return Tensor.zeros(removal.dtype(), batch, units, units);
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor s) {
        Tensor k = key.of(x);
        Tensor a = strength.of(x).sigmoid();
        Tensor removed = removed(k);
        Tensor found = s.matmul(removed.expandDims(2)).squeeze(2); // what stands under the key that goes
        Tensor next = s.times(decays(x).expandDims(1))
                .minus(Memories.outer(found, a.times(removed)))
                .plus(Memories.outer(value.of(x), replacing(k, a)));
        return new Out<>(next.matmul(receptance.of(x).expandDims(2)).squeeze(2), next);
    }

    /** w. */
    Tensor decays(Tensor x) {
        return decay.of(x).sigmoid().times(-Math.exp(-0.5)).exp();
    }

    /** κ. */
    Tensor removed(Tensor k) {
        return Memories.normalized(k.times(removal));
    }

    /** k'. */
    Tensor replacing(Tensor k, Tensor a) {
        return k.times(a.minus(1).times(replacement).plus(1));
    }
}
