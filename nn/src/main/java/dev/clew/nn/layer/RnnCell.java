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
import java.util.OptionalDouble;

/**
 * One step of an Elman network: h' = tanh(x·wx + b + h·wh + inner) (Elman: Finding Structure in Time, 1990), or with relu for tanh.
 *
 * <p>Shapes: wx (inputs, units), wh (units, units), b (units), or (0) for none, inner (units).
 *
 * <p>A sequence is a loop: {@code for (Tensor x : steps) h = cell.next(x, h);}
 *
 * @param inner a second bias, as PyTorch and ONNX have: what is computed with one is the same, but both move in training
 * @param clip what goes into the activation is brought into [−clip, clip]
 */
public record RnnCell(
        Parameter wx, Parameter wh, Parameter b, Activation activation, Optional<Parameter> inner, OptionalDouble clip)
        implements Cell<Tensor> {
    private static final String NAME = "RNN cell";

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
     * @throws IllegalArgumentException if their shapes are not as above, or clip is not above 0
     */
    public RnnCell {
        Present.require(NAME, wx, wh, b, activation, inner, clip);
        Shape units = Gates.isNone(b) && wh.shape().rank() == 2 ? wh.shape().without(0) : b.shape();
        if (units.rank() != 1
                || wx.shape().rank() != 2
                || !wx.shape().without(0).equals(units)
                || !wh.shape().equals(units.insert(0, units.length(0)))) {
            throw new IllegalArgumentException(NAME + " with wx " + wx.shape() + ", wh " + wh.shape() + " and b "
                    + b.shape() + ": they must be (inputs, units), (units, units) and (units)");
        }
        if (inner.isPresent() && !inner.get().shape().equals(units)) {
            throw new IllegalArgumentException(NAME + " with wx " + wx.shape() + " and inner "
                    + inner.get().shape() + ": the second bias must be " + units);
        }
        LayerInput.requireClip(NAME, clip);
    }

    /** With one bias. */
    public RnnCell(Parameter wx, Parameter wh, Parameter b, Activation activation) {
        this(wx, wh, b, activation, Optional.empty(), OptionalDouble.empty());
    }

    /** With tanh, and one bias. */
    public RnnCell(Parameter wx, Parameter wh, Parameter b) {
        this(wx, wh, b, Activation.TANH);
    }

    /** The same parameters with relu. */
    public RnnCell withRelu() {
        return new RnnCell(wx, wh, b, Activation.RELU, inner, clip);
    }

    /** The same parameters, and a second bias, (units). */
    public RnnCell withInner(Parameter bias) {
        Present.require(NAME, bias);
        return new RnnCell(wx, wh, b, activation, Optional.of(bias), clip);
    }

    /**
     * The same with one bias, the sum of both: for a framework that has one. It computes the same but for rounding; training is another,
     * and the sum cannot be taken apart again.
     */
    public RnnCell withMergedBiases() {
        return inner.isEmpty()
                ? this
                : new RnnCell(wx, wh, Gates.sum(b, inner.get()), activation, Optional.empty(), clip);
    }

    /**
     * The same parameters, with bounds for what goes into the activation.
     *
     * @throws IllegalArgumentException if the bound is not above 0
     */
    public RnnCell withClip(double bound) {
        return new RnnCell(wx, wh, b, activation, inner, OptionalDouble.of(bound));
    }

    /** All parameters uniform on ±1/√units, f64. */
    public static RnnCell create(int inputs, int units, RandomKey key) {
        Present.require(NAME, key);
        return create(inputs, units, DType.F64, Initializer.inverseSquareRoot(units), key);
    }

    /** The same of another type. */
    public static RnnCell create(int inputs, int units, DType dtype, RandomKey key) {
        Present.require(NAME, dtype, key);
        return create(inputs, units, dtype, Initializer.inverseSquareRoot(units), key);
    }

    /** All parameters from an initializer. */
    public static RnnCell create(int inputs, int units, DType dtype, Initializer initializer, RandomKey key) {
        Present.require(NAME, dtype, initializer, key);
        return create(inputs, units, dtype, initializer, initializer, key);
    }

    /** Both matrices from one initializer, b from another. */
    public static RnnCell create(
            int inputs, int units, DType dtype, Initializer weights, Initializer biases, RandomKey key) {
        Present.require(NAME, dtype, weights, biases, key);
        return new RnnCell(
                LayerInput.parameter(NAME, weights, key.fold(0), dtype, Shape.of(inputs, units)),
                LayerInput.parameter(NAME, weights, key.fold(1), dtype, Shape.of(units, units)),
                LayerInput.parameter(NAME, biases, key.fold(2), dtype, Shape.of(units)));
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
        Present.single(NAME, x, h);
        Shape inputs = x.shape();
        Shape state = h.shape();
        boolean fits = inputs.rank() > 0
                && inputs.rank() == state.rank()
                && inputs.length(-1) == wx.shape().length(0)
                && state.equals(inputs.with(-1, wh.shape().length(0)));
        if (!fits) {
            throw new IllegalArgumentException(
                    NAME + " with x " + inputs + " and h " + state + ": with wx " + wx.shape()
                            + " they must be (batch, " + wx.shape().length(0) + ") and (batch, "
                            + wh.shape().length(0) + "), of one batch; start(batch) makes a first h");
        }
        LayerInput.alike(NAME, x, h, wx, wh, b, inner.orElse(b));
        Tensor products = x.matmul(wx).plus(h.matmul(wh));
        Tensor biased = Gates.isNone(b) ? products : products.plus(b);
        Tensor sum = LayerInput.clipped(inner.isPresent() ? biased.plus(inner.get()) : biased, clip);
        return activation == Activation.TANH ? sum.tanh() : sum.relu();
    }
}
