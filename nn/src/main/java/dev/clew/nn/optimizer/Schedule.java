package dev.clew.nn.optimizer;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * A learning rate as a function of the step: a formula, so that the rate is data of every plan, and the steps are counted by what the optimizer keeps.
 * A user's own is one line: {@code Adam.of(model, step -> step.plus(1).rsqrt().times(0.01))}. Step 0 is the first. Where PyTorch has the same
 * schedule the numbers are its own.
 */
@FunctionalInterface
public interface Schedule {
    /** The rate of a step, which is the number of steps before it. Shapes: () f64 -> () f64. */
    Tensor at(Tensor step);

    /**
     * The same with numbers that are kept from step to step, and change when a metric is {@linkplain #heard heard}. What schedules are made of
     * others gives it to those.
     */
    default Tensor at(Tensor step, Transform.State state) {
        Present.require("at", step, state);
        return at(step);
    }

    /**
     * Says, by {@link Transform.State#next}, what kept numbers are after {@link Optimizer#report} of a metric. Nothing, unless it listens.
     *
     * @param metric one number, f64
     */
    default void heard(Tensor metric, Transform.State state) {
        Present.require("heard", metric, state);
    }

    /** The rate of a step as a number; of a schedule that listens to metrics, as long as it has heard none. */
    default double at(long step) {
        Tensor rate = Present.given("at", toString(), at(Tensor.of((double) step)));
        return Evaluator.plain().evaluate(List.of(rate)).getFirst().item();
    }

    /** The same times a factor: for some of the parameters, {@code adam.withRate("head.*", schedule.times(0.1))}. */
    default Schedule times(double factor) {
        Settings.requireNotNegative("schedule", "factor", factor);
        return new Schedules.Times(this, factor);
    }

    /**
     * This one for some steps, then another from its beginning.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    default Schedule until(long steps, Schedule next) {
        Present.require("until", next);
        Settings.requireAtLeast(1, "schedule", "steps", steps);
        return new Schedules.Until(this, steps, next);
    }

    /**
     * One rate for all steps.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    static Schedule constant(double rate) {
        return new Schedules.Constant(rate);
    }

    /**
     * rate·factorᵏ with k = ⌊step / every⌋, as PyTorch's StepLR.
     *
     * @throws IllegalArgumentException if a number is negative or not finite, or {@code every} less than 1
     */
    static Schedule step(double rate, long every, double factor) {
        return new Schedules.Stairs(rate, every, factor);
    }

    /**
     * rate·factorᵗ in step t, as PyTorch's ExponentialLR.
     *
     * @throws IllegalArgumentException if a number is negative or not finite
     */
    static Schedule exponential(double rate, double factor) {
        return new Schedules.Stairs(rate, 1, factor);
    }

    /**
     * Half a wave of the cosine from one rate to another (Loshchilov, Hutter, 2017, arXiv 1608.03983): to + (from − to)·(1 + cos(π·t/steps))/2, as
     * PyTorch's CosineAnnealingLR; after that many steps it stays.
     *
     * @throws IllegalArgumentException if a rate is negative or not finite, or there are fewer than 1 steps
     */
    static Schedule cosine(long steps, double from, double to) {
        return new Schedules.Cosine(steps, from, to);
    }

    /** One cycle up to a rate and down (Smith, Topin, 2018, arXiv 1708.07120), with the numbers that PyTorch's OneCycleLR begins with. */
    static Schedule oneCycle(long steps, double most) {
        return oneCycle(steps, most, 0.3, 25, 1e4);
    }

    /**
     * One cycle: by half a wave of the cosine from most/first up to the most, by another down to most/first/last, as PyTorch's OneCycleLR; after that
     * many steps it stays.
     *
     * @param steps in all
     * @param share of steps that go up
     * @throws IllegalArgumentException if a number makes no sense, or not more than one step goes up
     */
    static Schedule oneCycle(long steps, double most, double share, double first, double last) {
        return new Schedules.OneCycle(steps, most, share, first, last);
    }

    /** So many steps in which the rate of what follows grows from nearly 0 to what it begins with: {@code warmUp(200).then(other)}. */
    static WarmUp warmUp(long steps) {
        Settings.requireAtLeast(1, "warmUp", "steps", steps);
        return new WarmUp(steps, 1.0 / steps);
    }

    /** A rate that becomes smaller when a metric, which is to be small, has not become better for a while. */
    static Plateau plateau(double rate) {
        return new Plateau(rate, 0.1, 10, 1e-4, true, 0, 0, 1e-8, true);
    }
}
