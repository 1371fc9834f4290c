package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.array.Present;
import java.util.List;

/**
 * Stochastic gradient descent: p ← p − rate·∂loss/∂p (Robbins, Monro, 1951); with weight decay, g ← g + decay·p first, and with {@link Momentum}, b ← past·b + (1 −
 * dampening)·g, p ← p − rate·b. The numbers are those of PyTorch's.
 */
public final class Sgd extends Tunable<Sgd> {
    private final Momentum momentum;
    private final double decay;

    private Sgd(Trained trained, Momentum momentum, double decay) {
        super(trained, parts(momentum, decay));
        this.momentum = momentum;
        this.decay = decay;
    }

    private static List<Transform> parts(Momentum momentum, double decay) {
        ImmutableList.Builder<Transform> parts = ImmutableList.builder();
        if (decay != 0) {
            parts.add(WeightDecay.of(decay));
        }
        if (momentum.past() != 0) {
            parts.add(momentum);
        }
        return parts.build();
    }

    /** Trains every parameter of a model at one rate. */
    public static Sgd of(Object model, double rate) {
        return new Sgd(Trained.of(model, rate), Momentum.of(0), 0);
    }

    /** Trains every parameter of a model at rates that change from step to step. */
    public static Sgd of(Object model, Schedule rate) {
        return new Sgd(Trained.of(model, rate), Momentum.of(0), 0);
    }

    @Override
    Sgd with(Trained other) {
        return new Sgd(other, momentum, decay);
    }

    /**
     * The same with momentum.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     */
    public Sgd withMomentum(double past) {
        return withMomentum(Momentum.of(past));
    }

    /** The same with momentum that is dampened, or Nesterov's: {@code withMomentum(Momentum.of(0.9).nesterov())}. */
    public Sgd withMomentum(Momentum momentum) {
        Present.require("withMomentum", momentum);
        return new Sgd(trained(), momentum, decay);
    }

    /**
     * The same with decay·p added to the gradients, those of decay/2·Σp²; see {@link WeightDecay} for some parameters alone.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Sgd withWeightDecay(double decay) {
        return new Sgd(trained(), momentum, WeightDecay.of(decay).share());
    }
}
