package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Projection;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * A selective state space with a short convolution before it (Gu, Dao, 2023, arXiv 2312.00752). With u = x·in and z = x·gate, w the last
 * four u of every unit,
 *
 * <pre>
 * s = silu(Σₜ wₜ∘convolutionₜ + bias)   Δ = ln(1 + exp(s·delta))   A = −exp(logA)
 * h'[d, n] = exp(Δ_d·A_dn)·h[d, n] + Δ_d·(s·toB)ₙ·s_d
 * y_d = Σₙ (s·toC)ₙ·h'[d, n] + skip_d·s_d
 * output = (y∘silu(z))·out
 * </pre>
 *
 * <p>Δ·A is below 0 whatever the parameters are, so a run cannot explode. Shapes: convolution (4, units), bias and skip (units), logA
 * (units, states), toB and toC (units, states); h (batch, units, states); x (batch, inputs) → (batch, units).
 */
public record Mamba(
        Projection in,
        Projection gate,
        Parameter convolution,
        Parameter bias,
        Linear delta,
        Projection toB,
        Projection toC,
        Parameter logA,
        Parameter skip,
        Projection out)
        implements Cell<Mamba.State> {
    private static final int STATES = 4;
    private static final int WIDTH = 4;

    /**
     * What a step needs of those before.
     *
     * @param window the last three u, the latest last. Shapes: (batch, 3, units)
     * @param h (batch, units, states)
     */
    public record State(Tensor window, Tensor h) {}

    /** A of −1 to −4 and Δ from 0.001 to 0.1, even in the logarithm. */
    public static Mamba create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        double[] logs = draws.uniform(4, Math.log(0.001), Math.log(0.1), units);
        return new Mamba(
                draws.projection(0, inputs, units),
                draws.projection(1, inputs, units),
                draws.of(2, Initializer.inverseSquareRoot(WIDTH), WIDTH, units),
                draws.of(3, Initializer.inverseSquareRoot(WIDTH), units),
                draws.linear(5, units, units, j -> Draws.inverseSoftplus(Math.exp(logs[j]))),
                draws.projection(6, units, STATES),
                draws.projection(7, units, STATES),
                draws.each(i -> Math.log(1 + i % STATES), units, STATES),
                Parameter.ones(dtype, units),
                draws.projection(9, units, units));
    }

    @Override
    public State start(int batch) {
        int units = skip.shape().length(0);
        return new State(
                Tensor.zeros(skip.dtype(), batch, WIDTH - 1, units),
                Tensor.zeros(skip.dtype(), batch, units, logA.shape().length(1)));
    }

    @Override
    public Out<State> step(Tensor x, State state) {
        Tensor window = Tensor.concat(1, List.of(state.window, in.of(x).expandDims(1)));
        Tensor s = window.times(convolution).sum(1).plus(bias).silu();
        Tensor h = keeps(s).times(state.h).plus(driven(s));
        return new Out<>(read(x, s, h), new State(window.slice(1, 1, WIDTH), h));
    }

    /** exp(Δ·A). Shapes: s (..., units) → (..., units, states). */
    Tensor keeps(Tensor s) {
        Tensor a = logA.exp().negate();
        return delta.of(s).softplus().expandDims(-1).times(a).exp();
    }

    /** Δ·(s·toB)∘s. Shapes: s (..., units) → (..., units, states). */
    Tensor driven(Tensor s) {
        return delta.of(s).softplus().times(s).expandDims(-1).times(toB.of(s).expandDims(-2));
    }

    /** The output. Shapes: x (..., inputs), s (..., units), h (..., units, states) → (..., units). */
    Tensor read(Tensor x, Tensor s, Tensor h) {
        Tensor y = h.times(toC.of(s).expandDims(-2)).sum(-1).plus(skip.times(s));
        return out.of(y.times(gate.of(x).silu()));
    }
}
