package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Where sample numbers come from. A seed gives the same sample every time. */
enum Samples {
    ANYWHERE,
    /** From 0.5 to 2.5, for logarithms and roots. */
    POSITIVE,
    /** From 0.5 to 2.5 on either side, where a kink or a pole at 0 is out of the reach of a difference quotient. */
    AWAY_FROM_ZERO,
    /** From −0.8 to 0.8, for arcs and for tangents away from their poles. */
    WITHIN_ONE,
    /** No two nearer than 0.1, in random order, for a largest element without near-ties. */
    DISTINCT,
    /** At least 0.2 from a number halfway between integers, for rounding. */
    WITHIN_HALVES,
    /** At least 0.2 from an integer, for truncation. */
    BETWEEN_INTEGERS;

    NDArray draw(long seed, int... lengths) {
        Shape shape = Shape.of(lengths);
        SplittableRandom random = new SplittableRandom(seed);
        double[] numbers = new double[shape.elements()];
        Arrays.setAll(numbers, i -> one(random, i));
        if (this == DISTINCT) {
            shuffle(numbers, random);
        }
        return NDArray.of(shape, numbers);
    }

    private double one(SplittableRandom random, int i) {
        double side = random.nextBoolean() ? 1 : -1;
        return switch (this) {
            case ANYWHERE -> random.nextDouble(-2, 2);
            case POSITIVE -> random.nextDouble(0.5, 2.5);
            case AWAY_FROM_ZERO -> side * random.nextDouble(0.5, 2.5);
            case WITHIN_ONE -> random.nextDouble(-0.8, 0.8);
            case DISTINCT -> 0.2 * i - 1 + random.nextDouble(0, 0.1);
            case WITHIN_HALVES -> random.nextInt(-3, 4) + random.nextDouble(-0.3, 0.3);
            case BETWEEN_INTEGERS -> random.nextInt(-3, 3) + random.nextDouble(0.2, 0.8);
        };
    }

    private static void shuffle(double[] numbers, SplittableRandom random) {
        for (int i = numbers.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            double kept = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = kept;
        }
    }
}
