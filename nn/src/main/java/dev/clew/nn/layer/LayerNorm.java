package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * {@link Normalization#layerNorm} with a gain and a bias that are trained.
 *
 * <p>Shapes: gain and bias (features...); x (..., features...) → (..., features...).
 *
 * @param epsilon is added to the variance; PyTorch's is 1e-5
 */
public record LayerNorm(Parameter gain, Parameter bias, double epsilon) {
    /** Of both parameters. */
    public LayerNorm {
        Present.require("layerNorm", gain, bias);
    }

    /** Gain 1, bias 0, ε = 1e-5. */
    public static LayerNorm create(int features, DType dtype) {
        Present.require("layerNorm", dtype);
        return new LayerNorm(Parameter.ones(dtype, features), Parameter.zeros(dtype, features), 1e-5);
    }

    /** The same for features on several axes, the last ones. */
    public static LayerNorm create(Shape features, DType dtype) {
        Present.require("layerNorm", features, dtype);
        int[] lengths = features.lengths();
        return new LayerNorm(Parameter.ones(dtype, lengths), Parameter.zeros(dtype, lengths), 1e-5);
    }

    /** Shapes: stay. */
    public Tensor of(Tensor x) {
        return Normalization.layerNorm(x, gain, bias, epsilon);
    }
}
