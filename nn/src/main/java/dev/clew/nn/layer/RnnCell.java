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
 * One step of an Elman network: h' = tanh(x·wx + h·wh + b) (Elman: Finding Structure in Time, 1990), or with relu for tanh.
 *
 * <p>Shapes: wx (inputs, units), wh (units, units), b (units).
 *
 * <p>A sequence is a loop: {@code for (Tensor x : steps) h = cell.next(x, h);}
 */
public record RnnCell(Parameter wx, Parameter wh, Parameter b, Activation activation) implements Cell<Tensor> {
    /** What is done to the sum. */
    public enum Activation {
        /** tanh x. */
        TANH,
        /** max(x, 0); the matrix of states best begins as the identity (Le, Jaitly, Hinton, 2015, arXiv 1504.00941). */
        RELU
    }

    /**
     * Checks that the parameters belong together.
     *
     * @throws IllegalArgumentException if their shapes are not (inputs, units), (units, units), (units)
     */
    public RnnCell {
        Present.require("RNN cell", wx, wh, b, activation);
        Shape units = b.shape();
        if (units.rank() != 1
                || wx.shape().rank() != 2
                || !wx.shape().without(0).equals(units)
                || !wh.shape().equals(units.insert(0, units.length(0)))) {
            throw new IllegalArgumentException("RNN cell with wx " + wx.shape() + ", wh " + wh.shape() + " and b "
                    + units + ": they must be (inputs, units), (units, units) and (units)");
        }
    }

    /** With tanh. */
    public RnnCell(Parameter wx, Parameter wh, Parameter b) {
        this(wx, wh, b, Activation.TANH);
    }

    /** The same parameters with relu. */
    public RnnCell withRelu() {
        return new RnnCell(wx, wh, b, Activation.RELU);
    }

    /** All parameters uniform on ±1/√units, f64. */
    public static RnnCell create(int inputs, int units, RandomKey key) {
        Present.require("RNN cell", key);
        return create(inputs, units, DType.F64, Initializer.inverseSquareRoot(units), key);
    }

    /** The same of another type. */
    public static RnnCell create(int inputs, int units, DType dtype, RandomKey key) {
        Present.require("RNN cell", dtype, key);
        return create(inputs, units, dtype, Initializer.inverseSquareRoot(units), key);
    }

    /** All parameters from an initializer. */
    public static RnnCell create(int inputs, int units, DType dtype, Initializer initializer, RandomKey key) {
        Present.require("RNN cell", dtype, initializer, key);
        return create(inputs, units, dtype, initializer, initializer, key);
    }

    /** Both matrices from one initializer, b from another. */
    public static RnnCell create(
            int inputs, int units, DType dtype, Initializer weights, Initializer biases, RandomKey key) {
        Present.require("RNN cell", dtype, weights, biases, key);
        return new RnnCell(
                LayerInput.parameter("RNN cell", weights, key.fold(0), dtype, Shape.of(inputs, units)),
                LayerInput.parameter("RNN cell", weights, key.fold(1), dtype, Shape.of(units, units)),
                LayerInput.parameter("RNN cell", biases, key.fold(2), dtype, Shape.of(units)));
    }

    /** The next state, which is the output too. Shapes: as {@link #next}. */
    @Override
    public Out<Tensor> step(Tensor x, Tensor h) {
        Tensor next = next(x, h);
        return new Out<>(next, next);
    }

    /** Zeros: the state before the first step. Shapes: () → (batch, units). */
    @Override
    public Tensor start(int batch) {
        return Tensor.zeros(wh.dtype(), batch, wh.shape().length(0));
    }

    /** The next state. Shapes: x (batch, inputs), h (batch, units) → (batch, units). */
    public Tensor next(Tensor x, Tensor h) {
        Present.single("RNN cell", x, h);
        Shape inputs = x.shape();
        Shape state = h.shape();
        boolean fits = inputs.rank() > 0
                && inputs.rank() == state.rank()
                && inputs.length(-1) == wx.shape().length(0)
                && state.equals(inputs.with(-1, wh.shape().length(0)));
        if (!fits) {
            throw new IllegalArgumentException(
                    "RNN cell with x " + inputs + " and h " + state + ": with wx " + wx.shape()
                            + " they must be (batch, " + wx.shape().length(0) + ") and (batch, "
                            + wh.shape().length(0) + "), of one batch; start(batch) makes a first h");
        }
        LayerInput.alike("RNN cell", x, h, wx, wh, b);
        Tensor sum = x.matmul(wx).plus(h.matmul(wh)).plus(b);
        return activation == Activation.TANH ? sum.tanh() : sum.relu();
    }
}
