package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;

/**
 * {@link Normalization#rmsNorm} with a gain that is trained.
 *
 * <p>Shapes: gain (features); x (..., features) → (..., features).
 *
 * @param epsilon is added to the mean of squares
 */
public record RmsNorm(Parameter gain, double epsilon) {
    /** Of a parameter. */
    public RmsNorm {
        Present.require("rmsNorm", gain);
    }

    /** Gain 1, ε = 1e-6. */
    public static RmsNorm create(int features, DType dtype) {
        Present.require("rmsNorm", dtype);
        return new RmsNorm(Parameter.ones(dtype, features), 1e-6);
    }

    /** Shapes: stay. */
    public Tensor of(Tensor x) {
        return Normalization.rmsNorm(x, gain, epsilon);
    }
}
