package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * Minimal gated unit (Zhou et al., 2016, arXiv 1603.09420): one gate that forgets and resets. The columns of wx, wh and b are those of f
 * and n, in this order:
 *
 * <pre>
 * f = σ(x·wx_f + h·wh_f + b_f)
 * n = tanh(x·wxₙ + (f∘h)·whₙ + bₙ)
 * h' = (1 − f)∘h + f∘n
 * </pre>
 *
 * <p>Shapes: wx (inputs, 2·units), wh (units, 2·units), b (2·units); x (batch, inputs) → (batch, units).
 */
public record MinimalGatedUnit(Parameter wx, Parameter wh, Parameter b) implements Cell<Tensor> {
    private static final String NAME = "minimal gated unit";

    /**
     * Checks that the parameters belong together.
     *
     * @throws IllegalArgumentException if their shapes are not as above
     */
    public MinimalGatedUnit {
        Present.require(NAME, wx, wh, b);
        int units = new Gates(NAME, 2, wx, wh, b).units();
        if (wh.shape().length(0) != units) {
            throw new IllegalArgumentException(NAME + " with wh " + wh.shape() + ": for " + units + " units it must be "
                    + Shape.of(units, 2 * units));
        }
    }

    /** All parameters uniform on ±1/√units, f64. */
    public static MinimalGatedUnit create(int inputs, int units, RandomKey key) {
        Present.require(NAME, key);
        return create(inputs, units, DType.F64, Initializer.inverseSquareRoot(units), key);
    }

    /** The same of another type. */
    public static MinimalGatedUnit create(int inputs, int units, DType dtype, RandomKey key) {
        Present.require(NAME, dtype, key);
        return create(inputs, units, dtype, Initializer.inverseSquareRoot(units), key);
    }

    /** All parameters from an initializer. */
    public static MinimalGatedUnit create(int inputs, int units, DType dtype, Initializer initializer, RandomKey key) {
        Present.require(NAME, dtype, initializer, key);
        Gates made = Gates.create(NAME, 2, inputs, units, units, new Gates.Beginning(dtype, initializer, key));
        return new MinimalGatedUnit(made.wx(), made.wh(), made.b());
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(wh.dtype(), batch, wh.shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Present.require(NAME, x, h);
        Gates gates = new Gates(NAME, 2, wx, wh, b);
        Tensor ofX = gates.ofInput(x, h);
        Tensor f = gates.gate(ofX, 0, 1).plus(h.matmul(gates.carried(0, 1))).sigmoid();
        Tensor n = gates.gate(ofX, 1, 1)
                .plus(f.times(h).matmul(gates.carried(1, 1)))
                .tanh();
        Tensor next = h.plus(f.times(n.minus(h)));
        return new Out<>(next, next);
    }
}
