package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * RMSProp (Hinton, 2012, lecture 6e), with the numbers of PyTorch's: with g = ∂loss/∂p,
 *
 * <pre>
 * v ← α·v + (1 − α)·g²
 * p ← p − rate·g / (√v + ε)
 * </pre>
 *
 * <p>centered (Graves, 2013, arXiv 1308.0850) with √(v − a²), where a ← α·a + (1 − α)·g; and with {@link Momentum} of the moves. All begin with zeros. α = 0.99 and ε = 1e-8,
 * unless they are set.
 */
public final class RmsProp extends Tunable<RmsProp> {
    private final Scale.RmsScale scale;
    private final double momentum;
    private final double decay;

    private RmsProp(Trained trained, Scale.RmsScale scale, double momentum, double decay) {
        super(trained, parts(scale, momentum, decay));
        this.scale = scale;
        this.momentum = momentum;
        this.decay = decay;
    }

    private static List<Transform> parts(Scale.RmsScale scale, double momentum, double decay) {
        ImmutableList.Builder<Transform> parts = ImmutableList.builder();
        if (decay != 0) {
            parts.add(WeightDecay.of(decay));
        }
        parts.add(scale);
        if (momentum != 0) {
            parts.add(Momentum.of(momentum));
        }
        return parts.build();
    }

    /** Trains every parameter of a model at one rate. */
    public static RmsProp of(Object model, double rate) {
        return new RmsProp(Trained.of(model, rate), Scale.rmsProp(), 0, 0);
    }

    /** Trains every parameter of a model at rates that change from step to step. */
    public static RmsProp of(Object model, Schedule rate) {
        return new RmsProp(Trained.of(model, rate), Scale.rmsProp(), 0, 0);
    }

    @Override
    RmsProp with(Trained other) {
        return new RmsProp(other, scale, momentum, decay);
    }

    /**
     * The same with another weight α of the past in the mean of squares.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     */
    public RmsProp withPast(double alpha) {
        return with(new Scale.RmsScale(alpha, scale.epsilon(), scale.isCentered()));
    }

    /** The same with another ε. */
    public RmsProp withEpsilon(double epsilon) {
        return with(new Scale.RmsScale(scale.past(), epsilon, scale.isCentered()));
    }

    /** The same by the root of the variance. */
    public RmsProp centered() {
        return with(new Scale.RmsScale(scale.past(), scale.epsilon(), true));
    }

    private RmsProp with(Scale.RmsScale other) {
        return new RmsProp(trained(), other, momentum, decay);
    }

    /**
     * The same with momentum of the moves.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     */
    public RmsProp withMomentum(double past) {
        return new RmsProp(trained(), scale, Momentum.of(past).past(), decay);
    }

    /**
     * The same with decay·p added to the gradients, those of decay/2·Σp².
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public RmsProp withWeightDecay(double decay) {
        return new RmsProp(trained(), scale, momentum, WeightDecay.of(decay).share());
    }
}
