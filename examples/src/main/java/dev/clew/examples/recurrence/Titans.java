package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.gradient.Gradients;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;

/**
 * A memory that is trained in every step with momentum, and forgets, the long-term memory of Titans with one matrix (Behrouz, Zhong,
 * Mirrokni, 2024, arXiv 2501.00663): with q, k, v linear in x, ‖k‖ = 1, and η, θ, α = σ(x·gates), one number each for every sequence,
 *
 * <pre>
 * ℓ(M) = ½‖k·M − v‖²
 * S' = η·S − θ·∂ℓ/∂M
 * M' = (1 − α)·M + S'
 * y = q·M'
 * </pre>
 *
 * <p>With k of length 1 and θ below 1, a step alone cannot overshoot. Shapes: M and S (batch, units, units); x (batch, inputs) → (batch,
 * units).
 *
 * @param gates three columns, η, θ and α
 */
public record Titans(Projection query, Projection key, Projection value, Linear gates) implements Cell<Titans.State> {
    /** The memory, and where it is moving. */
    public record State(Tensor memory, Tensor momentum) {}

    /** With little momentum and little that is forgotten at first. */
    public static Titans create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new Titans(
                draws.projection(0, inputs, units),
                draws.projection(1, inputs, units),
                draws.projection(2, inputs, units),
                draws.linear(3, inputs, 3, gate -> gate == 1 ? 0 : -3));
    }

    @Override
    public State start(int batch) {
        int units = query.weight().shape().length(1);
        Tensor zeros = Tensor.zeros(query.weight().dtype(), batch, units, units);
        return new State(zeros, zeros);
    }

    @Override
    public Out<State> step(Tensor x, State state) {
        Tensor k = Memories.normalized(key.of(x));
        Tensor misses = Memories.read(k, state.memory).minus(value.of(x));
        Tensor slope = Gradients.of(misses.square().sum().times(0.5)).wrt(state.memory);
        Tensor gate = gates.of(x).sigmoid().expandDims(2);
        Tensor momentum = gate.slice(1, 0, 1)
                .times(state.momentum)
                .minus(gate.slice(1, 1, 2).times(slope));
        Tensor kept = state.memory.minus(gate.slice(1, 2, 3).times(state.memory));
        Tensor memory = kept.plus(momentum);
        return new Out<>(Memories.read(query.of(x), memory), new State(memory, momentum));
    }
}
