package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Lion (Chen et al., 2023, arXiv 2302.06675, program 1): with g = ∂loss/∂p,
 *
 * <pre>
 * p ← p − rate·(sign(β₁·m + (1 − β₁)·g) + decay·p)
 * m ← β₂·m + (1 − β₂)·g
 * </pre>
 *
 * <p>m begins with zeros; where both are 0 the sign is. β₁ = 0.9, β₂ = 0.99 and no decay, unless they are set. Every move is as large as the rate, so a good one is
 * some 3 to 10 times smaller than Adam's.
 */
public final class Lion extends Tunable<Lion> {
    private final Scale.LionScale scale;
    private final double decay;

    private Lion(Trained trained, Scale.LionScale scale, double decay) {
        super(trained, parts(scale, decay));
        this.scale = scale;
        this.decay = decay;
    }

    private static List<Transform> parts(Scale.LionScale scale, double decay) {
        return decay == 0 ? ImmutableList.of(scale) : ImmutableList.of(scale, WeightDecay.of(decay));
    }

    /** Trains every parameter of a model at one rate. */
    public static Lion of(Object model, double rate) {
        return new Lion(Trained.of(model, rate), Scale.lion(), 0);
    }

    /** Trains every parameter of a model at rates that change from step to step. */
    public static Lion of(Object model, Schedule rate) {
        return new Lion(Trained.of(model, rate), Scale.lion(), 0);
    }

    @Override
    Lion with(Trained other) {
        return new Lion(other, scale, decay);
    }

    /**
     * The same with other weights of the past.
     *
     * @throws IllegalArgumentException if one is not from 0 to below 1
     */
    public Lion withBetas(double first, double second) {
        return new Lion(trained(), new Scale.LionScale(first, second), decay);
    }

    /**
     * The same with another decay.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Lion withWeightDecay(double decay) {
        return new Lion(trained(), scale, WeightDecay.of(decay).share());
    }
}
