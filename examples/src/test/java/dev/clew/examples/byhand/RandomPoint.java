package dev.clew.examples.byhand;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Weights, sequences and states drawn uniformly from [-1, 1).
 *
 * <p>The recurrent weights alone are smaller, by the square root of their number of columns. A larger network of these
 * weights would be chaotic over tens of steps, and no finite difference says anything about a chaotic loss.
 */
final class RandomPoint {
    private final Random random;

    RandomPoint(Random random) {
        this.random = random;
    }

    double[] vector(int size) {
        return random.doubles(size, -1, 1).toArray();
    }

    double[][] matrix(int rows, int columns) {
        return IntStream.range(0, rows).mapToObj(i -> vector(columns)).toArray(double[][]::new);
    }

    private double[][] recurrent(int size) {
        double bound = 1 / Math.sqrt(size);
        return IntStream.range(0, size)
                .mapToObj(i -> random.doubles(size, -bound, bound).toArray())
                .toArray(double[][]::new);
    }

    int[] symbols(int steps, int symbols) {
        return random.ints(steps, 0, symbols).toArray();
    }

    CharacterRnnByHand.Weights characterRnn(int hidden, int symbols) {
        return new CharacterRnnByHand.Weights(
                matrix(hidden, symbols),
                recurrent(hidden),
                matrix(hidden, 1),
                matrix(symbols, hidden),
                matrix(symbols, 1));
    }

    SquaredErrorByHand.Weights squaredError(int hidden, int in, int out) {
        return new SquaredErrorByHand.Weights(
                matrix(hidden, in), recurrent(hidden), matrix(out, hidden), matrix(hidden, 1), matrix(out, 1));
    }

    MultiLabelByHand.Weights multiLabel(int hidden, int in, int out) {
        return new MultiLabelByHand.Weights(
                recurrent(hidden), matrix(in, hidden), matrix(hidden, out), matrix(1, hidden), matrix(1, out));
    }
}
