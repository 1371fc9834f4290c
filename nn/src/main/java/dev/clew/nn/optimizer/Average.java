package dev.clew.nn.optimizer;

/** A mean of the parameters of many steps, which an optimizer keeps beside them: {@link Tunable#withAverage}, {@link Optimizer#averaged}. */
public sealed interface Average {
    /**
     * The moving average a ← decay·a + (1 − decay)·p after every step, which begins with the p after the first step: with the numbers of PyTorch's {@code
     * get_ema_avg_fn}.
     *
     * @throws IllegalArgumentException if the decay is not from 0 to below 1
     */
    static Average moving(double decay) {
        return new Moving(decay);
    }

    /**
     * The plain mean of p after the steps {@code from}, {@code from + every}, {@code from + 2·every}, ..., counted from 1 (stochastic weight averaging; Izmailov et
     * al., 2018, arXiv 1803.05407).
     *
     * @throws IllegalArgumentException if a number is less than 1
     */
    static Average stochastic(long from, long every) {
        return new Stochastic(from, every);
    }

    /** What was long ago fades. */
    record Moving(double decay) implements Average {
        /**
         * Checked.
         *
         * @throws IllegalArgumentException if the decay is not from 0 to below 1
         */
        public Moving {
            Settings.requireWeight("moving average", "decay", decay);
        }
    }

    /** All count alike. */
    record Stochastic(long from, long every) implements Average {
        /**
         * Checked.
         *
         * @throws IllegalArgumentException if a number is less than 1
         */
        public Stochastic {
            Settings.requireAtLeast(1, "stochastic average", "from", from);
            Settings.requireAtLeast(1, "stochastic average", "every", every);
        }
    }
}
