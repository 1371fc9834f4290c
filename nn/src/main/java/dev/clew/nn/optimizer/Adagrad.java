package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Adagrad (Duchi, Hazan, Singer, 2011), with the numbers of PyTorch's: with g = ∂loss/∂p and t steps before,
 *
 * <pre>
 * s ← s + g²
 * p ← p − rate / (1 + t·decay)·g / (√s + ε)
 * </pre>
 *
 * <p>The rate does not decay, s begins with zeros, and ε = 1e-10, unless they are set.
 */
public final class Adagrad extends Tunable<Adagrad> {
    private final Scale.AdagradScale scale;
    private final double decay;

    private Adagrad(Trained trained, Scale.AdagradScale scale, double decay) {
        super(trained, parts(scale, decay));
        this.scale = scale;
        this.decay = decay;
    }

    private static List<Transform> parts(Scale.AdagradScale scale, double decay) {
        return decay == 0 ? ImmutableList.of(scale) : ImmutableList.of(WeightDecay.of(decay), scale);
    }

    /** Trains every parameter of a model at one rate. */
    public static Adagrad of(Object model, double rate) {
        return new Adagrad(Trained.of(model, rate), Scale.adagrad(), 0);
    }

    /** Trains every parameter of a model at rates that change from step to step. */
    public static Adagrad of(Object model, Schedule rate) {
        return new Adagrad(Trained.of(model, rate), Scale.adagrad(), 0);
    }

    @Override
    Adagrad with(Trained other) {
        return new Adagrad(other, scale, decay);
    }

    /**
     * The same with a rate that is divided by 1 + t·decay.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Adagrad withRateDecay(double decay) {
        return with(new Scale.AdagradScale(decay, scale.initial(), scale.epsilon()));
    }

    /**
     * The same with sums that begin with a number.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Adagrad withInitial(double sum) {
        return with(new Scale.AdagradScale(scale.decay(), sum, scale.epsilon()));
    }

    /** The same with another ε. */
    public Adagrad withEpsilon(double epsilon) {
        return with(new Scale.AdagradScale(scale.decay(), scale.initial(), epsilon));
    }

    private Adagrad with(Scale.AdagradScale other) {
        return new Adagrad(trained(), other, decay);
    }

    /**
     * The same with decay·p added to the gradients, those of decay/2·Σp².
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Adagrad withWeightDecay(double decay) {
        return new Adagrad(trained(), scale, WeightDecay.of(decay).share());
    }
}
