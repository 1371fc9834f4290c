package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * An affine map: y = x·weight + bias.
 *
 * <p>Shapes: weight (inputs, outputs), bias (outputs); x (..., inputs) → (..., outputs).
 */
public record Linear(Parameter weight, Parameter bias) {

    /**
     * Checks that the parameters belong together.
     *
     * @throws IllegalArgumentException if the weight is no matrix, or the bias has another length than it has columns
     */
    public Linear {
        Present.require("linear layer", weight, bias);
        if (weight.shape().rank() != 2 || !bias.shape().equals(weight.shape().without(0))) {
            throw new IllegalArgumentException("linear layer with weight " + weight.shape() + " and bias "
                    + bias.shape() + ": they must be (inputs, outputs) and (outputs)");
        }
    }

    /** Weight and bias uniform on ±1/√inputs, f64. */
    public static Linear create(int inputs, int outputs, RandomKey key) {
        Present.require("linear layer", key);
        return create(inputs, outputs, DType.F64, Initializer.inverseSquareRoot(inputs), key);
    }

    /** The same of another type. */
    public static Linear create(int inputs, int outputs, DType dtype, RandomKey key) {
        Present.require("linear layer", dtype, key);
        return create(inputs, outputs, dtype, Initializer.inverseSquareRoot(inputs), key);
    }

    /** Weight and bias from an initializer. */
    public static Linear create(int inputs, int outputs, DType dtype, Initializer initializer, RandomKey key) {
        Present.require("linear layer", dtype, initializer, key);
        return create(inputs, outputs, dtype, initializer, initializer, key);
    }

    /** Weight and bias each from an initializer of its own. */
    public static Linear create(
            int inputs, int outputs, DType dtype, Initializer weights, Initializer biases, RandomKey key) {
        Present.require("linear layer", dtype, weights, biases, key);
        return new Linear(
                LayerInput.parameter("linear layer", weights, key.fold(0), dtype, Shape.of(inputs, outputs)),
                LayerInput.parameter("linear layer", biases, key.fold(1), dtype, Shape.of(outputs)));
    }

    /** Shapes: x (..., inputs) → (..., outputs). */
    public Tensor of(Tensor x) {
        Present.single("linear layer", x);
        LayerInput.alike("linear layer", x, weight, bias);
        int inputs = weight.shape().length(0);
        if (x.shape().rank() == 0 || x.shape().length(-1) != inputs) {
            throw new IllegalArgumentException("linear layer of " + x.shape() + " with weight " + weight.shape()
                    + ": x is (..., " + inputs + "), one number for every row of the weight"
                    + (x.shape().rank() > 1 && x.shape().length(-2) == inputs ? "; transpose x?" : ""));
        }
        return x.matmul(weight).plus(bias);
    }
}
