package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * A linear map without a bias: y = x·weight. With one it is {@link Linear}.
 *
 * <p>Shapes: weight (inputs, outputs); x (..., inputs) → (..., outputs).
 */
public record Projection(Parameter weight) {
    private static final String NAME = "projection";

    /**
     * Checks the weight.
     *
     * @throws IllegalArgumentException if it is no matrix
     */
    public Projection {
        Present.require(NAME, weight);
        if (weight.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    NAME + " with weight " + weight.shape() + ": it must be (inputs, outputs)");
        }
    }

    /** Uniform on ±1/√inputs. */
    public static Projection create(int inputs, int outputs, DType dtype, RandomKey key) {
        Present.require(NAME, dtype, key);
        return create(inputs, outputs, dtype, Initializer.inverseSquareRoot(inputs), key);
    }

    /** From an initializer. */
    public static Projection create(int inputs, int outputs, DType dtype, Initializer initializer, RandomKey key) {
        Present.require(NAME, dtype, initializer, key);
        return new Projection(LayerInput.parameter(NAME, initializer, key, dtype, Shape.of(inputs, outputs)));
    }

    /** Shapes: x (..., inputs) → (..., outputs). */
    public Tensor of(Tensor x) {
        Present.single(NAME, x);
        LayerInput.alike(NAME, x, weight);
        int inputs = weight.shape().length(0);
        if (x.shape().rank() == 0 || x.shape().length(-1) != inputs) {
            throw new IllegalArgumentException(NAME + " of " + x.shape() + " with weight " + weight.shape()
                    + ": x is (..., " + inputs + "), one number for every row of the weight");
        }
        return x.matmul(weight);
    }
}
