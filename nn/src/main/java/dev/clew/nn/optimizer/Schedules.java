package dev.clew.nn.optimizer;

import dev.clew.array.DType;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/** The schedules that {@link Schedule} makes. */
final class Schedules {
    private Schedules() {}

    /** A rate that stays. */
    record Constant(double rate) implements Schedule {
        Constant {
            if (!Double.isFinite(rate) || rate < 0) {
                throw new IllegalArgumentException("learning rate " + rate + ": it must be a finite number, 0 or more");
            }
        }

        @Override
        public Tensor at(Tensor step) {
            Present.require("at", step);
            return Tensor.of(rate);
        }

        @Override
        public Schedule times(double factor) {
            return new Constant(rate * factor);
        }

        @Override
        public String toString() {
            return Double.toString(rate);
        }
    }

    /** A factor with every so many steps. */
    record Stairs(double rate, long every, double factor) implements Schedule {
        Stairs {
            String asked = every == 1 ? "exponential" : "step";
            Settings.requireNotNegative(asked, "rate", rate);
            Settings.requireAtLeast(1, asked, "every", every);
            Settings.requireNotNegative(asked, "factor", factor);
        }

        @Override
        public Tensor at(Tensor step) {
            Present.require("at", step);
            Tensor stairs = every == 1 ? step : step.div((double) every).floor();
            return Tensor.of(factor).pow(stairs).times(rate);
        }

        @Override
        public String toString() {
            return every == 1
                    ? "exponential(" + rate + ", " + factor + ")"
                    : "step(" + rate + ", " + every + ", " + factor + ")";
        }
    }

    /** Half a wave. */
    record Cosine(long steps, double from, double to) implements Schedule {
        Cosine {
            Settings.requireAtLeast(1, "cosine", "steps", steps);
            Settings.requireNotNegative("cosine", "from", from);
            Settings.requireNotNegative("cosine", "to", to);
        }

        @Override
        public Tensor at(Tensor step) {
            Present.require("at", step);
            return wave(step.div((double) steps), from, to);
        }

        @Override
        public String toString() {
            return "cosine(" + steps + ", " + from + ", " + to + ")";
        }
    }

    /** From one number to another while a share goes from 0 to 1. */
    private static Tensor wave(Tensor share, double from, double to) {
        return share.minimum(1)
                .times(Math.PI)
                .cos()
                .plus(1)
                .times((from - to) / 2)
                .plus(to);
    }

    /** Up and down. */
    record OneCycle(long steps, double most, double share, double first, double last) implements Schedule {
        OneCycle {
            Settings.requireAtLeast(2, "oneCycle", "steps", steps);
            Settings.requireNotNegative("oneCycle", "most", most);
            if (!(share * steps > 1 && share < 1)) {
                throw new IllegalArgumentException("oneCycle of " + steps + " steps, of which a share of " + share
                        + " goes up: more than one step must, and not all");
            }
            if (!(first > 0 && last > 0 && first < Double.POSITIVE_INFINITY && last < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("oneCycle from the most divided by " + first + " to that divided by "
                        + last + ": both must be finite numbers above 0");
            }
        }

        @Override
        public Tensor at(Tensor step) {
            Present.require("at", step);
            double top = share * steps - 1;
            Tensor up = wave(step.div(top), most / first, most);
            Tensor down = wave(step.minus(top).div(steps - 1 - top), most, most / first / last);
            return Tensor.where(step.lessOrEqual(top), up, down);
        }

        @Override
        public String toString() {
            return "oneCycle(" + steps + ", " + most + ")";
        }
    }

    /** Another size. */
    record Times(Schedule schedule, double factor) implements Schedule {
        @Override
        public Tensor at(Tensor step) {
            Present.require("at", step);
            return schedule.at(step).times(factor);
        }

        @Override
        public Tensor at(Tensor step, Transform.State state) {
            Present.require("at", step, state);
            return schedule.at(step, state).times(factor);
        }

        @Override
        public void heard(Tensor metric, Transform.State state) {
            Present.require("heard", metric, state);
            schedule.heard(metric, state);
        }

        @Override
        public String toString() {
            return schedule + ".times(" + factor + ")";
        }
    }

    /** One, then another. */
    record Until(Schedule one, long steps, Schedule next) implements Schedule {
        @Override
        public Tensor at(Tensor step) {
            Present.require("at", step);
            return joined(step, one.at(step), next.at(later(step)));
        }

        @Override
        public Tensor at(Tensor step, Transform.State state) {
            Present.require("at", step, state);
            return joined(
                    step,
                    one.at(step, new Renamed.Prefixed("first.", state)),
                    next.at(later(step), new Renamed.Prefixed("next.", state)));
        }

        @Override
        public void heard(Tensor metric, Transform.State state) {
            Present.require("heard", metric, state);
            one.heard(metric, new Renamed.Prefixed("first.", state));
            next.heard(metric, new Renamed.Prefixed("next.", state));
        }

        private Tensor later(Tensor step) {
            return step.minus((double) steps).maximum(0);
        }

        private Tensor joined(Tensor step, Tensor before, Tensor after) {
            return Tensor.where(step.lessThan((double) steps), before, after);
        }

        @Override
        public String toString() {
            return one + ".until(" + steps + ", " + next + ")";
        }
    }

    /** What a schedule gave, which must be one number. */
    static Tensor checked(Schedule schedule, Tensor rate) {
        Present.given("optimizer", schedule.toString(), rate);
        if (rate.shape().rank() != 0 || rate.dtype() != DType.F64) {
            throw new IllegalArgumentException("optimizer: the schedule " + schedule + " gives the rate "
                    + rate.describe() + "; a rate is one number, () f64, as its step is");
        }
        return rate;
    }
}
