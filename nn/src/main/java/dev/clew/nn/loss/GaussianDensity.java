package dev.clew.nn.loss;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/**
 * What a number costs under a normal distribution whose mean and width a network gives, in nats: −ln p(target).
 *
 * <p>With the logarithm s of the standard deviation it is ½((target − mean)·e⁻ˢ)² + s + ½ ln 2π ({@link #of}), right for any s: what
 * leaves the range of numbers costs ∞, with the gradient 0. With the variance it is ½(ln v + (target − mean)²/v), v being at least
 * the floor ({@link #ofVariance}), which is PyTorch's {@code gaussian_nll_loss}; the slope goes through the floor as if it were not there,
 * as in PyTorch, so that a variance below it can grow again.
 *
 * @param hasConstant whether ½ ln 2π is in it; a cost without it is no logarithm of a density, and has the same gradient
 * @param floor the least variance
 */
public record GaussianDensity(Reduce reduce, boolean hasConstant, double floor) {
    /** ½ ln 2π. */
    static final double HALF_LOG_TWO_PI = 0.9189385332046727;

    private static final String NAME = "gaussianDensity";
    private static final GaussianDensity PLAIN = new GaussianDensity(Reduce.MEAN, true, 1e-6);

    /** Checks the floor. */
    public GaussianDensity {
        Present.require(NAME, reduce);
        if (!(floor >= 0) || Double.isInfinite(floor)) {
            throw new IllegalArgumentException(
                    NAME + ": the least variance " + floor + " must be finite, and 0 or more");
        }
    }

    /** The mean over all elements of the whole logarithm, with a least variance of 10⁻⁶. */
    public static GaussianDensity create() {
        return PLAIN;
    }

    /** With another reduction. */
    public GaussianDensity withReduce(Reduce other) {
        Present.require("withReduce", other);
        return new GaussianDensity(other, hasConstant, floor);
    }

    /** Without ½ ln 2π: PyTorch's default. */
    public GaussianDensity withoutConstant() {
        return new GaussianDensity(reduce, false, floor);
    }

    /** With another least variance. */
    public GaussianDensity withFloor(double least) {
        return new GaussianDensity(reduce, hasConstant, least);
    }

    /** From the logarithm of the standard deviation. Shapes: equal → () or as they are. */
    public Tensor of(Tensor mean, Tensor logDeviation, Tensor target) {
        Present.single(NAME, mean, logDeviation, target);
        LossInputs.alike(NAME, "mean", mean, "target", target, reduce);
        LossInputs.alike(NAME, "mean", mean, "logarithm of the deviation", logDeviation, reduce);
        Standardized z = Standardized.of(target.minus(mean), logDeviation);
        Tensor costs = z.squares().times(0.5).plus(logDeviation).maskedFill(z.isFar(), Double.POSITIVE_INFINITY);
        return reduced(costs);
    }

    /** From the variance; where that is negative, the cost is NaN. Shapes: equal → () or as they are. */
    public Tensor ofVariance(Tensor mean, Tensor variance, Tensor target) {
        Present.single(NAME, mean, variance, target);
        LossInputs.alike(NAME, "mean", mean, "target", target, reduce);
        LossInputs.alike(NAME, "mean", mean, "variance", variance, reduce);
        Tensor wide = variance.maximum(floor).stopGradient().withDerivativeOf(variance);
        Tensor costs = wide.log().plus(target.minus(mean).square().div(wide)).times(0.5);
        return reduced(costs.maskedFill(variance.lessThan(0), Double.NaN));
    }

    private Tensor reduced(Tensor costs) {
        return reduce.of(hasConstant ? costs.plus(HALF_LOG_TWO_PI) : costs);
    }
}
