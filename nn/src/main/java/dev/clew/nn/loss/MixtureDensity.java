package dev.clew.nn.loss;

import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/**
 * What a target costs under a mixture of normal distributions that a network gives, in nats: −ln Σ πₖ·pₖ(target), π being the softmax of
 * the logits (Bishop: Mixture Density Networks, 1994).
 *
 * <p>It is computed from logarithms throughout. A component whose logit is −∞ takes no part. One that is so narrow, or so far from
 * the target, that its density is 0 in the numbers of the type has none in the sum, and no gradient; if that holds for all of them, the
 * cost is ∞.
 *
 * @param reduce over the targets
 */
public record MixtureDensity(Reduce reduce) {
    private static final String NAME = "mixtureDensity";
    private static final MixtureDensity PLAIN = new MixtureDensity(Reduce.MEAN);

    /** Checks the reduction. */
    public MixtureDensity {
        Present.require(NAME, reduce);
    }

    /** The mean over the targets. */
    public static MixtureDensity create() {
        return PLAIN;
    }

    /** With another reduction. */
    public MixtureDensity withReduce(Reduce other) {
        Present.require("withReduce", other);
        return new MixtureDensity(other);
    }

    /**
     * Of numbers. Shapes: logits, means and logarithms of standard deviations (..., components), target (...) → () or (...).
     *
     * @throws IllegalArgumentException if shapes or types do not fit
     */
    public Tensor of(Tensor logits, Tensor means, Tensor logDeviations, Tensor target) {
        Present.single(NAME, logits, means, logDeviations, target);
        check(
                logits,
                target,
                logits.shape().rank() == 0 ? Shape.SCALAR : logits.shape().without(-1));
        check("means", logits, means, logits.shape());
        check("logarithms of deviations", logits, logDeviations, logits.shape());
        Standardized z = Standardized.of(target.expandDims(-1).minus(means), logDeviations);
        Tensor logs = z.squares().times(-0.5).minus(logDeviations);
        return mixed(logits, logs, z.isFar(), GaussianDensity.HALF_LOG_TWO_PI);
    }

    /**
     * Of vectors, whose numbers are independent within a component. Shapes: logits (..., components), means and logarithms of standard
     * deviations (..., components, n), target (..., n) → () or (...).
     *
     * @throws IllegalArgumentException if shapes or types do not fit
     */
    public Tensor ofVectors(Tensor logits, Tensor means, Tensor logDeviations, Tensor target) {
        Present.single(NAME, logits, means, logDeviations, target);
        Standardized z = ofAxes(logits, means, logDeviations, target, -1);
        int n = target.shape().length(-1);
        Tensor logs = z.squares().times(-0.5).minus(logDeviations).sum(-1);
        return mixed(logits, logs, z.isFar().any(false, -1), n * GaussianDensity.HALF_LOG_TWO_PI);
    }

    /**
     * Of points of the plane, whose two numbers are correlated within a component by tanh of a number that a network gives (Graves:
     * Generating Sequences With Recurrent Neural Networks, 2013).
     *
     * <p>With ρ = tanh r, (z₁² + z₂² − 2ρ·z₁·z₂)/(1 − ρ²) is ¼[(z₁ − z₂)²·(1 + e²ʳ) + (z₁ + z₂)²·(1 + e⁻²ʳ)], and −½ ln(1 − ρ²) is
     * ln cosh r: nothing is lost where ρ is nearly ±1.
     *
     * <p>Shapes: logits and correlations (..., components), means and logarithms of standard deviations (..., components, 2), target
     * (..., 2) → () or (...).
     *
     * @throws IllegalArgumentException if shapes or types do not fit
     */
    public Tensor ofPlane(Tensor logits, Tensor means, Tensor logDeviations, Tensor correlations, Tensor target) {
        Present.single(NAME, logits, means, logDeviations, correlations, target);
        Standardized z = ofAxes(logits, means, logDeviations, target, 2);
        check("correlations", logits, correlations, logits.shape());
        Tensor x = z.z().get(-1, 0);
        Tensor y = z.z().get(-1, 1);
        // ¼·(1 + e²ʳ)·d² is (½d)² + (½d·eʳ)², each of which is Standardized's business.
        Standardized apart = Standardized.of(x.minus(y).times(0.5), correlations.negate());
        Standardized alike = Standardized.of(x.plus(y).times(0.5), correlations);
        Tensor flat = x.square().plus(y.square()).times(0.5);
        Tensor form = flat.plus(apart.squares()).plus(alike.squares());
        Tensor isFar = z.isFar().any(false, -1).or(apart.isFar()).or(alike.isFar());
        Tensor logCosh = correlations.times(2).softplus().minus(correlations).minus(Math.log(2));
        Tensor logs = form.times(-0.5).minus(logDeviations.sum(-1)).plus(logCosh);
        return mixed(logits, logs, isFar, 2 * GaussianDensity.HALF_LOG_TWO_PI);
    }

    /** @param length of the last axis; -1 if any is */
    private Standardized ofAxes(Tensor logits, Tensor means, Tensor logDeviations, Tensor target, int length) {
        int own = target.shape().rank() == 0 ? 1 : target.shape().length(-1);
        int n = length < 0 ? own : length;
        Shape rows = logits.shape().rank() == 0 ? Shape.SCALAR : logits.shape().without(-1);
        check(logits, target, rows.insert(rows.rank(), n));
        Shape shape = logits.shape().insert(logits.shape().rank(), n);
        check("means", logits, means, shape);
        check("logarithms of deviations", logits, logDeviations, shape);
        return Standardized.of(target.expandDims(-2).minus(means), logDeviations);
    }

    private Tensor mixed(Tensor logits, Tensor logs, Tensor isFar, double constant) {
        Tensor each = logits.logSoftmax(-1).plus(logs).maskedFill(isFar, Double.NEGATIVE_INFINITY);
        return reduce.of(each.logSumExp(-1).negate().plus(constant));
    }

    private void check(Tensor logits, Tensor target, Shape shape) {
        LossInputs.axis(NAME, "logits", logits);
        if (!logits.dtype().isFloating()) {
            throw new IllegalArgumentException(NAME + ": logits " + LossInputs.typed(logits)
                    + " must be floating-point numbers; cast them: .cast(DType.F64)");
        }
        check("target", logits, target, shape);
        LossInputs.some(NAME, "logits", logits, reduce);
    }

    private static void check(String what, Tensor logits, Tensor x, Shape shape) {
        if (!x.shape().equals(shape) || x.dtype() != logits.dtype()) {
            throw new IllegalArgumentException(NAME + ": logits " + LossInputs.typed(logits) + " and " + what + " "
                    + LossInputs.typed(x) + ": of these components, " + what + " must be " + shape + " "
                    + logits.dtype());
        }
    }
}
