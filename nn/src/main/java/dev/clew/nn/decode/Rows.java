package dev.clew.nn.decode;

import dev.clew.array.NDArray;

/** Rows of logits as logarithms of probabilities. */
final class Rows {
    private Rows() {}

    /**
     * ln softmax of a row, in f64.
     *
     * @throws IllegalArgumentException if the row has a NaN or ∞, or no logit above −∞
     */
    static double[] logProbabilities(String asked, NDArray logits, int row) {
        int classes = logits.shape().length(-1);
        double[] numbers = new double[classes];
        logits.load(numbers, row * classes, classes);
        normalize(asked, logits, row, numbers);
        return numbers;
    }

    /** The same in place, for numbers that are a row of these logits, or were. */
    static void normalize(String asked, NDArray logits, int row, double[] numbers) {
        double largest = largest(asked, logits, row, numbers);
        double sum = 0;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] -= largest;
            sum += Math.exp(numbers[i]);
        }
        double log = Math.log(sum);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] -= log;
        }
    }

    static double largest(String asked, NDArray logits, int row, double[] numbers) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double number : numbers) {
            largest = Math.max(largest, number);
        }
        if (!Double.isFinite(largest)) {
            throw new IllegalArgumentException(asked + ": the largest of the logits " + logits.shape() + " in row "
                    + row + " is " + largest + "; a row needs one that is finite, and none that is NaN or Infinity");
        }
        return largest;
    }
}
