package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;

/** Moves whose size is that of gradients relative to earlier ones: what Adam, RMSProp, Adagrad and Lion are made of. */
public sealed interface Scale extends Transform {
    /** Adam's with its usual numbers: β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    static AdamScale adam() {
        return new AdamScale(0.9, 0.999, 1e-8, false);
    }

    /** RMSProp's with its usual numbers: α = 0.99, ε = 1e-8. */
    static RmsScale rmsProp() {
        return new RmsScale(0.99, 1e-8, false);
    }

    /** Adagrad's with its usual numbers: ε = 1e-10, no decay. */
    static AdagradScale adagrad() {
        return new AdagradScale(0, 0, 1e-10);
    }

    /** Lion's with its usual numbers: β₁ = 0.9, β₂ = 0.99. */
    static LionScale lion() {
        return new LionScale(0.9, 0.99);
    }

    /**
     * The mean of gradients by the root of the mean of their squares: see {@link Adam}.
     *
     * @param first β₁, the weight of the past in the mean of g
     * @param second β₂, that in the mean of g²
     * @param epsilon ε, added to the root
     * @param isMaximal whether the largest mean of g² so far stands for it (AMSGrad; Reddi, Kale, Kumar, 2018)
     */
    record AdamScale(double first, double second, double epsilon, boolean isMaximal) implements Scale {
        /**
         * Checked.
         *
         * @throws IllegalArgumentException if a β is not from 0 to below 1, or ε negative or not finite
         */
        public AdamScale {
            Settings.requireWeight("Adam", "β", first);
            Settings.requireWeight("Adam", "β", second);
            Settings.requireNotNegative("Adam", "ε", epsilon);
        }

        /** The same with other weights of the past. */
        public AdamScale withBetas(double first, double second) {
            return new AdamScale(first, second, epsilon, isMaximal);
        }

        /** The same with another ε. */
        public AdamScale withEpsilon(double epsilon) {
            return new AdamScale(first, second, epsilon, isMaximal);
        }

        /** The same with the largest mean of squares so far. */
        public AdamScale withMaximum() {
            return new AdamScale(first, second, epsilon, true);
        }

        @Override
        public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
            Present.require("Adam", slopes, state);
            Parameter before = state.number("adam.steps");
            Tensor steps = before.plus(1);
            state.next(before, steps);
            // In f64, since β₂ᵗ is near 1.
            Tensor ofFirst = share(first, steps);
            Tensor ofSecond = share(second, steps).sqrt();
            ImmutableMap.Builder<Parameter, Tensor> moves = ImmutableMap.builder();
            slopes.forEach((parameter, slope) -> {
                DType type = parameter.dtype();
                Tensor mean = mean(state, parameter, "adam.m", first, slope);
                Tensor square = mean(state, parameter, "adam.v", second, slope.square());
                Tensor size = maximal(state, parameter, square)
                        .sqrt()
                        .div(ofSecond.cast(type))
                        .plus(epsilon);
                moves.put(parameter, mean.div(ofFirst.cast(type)).div(size));
            });
            return moves.buildOrThrow();
        }

        private Tensor maximal(State state, Parameter parameter, Tensor square) {
            if (!isMaximal) {
                return square;
            }
            Parameter before = state.like(parameter, "adam.most");
            Tensor most = before.maximum(square);
            state.next(before, most);
            return most;
        }

        /** 1 − βᵗ: what the weights of t terms add up to. */
        private static Tensor share(double beta, Tensor steps) {
            return Tensor.of(beta).pow(steps).negate().plus(1);
        }

