package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Adam (Kingma, Ba, 2015, arXiv 1412.6980, algorithm 1), with the numbers of PyTorch's: with g = ∂loss/∂p and the step t, counted from 1,
 *
 * <pre>
 * m ← β₁·m + (1 − β₁)·g
 * v ← β₂·v + (1 − β₂)·g²
 * p ← p − rate·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>m and v begin with zeros, of the shape and type of p. A parameter that a loss does not depend on has the gradient 0, and still moves
 * by what is left of m. β₁ = 0.9, β₂ = 0.999 and ε = 1e-8, unless they are set.
 */
public final class Adam extends Tunable<Adam> {
    private final Scale.AdamScale scale;
    private final double decay;

    private Adam(Trained trained, Scale.AdamScale scale, double decay) {
        super(trained, parts(scale, decay));
        this.scale = scale;
        this.decay = decay;
    }

    private static List<Transform> parts(Scale.AdamScale scale, double decay) {
        return decay == 0 ? ImmutableList.of(scale) : ImmutableList.of(WeightDecay.of(decay), scale);
    }

    /** Trains every parameter of a model at one rate. */
    public static Adam of(Object model, double rate) {
        return new Adam(Trained.of(model, rate), Scale.adam(), 0);
    }

    /** Trains every parameter of a model at rates that change from step to step. */
    public static Adam of(Object model, Schedule rate) {
        return new Adam(Trained.of(model, rate), Scale.adam(), 0);
    }

    @Override
    Adam with(Trained other) {
        return new Adam(other, scale, decay);
    }

    /**
     * The same, with other weights of the past in the means of g and g².
     *
     * @throws IllegalArgumentException if one is not from 0 to below 1
     */
    public Adam withBetas(double first, double second) {
        return new Adam(trained(), scale.withBetas(first, second), decay);
    }

    /** The same with another ε, which keeps small gradients from large steps. */
    public Adam withEpsilon(double epsilon) {
        return new Adam(trained(), scale.withEpsilon(epsilon), decay);
    }

    /** The same with the largest v so far in place of v (AMSGrad; Reddi, Kale, Kumar, 2018). */
    public Adam withMaximum() {
        return new Adam(trained(), scale.withMaximum(), decay);
    }

    /**
     * The same with decay·p added to the gradients, those of decay/2·Σp²; {@link AdamW} is another thing.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Adam withWeightDecay(double decay) {
        return new Adam(trained(), scale, WeightDecay.of(decay).share());
    }
}
