package dev.clew.nn.optimizer;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import java.util.List;

/**
 * An optimizer whose step is one plan, and what all of them can be set to; each setting gives another optimizer, which begins anew.
 *
 * @param <O> what it is
 */
public abstract sealed class Tunable<O extends Tunable<O>> extends Optimizer
        permits Adagrad, Adam, AdamW, Composed, Lion, RmsProp, Sgd {

    Tunable(Trained trained, List<Transform> own) {
        super(trained, own);
    }

    /** The same that trains otherwise. */
    abstract O with(Trained other);

    /** The same, with another rate for one parameter. */
    public final O withRate(Parameter parameter, double rate) {
        return withRate(parameter, Schedule.constant(rate));
    }

    /**
     * The same, with another rate for the parameter of a name, {@code cell.wx}, or for those whose names match a pattern, {@code head.*}.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public final O withRate(String name, double rate) {
        return withRate(name, Schedule.constant(rate));
    }

    /** The same, with other rates for one parameter. */
    public final O withRate(Parameter parameter, Schedule rate) {
        return with(trained().withRate(parameter, rate));
    }

    /**
     * The same, with other rates for the parameter of a name, {@code cell.wx}, or for those whose names match a pattern, {@code head.*}.
     *
     * @throws IllegalArgumentException if there is none; it names those that there are, and the nearest
     */
    public final O withRate(String name, Schedule rate) {
        return with(trained().withRate(name, rate));
    }

    /** The same, with gradients that are first clipped; after what was to be done first before. */
    public final O withClip(Clip clip) {
        Present.require("withClip", clip);
        return withFirst(clip);
    }

    /** The same, with gradients that go through a part before they come to the optimizer's own; after what was to be done first before. */
    public final O withFirst(Transform part) {
        return with(trained().withFirst(part));
    }

    /** The same, with moves that go through a part after the optimizer's own, and before they are multiplied by the rate. */
    public final O withLast(Transform part) {
        return with(trained().withLast(part));
    }

    /**
     * The same, which goes along the mean of so many gradients, one of every call of step: as one step on all their examples does, if each
     * loss is the mean of equally many. In between parameters stay as they are, and only the sums of gradients change, {@code batches.sum.cell.wx}.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public final O withMicroBatches(int count) {
        return with(trained().withMicroBatches(count));
    }

    /** The same, which keeps averages of the parameters: see {@link #averaged}. */
    public final O withAverage(Average average) {
        return with(trained().withAverage(average));
    }
}