        @Override
        public String toString() {
            return "Adam's scale with β " + first + ", " + second + (isMaximal ? ", of the largest squares" : "");
        }
    }

    /**
     * Gradients by the root of the mean of their squares: see {@link RmsProp}.
     *
     * @param past α, the weight of the past in the mean
     * @param epsilon ε, added to the root
     * @param isCentered whether it is the root of the variance
     */
    record RmsScale(double past, double epsilon, boolean isCentered) implements Scale {
        /**
         * Checked.
         *
         * @throws IllegalArgumentException if α is not from 0 to below 1, or ε negative or not finite
         */
        public RmsScale {
            Settings.requireWeight("RMSProp", "α", past);
            Settings.requireNotNegative("RMSProp", "ε", epsilon);
        }

        @Override
        public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
            Present.require("RMSProp", slopes, state);
            ImmutableMap.Builder<Parameter, Tensor> moves = ImmutableMap.builder();
            slopes.forEach((parameter, slope) -> {
                Tensor square = mean(state, parameter, "rms.square", past, slope.square());
                if (isCentered) {
                    Tensor mean = mean(state, parameter, "rms.mean", past, slope);
                    square = square.minus(mean.square()).maximum(0); // Rounding must not make it negative.
                }
                moves.put(parameter, slope.div(square.sqrt().plus(epsilon)));
            });
            return moves.buildOrThrow();
        }

        @Override
        public String toString() {
            return "RMSProp's scale with α " + past + (isCentered ? ", centered" : "");
        }
    }

    /**
     * Gradients by the root of the sum of their squares: see {@link Adagrad}.
     *
     * @param decay how much smaller moves become with every step: by 1/(1 + t·decay), t steps before
     * @param initial where the sum begins
     * @param epsilon ε, added to the root
     */
    record AdagradScale(double decay, double initial, double epsilon) implements Scale {
        /**
         * Checked.
         *
         * @throws IllegalArgumentException if a number is negative or not finite
         */
        public AdagradScale {
            Settings.requireNotNegative("Adagrad", "decay", decay);
            Settings.requireNotNegative("Adagrad", "initial sum", initial);
            Settings.requireNotNegative("Adagrad", "ε", epsilon);
        }

        @Override
        public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
            Present.require("Adagrad", slopes, state);
            ImmutableMap.Builder<Parameter, Tensor> moves = ImmutableMap.builder();
            Tensor factor = decay == 0 ? Tensor.of(1.0) : factor(state);
            slopes.forEach((parameter, slope) -> {
                Parameter before = state.like(parameter, "adagrad.sum");
                Tensor sum = before.plus(slope.square());
                state.next(before, sum);
                Tensor move = slope.div(sum.plus(initial).sqrt().plus(epsilon));
                moves.put(parameter, decay == 0 ? move : move.times(factor.cast(parameter.dtype())));
            });
            return moves.buildOrThrow();
        }

        private Tensor factor(State state) {
            Parameter steps = state.number("adagrad.steps");
            state.next(steps, steps.plus(1));
            return steps.times(decay).plus(1).reciprocal();
        }

        @Override
        public String toString() {
            return "Adagrad's scale" + (decay == 0 ? "" : " with the decay " + decay);
        }
    }

    /**
     * The sign of a mean of gradients: see {@link Lion}.
     *
     * @param first β₁, the weight of the past in the mean whose sign it is
     * @param second β₂, that in the mean that is kept
     */
    record LionScale(double first, double second) implements Scale {
        /**
         * Checked.
         *
         * @throws IllegalArgumentException if a β is not from 0 to below 1
         */
        public LionScale {
            Settings.requireWeight("Lion", "β", first);
            Settings.requireWeight("Lion", "β", second);
        }

        @Override
        public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
            Present.require("Lion", slopes, state);
            ImmutableMap.Builder<Parameter, Tensor> moves = ImmutableMap.builder();
            slopes.forEach((parameter, slope) -> {
                Parameter before = state.like(parameter, "lion.m");
                moves.put(parameter, weighted(before, first, slope).sign());
                state.next(before, weighted(before, second, slope));
            });
            return moves.buildOrThrow();
        }

        @Override
        public String toString() {
            return "Lion's sign with β " + first + ", " + second;
        }
    }

    private static Tensor mean(State state, Parameter parameter, String name, double past, Tensor term) {
        Parameter before = state.like(parameter, name);
        Tensor mean = weighted(before, past, term);
        state.next(before, mean);
        return mean;
    }

    private static Tensor weighted(Tensor before, double past, Tensor term) {
        return before.times(past).plus(term.times(1 - past));
    }
}
