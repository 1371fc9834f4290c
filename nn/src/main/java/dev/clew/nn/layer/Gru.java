package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Optional;

/**
 * Gated recurrent unit (Cho et al., 2014). The columns of wx, wh and b are those of the gates r, z, n, in this order, as in PyTorch:
 *
 * <pre>
 * r = σ(x·wxᵣ + h·whᵣ + bᵣ)
 * z = σ(x·wx_z + h·wh_z + b_z)
 * n = tanh(x·wxₙ + (r∘h)·whₙ + bₙ)          reset before the product
 * n = tanh(x·wxₙ + r∘(h·whₙ + inner) + bₙ)   reset after it, which is PyTorch's
 * h' = (1 − z)∘n + z∘h
 * </pre>
 *
 * <p>PyTorch has a second bias for r and z too, which is added to the first. Shapes: wx (inputs, 3·units), wh (units, 3·units), b
 * (3·units), inner (units); x (batch, inputs) → (batch, units).
 *
 * @param inner there if the reset comes after the product
 */
public record Gru(Parameter wx, Parameter wh, Parameter b, Optional<Parameter> inner) implements Cell<Tensor> {
    private static final String NAME = "GRU";

    /**
     * Checks that the parameters belong together.
     *
     * @throws IllegalArgumentException if their shapes are not as above
     */
    public Gru {
        Present.require(NAME, wx, wh, b, inner);
        int units = new Gates(NAME, 3, wx, wh, b).units();
        if (wh.shape().length(0) != units
                || (inner.isPresent() && !inner.get().shape().equals(Shape.of(units)))) {
            throw new IllegalArgumentException(NAME + " with wh " + wh.shape()
                    + inner.map(each -> " and inner " + each.shape()).orElse("") + ": for " + units
                    + " units they must be " + Shape.of(units, 3 * units) + " and " + Shape.of(units));
        }
    }

    /** With the reset after the product; all parameters uniform on ±1/√units, f64, as PyTorch's begin. */
    public static Gru create(int inputs, int units, RandomKey key) {
        Present.require(NAME, key);
        return create(inputs, units, DType.F64, Initializer.inverseSquareRoot(units), key);
    }

    /** The same of another type. */
    public static Gru create(int inputs, int units, DType dtype, RandomKey key) {
        Present.require(NAME, dtype, key);
        return create(inputs, units, dtype, Initializer.inverseSquareRoot(units), key);
    }

    /** With the reset after the product; all parameters from an initializer. */
    public static Gru create(int inputs, int units, DType dtype, Initializer initializer, RandomKey key) {
        Present.require(NAME, dtype, initializer, key);
        Gates.Beginning beginning = new Gates.Beginning(dtype, initializer, key);
        Gates made = Gates.create(NAME, 3, inputs, units, units, beginning);
        return new Gru(made.wx(), made.wh(), made.b(), Optional.of(beginning.parameter(NAME, 3, Shape.of(units))));
    }

    /** With the reset before the product, as in the paper; all parameters from an initializer. */
    public static Gru createWithResetBefore(
            int inputs, int units, DType dtype, Initializer initializer, RandomKey key) {
        Present.require(NAME, dtype, initializer, key);
        Gates made = Gates.create(NAME, 3, inputs, units, units, new Gates.Beginning(dtype, initializer, key));
        return new Gru(made.wx(), made.wh(), made.b(), Optional.empty());
    }

    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(wh.dtype(), batch, wh.shape().length(0));
    }

    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Present.require(NAME, x, h);
        Gates gates = new Gates(NAME, 3, wx, wh, b);
        Tensor ofX = gates.ofInput(x, h);
        Tensor n;
        Tensor rz;
        if (inner.isPresent()) {
            Tensor ofH = h.matmul(wh);
            rz = gates.gate(ofX, 0, 2).plus(gates.gate(ofH, 0, 2)).sigmoid();
            Tensor after = gates.gate(ofH, 2, 1).plus(inner.get()).times(gates.gate(rz, 0, 1));
            n = gates.gate(ofX, 2, 1).plus(after).tanh();
        } else {
            rz = gates.gate(ofX, 0, 2).plus(h.matmul(gates.carried(0, 2))).sigmoid();
            Tensor before = gates.gate(rz, 0, 1).times(h);
            n = gates.gate(ofX, 2, 1).plus(before.matmul(gates.carried(2, 1))).tanh();
        }
        Tensor next = n.plus(gates.gate(rz, 1, 1).times(h.minus(n)));
        return new Out<>(next, next);
    }
}
