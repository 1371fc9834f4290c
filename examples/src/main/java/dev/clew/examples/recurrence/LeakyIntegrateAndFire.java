package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * Neurons that leak, and fire where their voltage is above 1 (Neftci et al., 2019, arXiv 1901.09948):
 *
 * <pre>
 * u' = σ(leak)∘u + x·in + s·back − s
 * s' = [u' > 1]
 * ds'/du' := 1/(1 + α|u' − 1|)²
 * </pre>
 *
 * <p>The derivative of the step is 0, so training takes that of the fast sigmoid v/(1 + α|v|) instead (Zenke, Ganguli, 2018, arXiv
 * 1705.11146): the value is that of the step, to the bit, and the derivatives of all orders are those of the other. Shapes: leak (units),
 * back (units, units); x (batch, inputs) → spikes (batch, units), 0 or 1.
 *
 * @param sharpness α
 */
public record LeakyIntegrateAndFire(Linear in, Parameter back, Parameter leak, double sharpness)
        implements Cell<LeakyIntegrateAndFire.State> {
    /** Voltages, and spikes. Shapes: (batch, units) both. */
    public record State(Tensor u, Tensor s) {}

    /** With leaks of 0.88 and α = 5. */
    public static LeakyIntegrateAndFire create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        return new LeakyIntegrateAndFire(
                Linear.create(inputs, units, dtype, Initializer.normal(0, 1), key.fold(0)),
                draws.of(1, Initializer.inverseSquareRoot(units), units, units),
                draws.each(_ -> 2, units),
                5);
    }

    @Override
    public State start(int batch) {
        Tensor zeros = Tensor.zeros(leak.dtype(), batch, leak.shape().length(0));
        return new State(zeros, zeros);
    }

    @Override
    public Out<State> step(Tensor x, State state) {
        Tensor u = leak.sigmoid()
                .times(state.u)
                .plus(in.of(x))
                .plus(state.s.matmul(back))
                .minus(state.s);
        Tensor s = spikes(u.minus(1));
        return new Out<>(s, new State(u, s));
    }

    /** [v > 0], with the derivatives of v/(1 + α|v|). */
    private Tensor spikes(Tensor v) {
        Tensor soft = v.div(v.abs().times(sharpness).plus(1));
        return v.greaterThan(0).cast(v.dtype()).withDerivativeOf(soft);
    }
}
