package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Gated recurrent unit (Cho et al., 2014). The columns of wx, wh and b are those of the gates r, z, n, in this order, as in PyTorch:
 *
 * <pre>
 * r = σ(x·wxᵣ + h·whᵣ + bᵣ + innerᵣ)
 * z = σ(x·wx_z + h·wh_z + b_z + inner_z)
 * n = tanh(x·wxₙ + (r∘h)·whₙ + bₙ)           reset before the product; there is no inner
 * n = tanh(x·wxₙ + r∘(h·whₙ + innerₙ) + bₙ)   reset after it, which is PyTorch's
 * h' = (1 − z)∘n + z∘h
 * </pre>
 *
 * <p>Shapes: wx (inputs, 3·units), wh (units, 3·units), b (3·units), or (0) for none; x (batch, inputs) → (batch, units). The second bias,
 * inner, is (3·units), as in PyTorch; or (units), that of n alone, since for r and z one does what two do, except that two move in
 * training; or (0) for none.
 *
 * @param inner there if the reset comes after the product
 * @param clip what goes into σ and tanh is brought into [−clip, clip]
 */
public record Gru(Parameter wx, Parameter wh, Parameter b, Optional<Parameter> inner, OptionalDouble clip)
        implements Cell<Tensor> {
    private static final String NAME = "GRU";

    /**
     * Checks that the parameters belong together.
     *
     * @throws IllegalArgumentException if their shapes are not as above, or clip is not above 0
     */
    public Gru {
        Present.require(NAME, wx, wh, b, inner, clip);
        int units = new Gates(NAME, 3, wx, wh, b).units();
        if (wh.shape().length(0) != units || (inner.isPresent() && !isInner(inner.get(), units))) {
            throw new IllegalArgumentException(NAME + " with wh " + wh.shape()
                    + inner.map(each -> " and inner " + each.shape()).orElse("") + ": for " + units
                    + " units they must be " + Shape.of(units, 3 * units) + " and " + Shape.of(units) + " or "
                    + Shape.of(3 * units));
        }
        LayerInput.requireClip(NAME, clip);
    }

    private static boolean isInner(Parameter inner, int units) {
        return inner.shape().equals(Shape.of(units))
                || inner.shape().equals(Shape.of(3 * units))
                || Gates.isNone(inner);
    }

    /** Without bounds for what goes into the activations. */
    public Gru(Parameter wx, Parameter wh, Parameter b, Optional<Parameter> inner) {
        this(wx, wh, b, inner, OptionalDouble.empty());
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

    /** The same parameters with this second bias, (units) or (3·units), and so with the reset after the product. */
    public Gru withInner(Parameter bias) {
        Present.require(NAME, bias);
        return new Gru(wx, wh, b, Optional.of(bias), clip);
    }

    /**
     * The same with one bias for r and z, the sum of both, and that of n alone, (units), beside it: for a framework that has those. It
     * computes the same but for rounding; training is another, and the sum cannot be taken apart again.
     */
    public Gru withMergedBiases() {
        int units = wh.shape().length(0);
        if (inner.isEmpty() || inner.get().shape().length(0) != 3 * units) {
            return this;
        }
        double[] second = inner.get().value().toDoubles();
        NDArray ofN = inner.get().value().rows(2 * units, 3 * units);
        Arrays.fill(second, 2 * units, 3 * units, 0);
        NDArray ofOthers = NDArray.of(Shape.of(3 * units), second).cast(ofN.dtype());
        return new Gru(wx, wh, Gates.sum(b, Tensor.of(ofOthers)), Optional.of(Parameter.of(ofN)), clip);
    }

    /**
     * The same parameters, with bounds for what goes into the activations.
     *
     * @throws IllegalArgumentException if the bound is not above 0
     */
    public Gru withClip(double bound) {
        return new Gru(wx, wh, b, inner, OptionalDouble.of(bound));
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
        Tensor rz;
        Tensor ofN;
        if (inner.isPresent()) {
            LayerInput.alike(NAME, x, inner.get());
            boolean isOfAll = inner.get().shape().length(0) == 3 * gates.units();
            boolean isOfN = inner.get().shape().length(0) == gates.units();
            Tensor ofH = isOfAll ? h.matmul(wh).plus(inner.get()) : h.matmul(wh);
            rz = into(gates.gate(ofX, 0, 2).plus(gates.gate(ofH, 0, 2))).sigmoid();
            Tensor carried = gates.gate(ofH, 2, 1);
            ofN = (isOfN ? carried.plus(inner.get()) : carried).times(gates.gate(rz, 0, 1));
        } else {
            rz = into(gates.gate(ofX, 0, 2).plus(h.matmul(gates.carried(0, 2)))).sigmoid();
            ofN = gates.gate(rz, 0, 1).times(h).matmul(gates.carried(2, 1));
        }
        Tensor n = into(gates.gate(ofX, 2, 1).plus(ofN)).tanh();
        Tensor next = n.plus(gates.gate(rz, 1, 1).times(h.minus(n)));
        return new Out<>(next, next);
    }

    /** What goes into an activation. */
    private Tensor into(Tensor sum) {
        return LayerInput.clipped(sum, clip);
    }
}
