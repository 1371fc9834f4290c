package dev.clew.nn.optimizer;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/**
 * A rate that is multiplied by a factor when a metric that is reported has not become better for more than some reports, as by PyTorch's ReduceLROnPlateau:
 * {@code optimizer.report(metric)}, once per epoch for example. What it has heard is kept by the optimizer.
 *
 * @param rate where it begins
 * @param factor what it is multiplied by, above 0 and below 1
 * @param patience how many reports in a row may be no better
 * @param threshold by how much a metric must be better than the best, 0 or more
 * @param isRelative whether that is a share of the best
 * @param cooldown for how many reports after a change none is counted
 * @param least what the rate does not fall below
 * @param little changes that are not larger are not made
 * @param isSmallBetter whether a smaller metric is the better one, such as a loss
 */
public record Plateau(
        double rate,
        double factor,
        long patience,
        double threshold,
        boolean isRelative,
        long cooldown,
        double least,
        double little,
        boolean isSmallBetter)
        implements Schedule {
    /**
     * Checked.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public Plateau {
        Settings.requireNotNegative("plateau", "rate", rate);
        if (!(factor > 0 && factor < 1)) {
            throw new IllegalArgumentException(
                    "plateau with factor = " + factor + ": the rate becomes smaller by a factor above 0 and below 1");
        }
        Settings.requireAtLeast(0, "plateau", "patience", patience);
        Settings.requireNotNegative("plateau", "threshold", threshold);
        Settings.requireAtLeast(0, "plateau", "cooldown", cooldown);
        Settings.requireNotNegative("plateau", "least", least);
        Settings.requireNotNegative("plateau", "little", little);
        if (least > rate) {
            throw new IllegalArgumentException(
                    "plateau with least = " + least + ": it must not be above the rate, " + rate);
        }
    }

    /** The same with another factor. */
    public Plateau withFactor(double factor) {
        return new Plateau(rate, factor, patience, threshold, isRelative, cooldown, least, little, isSmallBetter);
    }

    /** The same with another patience. */
    public Plateau withPatience(long reports) {
        return new Plateau(rate, factor, reports, threshold, isRelative, cooldown, least, little, isSmallBetter);
    }

    /** The same with a threshold that is a share of the best metric. */
    public Plateau withThreshold(double share) {
        return new Plateau(rate, factor, patience, share, true, cooldown, least, little, isSmallBetter);
    }

    /** The same with a threshold that is an amount. */
    public Plateau withAbsoluteThreshold(double amount) {
        return new Plateau(rate, factor, patience, amount, false, cooldown, least, little, isSmallBetter);
    }

    /** The same with another cooldown. */
    public Plateau withCooldown(long reports) {
        return new Plateau(rate, factor, patience, threshold, isRelative, reports, least, little, isSmallBetter);
    }

    /** The same with another least rate. */
    public Plateau withLeast(double rate) {
        return new Plateau(this.rate, factor, patience, threshold, isRelative, cooldown, rate, little, isSmallBetter);
    }

    /** The same for a metric that is to be large, such as accuracy. */
    public Plateau ofLarge() {
        return new Plateau(rate, factor, patience, threshold, isRelative, cooldown, least, little, false);
    }

    @Override
    public Tensor at(Tensor step) {
        Present.require("at", step);
        return Tensor.of(rate);
    }

    @Override
    public Tensor at(Tensor step, Transform.State state) {
        Present.require("at", step, state);
        return after(state.number("plateau.changes"));
    }

    /** The rate after so many changes. */
    private Tensor after(Tensor changes) {
        return Tensor.of(factor).pow(changes).times(rate).maximum(least);
    }

    @Override
    public void heard(Tensor metric, Transform.State state) {
        Present.require("heard", metric, state);
        Tensor changes = state.number("plateau.changes");
        Tensor heard = state.number("plateau.heard");
        Tensor best = state.number("plateau.best");
        Tensor bad = state.number("plateau.bad");
        Tensor rest = state.number("plateau.rest");

        Tensor isBetter = heard.equalTo(0).or(isBetter(metric, best));
        Tensor isResting = rest.greaterThan(0);
        Tensor zero = Tensor.of(0.0);
        Tensor counted = Tensor.where(isBetter.or(isResting), zero, bad.plus(1));
        Tensor isEnough = counted.greaterThan((double) patience);
        Tensor isLarge = after(changes).minus(after(changes.plus(1))).greaterThan(little);
        Tensor rested = rest.minus(1).maximum(0);

        state.next(state.number("plateau.heard"), heard.plus(1));
        state.next(state.number("plateau.best"), Tensor.where(isBetter, metric, best));
        state.next(state.number("plateau.bad"), Tensor.where(isEnough, zero, counted));
        state.next(state.number("plateau.rest"), Tensor.where(isEnough, Tensor.of((double) cooldown), rested));
        state.next(state.number("plateau.changes"), Tensor.where(isEnough.and(isLarge), changes.plus(1), changes));
    }

    private Tensor isBetter(Tensor metric, Tensor best) {
        double part = isSmallBetter ? 1 - threshold : 1 + threshold;
        double amount = isSmallBetter ? -threshold : threshold;
        Tensor bound = isRelative ? best.times(part) : best.plus(amount);
        return isSmallBetter ? metric.lessThan(bound) : metric.greaterThan(bound);
    }

    @Override
    public String toString() {
        return "plateau(" + rate + ")";
    }
}
