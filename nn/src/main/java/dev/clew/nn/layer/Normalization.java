package dev.clew.nn.layer;

import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Functions that bring numbers to mean 0 and variance 1, and then to a learned scale. The features are the last axis.
 *
 * <p>The squares must be in the range of numbers: deviations (for {@link #rmsNorm}, elements) of 10¹⁹ in f32 or 10¹⁵⁴ in f64 and more have
 * an infinite variance, so the result is 0 and so is its gradient. Small ones need no care: what is far below √ε comes out near 0.
 */
public final class Normalization {
    private Normalization() {}

    /** (x − x̄)/√(variance + ε) over some axes, or all if none is given. Shapes: stay. */
    public static Tensor standardize(Tensor x, double epsilon, int... axes) {
        Present.require("standardize", x, axes);
        requirePositive("standardize", epsilon);
        LayerInput.alike("standardize", x);
        try {
            x.shape().axes(axes);
        } catch (IllegalArgumentException error) {
            throw new IllegalArgumentException("standardize: " + error.getMessage(), error);
        }
        // Of numbers that are nearly equal and far from 0, the mean's rounding is not small beside √ε.
        Tensor deviation = x.centered(axes);
        return deviation.div(deviation.square().mean(true, axes).plus(epsilon).sqrt());
    }

    /**
     * gain·(x − x̄)/√(variance + ε) + bias over the features of every row (Ba, Kiros, Hinton: Layer Normalization, 2016). Features may
     * be on several axes, the last ones, as many as gain has.
     *
     * <p>Shapes: x (..., features...), gain and bias (features...) → (..., features...).
     */
    public static Tensor layerNorm(Tensor x, Tensor gain, Tensor bias, double epsilon) {
        Present.require("layerNorm", x, gain, bias);
        int axes = gain.shape().rank();
        if (axes < 2) {
            requireFeatures("layerNorm", x, gain, bias);
        } else {
            LayerInput.alike("layerNorm", x, gain, bias);
            requireTrailing(x, gain.shape(), bias.shape());
        }
        requirePositive("layerNorm", epsilon);
        int[] last = IntStream.rangeClosed(-Math.max(1, axes), -1).toArray();
        return standardize(x, epsilon, last).times(gain).plus(bias);
    }

    private static void requireTrailing(Tensor x, Shape gain, Shape bias) {
        int[] all = x.shape().lengths();
        int from = all.length - gain.rank();
        boolean fits = from >= 0
                && gain.equals(bias)
                && Arrays.equals(Arrays.copyOfRange(all, from, all.length), gain.lengths());
        if (!fits) {
            throw new IllegalArgumentException("layerNorm of " + x.shape() + " with gain " + gain + " and bias " + bias
                    + ": both have the lengths of the last axes of x, over which it is normalized");
        }
    }

    /**
     * gain·x/√(mean x² + ε) over the features of every row (Zhang, Sennrich: Root Mean Square Layer Normalization, 2019).
     *
     * <p>Shapes: x (..., features), gain (features) → (..., features).
     */
    public static Tensor rmsNorm(Tensor x, Tensor gain, double epsilon) {
        requireFeatures("rmsNorm", x, gain);
        requirePositive("rmsNorm", epsilon);
        return x.div(x.square().mean(true, -1).plus(epsilon).sqrt()).times(gain);
    }

    /**
     * gain·(x − x̄)/√(variance + ε) + bias for every feature, over all rows of the batch (Ioffe, Szegedy: Batch Normalization,
     * 2015). This is the training form; averages of the batches' moments, for the other one, are the caller's to keep.
     *
     * <p>Shapes: x (..., features), gain and bias (features) → (..., features).
     */
    public static Tensor batchNorm(Tensor x, Tensor gain, Tensor bias, double epsilon) {
        requireFeatures("batchNorm", x, gain, bias);
        requirePositive("batchNorm", epsilon);
        int[] rows = IntStream.range(0, x.shape().rank() - 1).toArray();
        if (rows.length == 0) {
            throw new IllegalArgumentException(
                    "batchNorm of " + x.shape()
                            + ": the moments are over all axes but the last, and there is no other; a batch is (rows, features)");
        }
        return standardize(x, epsilon, rows).times(gain).plus(bias);
    }

    /** The same with moments that are given: the form for use after training. Shapes: moments (features). */
    public static Tensor batchNorm(Tensor x, Tensor mean, Tensor variance, Tensor gain, Tensor bias, double epsilon) {
        requireFeatures("batchNorm", x, mean, variance, gain, bias);
        requirePositive("batchNorm", epsilon);
        return standardize(x, mean, variance, epsilon).times(gain).plus(bias);
    }

    private static Tensor standardize(Tensor x, Tensor mean, Tensor variance, double epsilon) {
        return x.minus(mean).div(variance.plus(epsilon).sqrt());
    }

    private static void requirePositive(String name, double epsilon) {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException(
                    name + " with epsilon " + epsilon + ": it is added to a variance, and must be 0 or more");
        }
    }

    private static void requireFeatures(String name, Tensor x, Tensor... each) {
        Present.require(name, x);
        Present.require(name, (Object[]) each);
        LayerInput.alike(name, x, each);
        Shape features = x.shape().rank() == 0 ? x.shape() : Shape.of(x.shape().length(-1));
        for (Tensor one : each) {
            if (x.shape().rank() == 0 || !one.shape().equals(features)) {
                throw new IllegalArgumentException(name + " of " + x.shape() + " with " + one.shape()
                        + ": x is (..., features), and every other operand has one number for every feature");
            }
        }
    }
}
