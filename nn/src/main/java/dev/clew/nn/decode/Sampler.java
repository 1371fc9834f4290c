package dev.clew.nn.decode;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How the next token is drawn from logits: {@code Sampler.create().withTemperature(0.8).withTopK(40)}.
 *
 * <p>The temperature divides the logits. Below 1 it makes the probable more probable; towards 0 only the most probable is left, the first
 * of equal ones, and 0 means that. Then all but the k most probable tokens are left out, and then all that are not needed for the
 * most probable ones to have a share p of what remains (Holtzman et al.: The Curious Case of Neural Text Degeneration, 2020); one token at
 * least stays. Of equal tokens, those with the lower numbers stay.
 *
 * @param temperature 0 or more, and finite
 * @param topK 1 or more
 * @param topP above 0, at most 1
 */
public record Sampler(double temperature, OptionalInt topK, OptionalDouble topP) {
    private static final Sampler PLAIN = new Sampler(1, OptionalInt.empty(), OptionalDouble.empty());

    /** Checks the numbers. */
    public Sampler {
        Present.require("sampler", topK, topP);
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("sampler with temperature " + temperature
                    + ": it is finite, and 0 or more; 0 takes the most probable token");
        }
        if (topK.isPresent() && topK.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "sampler of the " + topK.getAsInt() + " most probable tokens: 1 or more must stay");
        }
        if (topP.isPresent() && !(topP.getAsDouble() > 0 && topP.getAsDouble() <= 1)) {
            throw new IllegalArgumentException("sampler of a share of " + topP.getAsDouble()
                    + ": it is above 0, where one token stays, and at most 1, where all do");
        }
    }

    /** By the probabilities of the model. */
    public static Sampler create() {
        return PLAIN;
    }

    /** The most probable token, the first of equal ones. */
    public static Sampler greedy() {
        return PLAIN.withTemperature(0);
    }

    /** With another temperature. */
    public Sampler withTemperature(double other) {
        return new Sampler(other, topK, topP);
    }

    /** Of the k most probable tokens. */
    public Sampler withTopK(int k) {
        return new Sampler(temperature, OptionalInt.of(k), topP);
    }

    /** Of the most probable tokens that have a share p together. */
    public Sampler withTopP(double p) {
        return new Sampler(temperature, topK, OptionalDouble.of(p));
    }

    /**
     * ln of the probabilities that tokens are drawn with; −∞ for those that never are. Shapes: (..., classes) → the same, f64.
     *
     * @throws IllegalArgumentException if a row has a NaN or ∞, or no logit above −∞
     */
    public NDArray logProbabilities(NDArray logits) {
        Present.require("logProbabilities", logits);
        if (logits.shape().rank() == 0) {
            throw new IllegalArgumentException("logProbabilities of logits (): they are (..., classes)");
        }
        int classes = logits.shape().length(-1);
        double[] all = new double[logits.shape().elements()];
        for (int row = 0; row < logits.shape().without(-1).elements(); row++) {
            double[] numbers = new double[classes];
            logits.load(numbers, row * classes, classes);
            cool(numbers, Rows.largest("logProbabilities", logits, row, numbers));
            leaveOut(logits, row, numbers);
            Rows.normalize("logProbabilities", logits, row, numbers);
            System.arraycopy(numbers, 0, all, row * classes, classes);
        }
        return NDArray.of(logits.shape(), all);
    }

    /**
     * Tokens. Shapes: logits (..., classes) → (...) i32.
     *
     * @throws IllegalArgumentException if a row has a NaN or ∞, or no logit above −∞
     */
    public NDArray draw(NDArray logits, RandomKey key) {
        Present.require("draw", logits, key);
        return key.categorical(logProbabilities(logits));
    }

    /** Distances to the largest are divided, so that nothing overflows upwards. */
    private void cool(double[] numbers, double largest) {
        boolean isFound = false;
        for (int i = 0; i < numbers.length; i++) {
            boolean isLargest = numbers[i] == largest;
            if (temperature == 0) {
                numbers[i] = isLargest && !isFound ? 0 : Double.NEGATIVE_INFINITY;
                isFound |= isLargest;
            } else {
                numbers[i] = isLargest ? 0 : (numbers[i] - largest) / temperature;
            }
        }
    }

    private void leaveOut(NDArray logits, int row, double[] numbers) {
        if (topK.isEmpty() && topP.isEmpty()) {
            return;
        }
        int[] order = IntStream.range(0, numbers.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -numbers[i]))
                .mapToInt(i -> i)
                .toArray();
        int kept = Math.min(topK.orElse(numbers.length), numbers.length);
        fill(numbers, order, kept);
        if (topP.isPresent()) {
            double[] shares = numbers.clone();
            Rows.normalize("logProbabilities", logits, row, shares);
            double sum = 0;
            int needed = 0;
            while (needed < kept && sum < topP.getAsDouble()) {
                sum += Math.exp(shares[order[needed++]]);
            }
            fill(numbers, order, needed);
        }
    }

    private static void fill(double[] numbers, int[] order, int from) {
        Arrays.stream(order, from, order.length).forEach(i -> numbers[i] = Double.NEGATIVE_INFINITY);
    }
}
