package dev.clew.examples.recurrence;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Initializer;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * An LSTM with an input gate that is an exponential, and a normalizer (Beck et al., 2024, arXiv 2405.04517). With a = x·wx + h·wh + b, whose
 * columns are those of i, f, z, o,
 *
 * <pre>
 * m' = max(ln σ(a_f) + m, aᵢ)
 * i = exp(aᵢ − m')   f = exp(ln σ(a_f) + m − m')
 * c' = f∘c + i∘tanh(a_z)   n' = f∘n + i
 * h' = σ(aₒ)∘c'/n'
 * </pre>
 *
 * <p>m keeps exponents from growing, and cancels in c/n: h does not depend on it, so no gradient need flow through it. It begins at −∞, as
 * then n is 1 after the first step; with 0 a first aᵢ far below 0 makes 0/0. Shapes: wh (units, 4·units); x (batch, inputs) → (batch,
 * units).
 *
 * @param in wx and b
 */
public record SLstm(Linear in, Parameter wh) implements Cell<SLstm.State> {
    /** Shapes: (batch, units) all. */
    public record State(Tensor h, Tensor c, Tensor n, Tensor m) {}

    /** Forget biases from 5 down to −7 by a power law, as published: units of all paces. */
    public static SLstm create(int inputs, int units, DType dtype, RandomKey key) {
        Draws draws = new Draws(dtype, key);
        Linear in = draws.linear(0, inputs, 4 * units, j -> j / units != 1 ? 0 : forgetBias(j - units, units));
        return new SLstm(in, draws.of(1, Initializer.inverseSquareRoot(units), units, 4 * units));
    }

    private static double forgetBias(int unit, int units) {
        return 5 - 12 * Math.pow(unit / Math.max(1.0, units - 1.0), 0.3);
    }

    @Override
    public State start(int batch) {
        Shape shape = Shape.of(batch, wh.shape().length(0));
        Tensor zeros = Tensor.of(NDArray.full(0, wh.dtype(), shape));
        return new State(zeros, zeros, zeros, Tensor.of(NDArray.full(Double.NEGATIVE_INFINITY, wh.dtype(), shape)));
    }

    @Override
    public Out<State> step(Tensor x, State state) {
        Tensor a = in.of(x).plus(state.h.matmul(wh));
        Tensor stays = gate(a, 1).logSigmoid().plus(state.m);
        Tensor m = stays.maximum(gate(a, 0)).stopGradient();
        Tensor i = gate(a, 0).minus(m).exp();
        Tensor f = stays.minus(m).exp();
        Tensor c = f.times(state.c).plus(i.times(gate(a, 2).tanh()));
        Tensor n = f.times(state.n).plus(i);
        Tensor h = gate(a, 3).sigmoid().times(c.div(n));
        return new Out<>(h, new State(h, c, n, m));
    }

    private Tensor gate(Tensor a, int number) {
        int units = wh.shape().length(0);
        return a.slice(-1, number * units, (number + 1) * units);
    }
}
