package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * {@link Adam} with weights that decay by themselves (Loshchilov, Hutter, 2019, arXiv 1711.05101), with the numbers of PyTorch's: p ← p − rate·decay·p besides Adam's
 * move, which sees the gradient alone. The decay is 0.01 unless it is set. For weights but not for biases: {@code AdamW.of(model, rate).withWeightDecay(0)
 * .withLast(WeightDecay.of(0.01).except("*.bias"))}.
 */
public final class AdamW extends Tunable<AdamW> {
    private final Scale.AdamScale scale;
    private final double decay;

    private AdamW(Trained trained, Scale.AdamScale scale, double decay) {
        super(trained, parts(scale, decay));
        this.scale = scale;
        this.decay = decay;
    }

    private static List<Transform> parts(Scale.AdamScale scale, double decay) {
        return decay == 0 ? ImmutableList.of(scale) : ImmutableList.of(scale, WeightDecay.of(decay));
    }

    /** Trains every parameter of a model at one rate. */
    public static AdamW of(Object model, double rate) {
        return new AdamW(Trained.of(model, rate), Scale.adam(), 0.01);
    }

    /** Trains every parameter of a model at rates that change from step to step. */
    public static AdamW of(Object model, Schedule rate) {
        return new AdamW(Trained.of(model, rate), Scale.adam(), 0.01);
    }

    @Override
    AdamW with(Trained other) {
        return new AdamW(other, scale, decay);
    }

    /**
     * The same, with other weights of the past in the means of g and g².
     *
     * @throws IllegalArgumentException if one is not from 0 to below 1
     */
    public AdamW withBetas(double first, double second) {
        return new AdamW(trained(), scale.withBetas(first, second), decay);
    }

    /** The same with another ε. */
    public AdamW withEpsilon(double epsilon) {
        return new AdamW(trained(), scale.withEpsilon(epsilon), decay);
    }

    /** The same with the largest v so far in place of v (AMSGrad; Reddi, Kale, Kumar, 2018). */
    public AdamW withMaximum() {
        return new AdamW(trained(), scale.withMaximum(), decay);
    }

    /**
     * The same with another decay.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public AdamW withWeightDecay(double decay) {
        return new AdamW(trained(), scale, WeightDecay.of(decay).share());
    }
}
