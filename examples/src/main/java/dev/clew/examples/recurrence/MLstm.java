package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;

/**
 * An LSTM whose cell is a matrix, one head of it (Beck et al., 2024, arXiv 2405.04517). With q, k, v affine in x, and two numbers aᵢ and a_f
 * for the whole memory,
 *
 * <pre>
 * m' = max(ln σ(a_f) + m, aᵢ)
 * i = exp(aᵢ − m')   f = exp(ln σ(a_f) + m − m')
 * C' = f·C + i·kᵀv/√d   n' = f·n + i·k/√d
 * h' = σ(x·out)∘(q·C')/max(|q·n'|, exp(−m'))
 * </pre>
 *
 * <p>m keeps exponents from growing and cancels in h, so no gradient need flow through it; it begins at −∞. Shapes: C (batch, units, units),
 * n (batch, units), m (batch, 1), d the units; x (batch, inputs) → (batch, units).
 *
 * @param gates two columns, i and f
 */
public record MLstm(Linear query, Linear key, Linear value, Linear gates, Linear out) implements Cell<MLstm.State> {
    /** The memory, the normalizer, and the logarithm of what both are divided by. */
    public record State(Tensor memory, Tensor n, Tensor m) {}

    /** With a forget bias of 3. */
    public static MLstm create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new MLstm(
                draws.linear(0, inputs, units),
                draws.linear(1, inputs, units),
                draws.linear(2, inputs, units),
                draws.linear(3, inputs, 2, gate -> 3 * gate),
                draws.linear(4, inputs, units));
    }

    private int units() {
        return out.bias().shape().length(0);
    }

    @Override
    public State start(int batch) {
        DType dtype = out.bias().dtype();
        return new State(
                Tensor.zeros(dtype, batch, units(), units()),
                Tensor.zeros(dtype, batch, units()),
                Tensor.of(NDArray.full(Double.NEGATIVE_INFINITY, dtype, Shape.of(batch, 1))));
    }

    @Override
    public Out<State> step(Tensor x, State state) {
        Tensor a = gates.of(x);
        Tensor stays = a.slice(-1, 1, 2).logSigmoid().plus(state.m);
        Tensor m = stays.maximum(a.slice(-1, 0, 1)).stopGradient();
        Tensor f = stays.minus(m).exp();
        Tensor k = key.of(x).times(a.slice(-1, 0, 1).minus(m).exp()).div(Math.sqrt(units()));
        Tensor memory = f.expandDims(2).times(state.memory).plus(Memories.outer(k, value.of(x)));
        Tensor n = f.times(state.n).plus(k);
        Tensor q = query.of(x);
        Tensor size = q.times(n).sum(true, -1).abs().maximum(m.negate().exp());
        Tensor h = out.of(x).sigmoid().times(Memories.read(q, memory).div(size));
        return new Out<>(h, new State(memory, n, m));
    }
}
