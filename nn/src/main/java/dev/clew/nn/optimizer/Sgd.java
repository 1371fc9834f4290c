package dev.clew.nn.optimizer;

import dev.clew.tensor.Parameter;
import java.util.List;

/** Stochastic gradient descent: p ← p − rate·∂loss/∂p (Robbins, Monro, 1951). */
public final class Sgd extends Optimizer {
    private final Trained trained;

    private Sgd(Trained trained) {
        super(trained, List.of());
        this.trained = trained;
    }

    /** Trains every parameter of a model at one rate. */
    public static Sgd of(Object model, double rate) {
        return new Sgd(Trained.of(model, rate));
    }

    /** The same, with another rate for one parameter. */
    public Sgd withRate(Parameter parameter, double rate) {
        return new Sgd(trained.withRate(parameter, rate));
    }

    /**
     * The same, with another rate for the parameter of a name, {@code cell.wx}.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public Sgd withRate(String name, double rate) {
        return new Sgd(trained.withRate(name, rate));
    }

    /** The same, with gradients that are first clipped; after what was to be done first before. */
    public Sgd withClip(Clip clip) {
        return new Sgd(trained.withFirst(clip));
    }
}
