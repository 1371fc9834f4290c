package dev.clew.nn.optimizer;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/**
 * Steps in which a rate grows along a line, as by PyTorch's LinearLR: in step t it is (from + (1 − from)·t/steps) times the first rate of what follows.
 *
 * @param steps how many
 * @param from the share of the rate in the first step
 */
public record WarmUp(long steps, double from) {
    /**
     * Checked.
     *
     * @throws IllegalArgumentException if there are fewer than 1 steps, or the share is not from 0 to 1
     */
    public WarmUp {
        Settings.requireAtLeast(1, "warmUp", "steps", steps);
        if (!(from >= 0 && from <= 1)) {
            throw new IllegalArgumentException("warmUp from the share " + from + " of a rate: it must be from 0 to 1");
        }
    }

    /** The same from another share of the rate. */
    public WarmUp from(double share) {
        return new WarmUp(steps, share);
    }

    /** What follows, from its beginning. */
    public Schedule then(Schedule next) {
        Present.require("then", next);
        return new Warmed(this, next);
    }

    /** A schedule after a warm-up. */
    private record Warmed(WarmUp up, Schedule next) implements Schedule {
        @Override
        public Tensor at(Tensor step) {
            Present.require("at", step);
            return joined(step, next.at(later(step)));
        }

        @Override
        public Tensor at(Tensor step, Transform.State state) {
            Present.require("at", step, state);
            return joined(step, next.at(later(step), state));
        }

        @Override
        public void heard(Tensor metric, Transform.State state) {
            Present.require("heard", metric, state);
            next.heard(metric, state);
        }

        private Tensor later(Tensor step) {
            return step.minus((double) up.steps).maximum(0);
        }

        /** While the next has not begun its step is 0. */
        private Tensor joined(Tensor step, Tensor rate) {
            return rate.times(
                    step.div((double) up.steps).minimum(1).times(1 - up.from).plus(up.from));
        }

        @Override
        public String toString() {
            return up + ".then(" + next + ")";
        }
    }

    @Override
    public String toString() {
        return "warmUp(" + steps + ")" + (from == 1.0 / steps ? "" : ".from(" + from + ")");
    }
}
