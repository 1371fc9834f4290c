package dev.clew.examples;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * A cell that no library has: a memory that is written where the fast state differs from it, and the faster the more it does.
 *
 * <pre>
 * h' = tanh(x·wx + h·wh + m·wm + b)
 * e = h' − m
 * m' = m + σ(bias + gain∘e²)∘e
 * </pre>
 *
 * <p>The output is m'. Shapes: wx (inputs, units), wh and wm (units, units), b, bias and gain (units); x (batch, inputs), h and m (batch,
 * units).
 */
public record SurpriseCell(Parameter wx, Parameter wh, Parameter wm, Parameter b, Parameter bias, Parameter gain)
        implements Cell<SurpriseCell.State> {
    private static final double SELDOM = -2;
    private static final double STEEP = 4;

    /** The fast state and the memory. */
    public record State(Tensor h, Tensor m) {}

    @Override
    public State start(int batch) {
        Tensor zeros = Tensor.zeros(b.dtype(), batch, b.shape().length(0));
        return new State(zeros, zeros);
    }

    @Override
    public Out<State> step(Tensor x, State before) {
        Tensor carried = before.h.matmul(wh).plus(before.m.matmul(wm));
        Tensor h = x.matmul(wx).plus(carried).plus(b).tanh();
        Tensor surprise = h.minus(before.m);
        Tensor written = surprise.square().times(gain).plus(bias).sigmoid();
        Tensor m = before.m.plus(written.times(surprise));
        return new Out<>(m, new State(h, m));
    }

    /** Matrices uniform on ±1/√units, and a memory to which only surprises are written. */
    public static SurpriseCell create(int inputs, int units, DType dtype, RandomKey key) {
        double bound = 1 / Math.sqrt(units);
        return new SurpriseCell(
                Parameter.of(key.fold(0).uniform(-bound, bound, dtype, Shape.of(inputs, units))),
                Parameter.of(key.fold(1).uniform(-bound, bound, dtype, Shape.of(units, units))),
                Parameter.of(key.fold(2).uniform(-bound, bound, dtype, Shape.of(units, units))),
                Parameter.zeros(dtype, units),
                Parameter.of(NDArray.full(SELDOM, dtype, Shape.of(units))),
                Parameter.of(NDArray.full(STEEP, dtype, Shape.of(units))));
    }
}
