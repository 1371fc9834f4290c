package dev.clew.array;

import dev.clew.internal.array.Present;
import java.util.List;
import java.util.stream.LongStream;

/**
 * An explicit key for random numbers: the same key gives the same numbers on every machine.
 *
 * <p>There is no hidden state to advance. A key is spent by drawing one array from it; for another array, {@link #fold}
 * a number into it and draw from the new key.
 *
 * <p>The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011):
 * ten rounds that turn a 128-bit counter into 128 random bits under a 64-bit key.
 */
public record RandomKey(long bits) {
    private static final int DRAW = 0;
    private static final int FOLD = 1;

    /** The key of a seed. */
    public static RandomKey of(long seed) {
        return new RandomKey(seed);
    }

    /**
     * The key that {@link #words} gave.
     *
     * @throws IllegalArgumentException if these are not two integers
     */
    public static RandomKey of(NDArray words) {
        Present.single("key", words);
        if (words.dtype() != DType.I32 || !words.shape().equals(Shape.of(2))) {
            throw new IllegalArgumentException("key of an array " + words.shape() + " " + words.dtype()
                    + ": a key is two integers, (2) i32, as RandomKey.words() gives them");
        }
        return new RandomKey(((long) words.get(1) << 32) | ((long) words.get(0) & 0xFFFFFFFFL));
    }

    /** The key as two integers, (2) i32, the less significant first: what an input of a plan takes. */
    public NDArray words() {
        return NDArray.of(new int[] {(int) bits, (int) (bits >>> 32)});
    }

    /** A new key, unrelated to this one and to those of other numbers. */
    public RandomKey fold(long number) {
        int[] block = block((int) number, (int) (number >>> 32), 0, FOLD);
        return new RandomKey((block[0] & 0xFFFFFFFFL) | ((long) block[1] << 32));
    }

    /** Independent numbers, uniform on [low, high), computed as low + (high − low)·u with 53-bit u; rounding may reach high. */
    public NDArray uniform(double low, double high, DType dtype, Shape shape) {
        Present.single("uniform", dtype, shape);
        if (!(low <= high) || !Double.isFinite(high - low)) {
            throw new IllegalArgumentException("uniform " + shape + " from " + low + " to " + high
                    + ": it needs finite numbers, the smaller one first");
        }
        double[] numbers = new double[shape.elements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = low + (high - low) * unit(i);
        }
        return NDArray.of(shape, numbers).cast(dtype);
    }

    /** Independent numbers of the normal distribution (Box and Muller, 1958). */
    public NDArray normal(double mean, double standardDeviation, DType dtype, Shape shape) {
        Present.single("normal", dtype, shape);
        if (!(standardDeviation >= 0) || !Double.isFinite(mean + standardDeviation)) {
            throw new IllegalArgumentException("normal " + shape + " with mean " + mean + " and standard deviation "
                    + standardDeviation + ": they must be finite, and the second 0 or more");
        }
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("normal " + shape + " " + dtype
                    + ": these are floating-point numbers; draw f64 and cast it if whole ones are meant");
        }
        double[] numbers = new double[shape.elements()];
        for (int i = 0; i < numbers.length; i++) {
            double radius = Math.sqrt(-2 * StrictMath.log(1 - unit(2L * i)));
            numbers[i] = mean + standardDeviation * (radius * StrictMath.cos(2 * Math.PI * unit(2L * i + 1)));
        }
        return NDArray.of(shape, numbers).cast(dtype);
    }

    /** Independent truth values, each true with the same probability. */
    public NDArray bernoulli(double probability, Shape shape) {
        Present.single("bernoulli", shape);
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(
                    "bernoulli " + shape + " with probability " + probability + ": it goes from 0 to 1");
        }
        return NDArray.build(DType.BOOL, shape, (block, from, count) -> {
            for (int i = 0; i < count; i++) {
                block[i] = unit(from + i) < probability ? 1 : 0;
            }
        });
    }

    /**
     * Independent classes, i32, each with a probability proportional to e to the power of its logit: where a uniform number
     * falls among the running sums. A class of logit −∞ is never drawn.
     *
     * <p>Shapes: (..., classes) → (...).
     *
     * @throws IllegalArgumentException if a row has a NaN or ∞, or no logit above −∞
     */
    public NDArray categorical(NDArray logits) {
        Present.single("categorical", logits);
        if (logits.shape().rank() == 0) {
            throw new IllegalArgumentException(
                    "categorical of logits (): they have no axis of classes; their shape must be (..., classes)");
        }
        int classes = logits.shape().length(-1);
        Shape rows = logits.shape().without(-1);
        int[] drawn = new int[rows.elements()];
        double[] weights = new double[classes];
        for (int row = 0; row < drawn.length; row++) {
            logits.load(weights, row * classes, classes);
            drawn[row] = draw(weights, row, logits.shape());
        }
        return NDArray.of(rows, drawn);
    }

    private int draw(double[] weights, int row, Shape shape) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : weights) {
            largest = Math.max(largest, logit);
        }
        if (!Double.isFinite(largest)) {
            throw new IllegalArgumentException("categorical of logits " + shape + ": the largest in row " + row + " is "
                    + largest + "; a row needs one that is finite, and none that is NaN or Infinity");
        }
        double total = 0;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            double weight = StrictMath.exp(weights[i] - largest);
            last = weight > 0 ? i : last;
            total += weight;
            weights[i] = total;
        }
        double at = unit(row) * total;
        for (int i = 0; i < last; i++) {
            if (weights[i] > at) {
                return i;
            }
        }
        return last;
    }

    /** The numbers 0 to count − 1, i32, in random order (Fisher and Yates; every order is as likely as any other, to 2⁻³²). */
    public NDArray permutation(int count) {
        requireCount("permutation", count);
        int[] order = new int[Shape.of(count).elements()];
        for (int i = 0; i < count; i++) {
            int other = (int) Math.unsignedMultiplyHigh(random(i), i + 1L);
            order[i] = order[other];
            order[other] = i;
        }
        return NDArray.of(order);
    }

    /** Independent keys: those of {@code fold(0)} to {@code fold(count - 1)}. */
    public List<RandomKey> split(int count) {
        requireCount("split", count);
        return LongStream.range(0, count).mapToObj(this::fold).toList();
    }

    private static void requireCount(String asked, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(asked + "(" + count + ") of a key: the count must be 0 or more");
        }
    }

    /** The number at a position of this key's sequence, in [0, 1). */
    private double unit(long position) {
        return (random(position) >>> 11) * 0x1.0p-53;
    }

    private long random(long position) {
        long pair = position >>> 1;
        int[] block = block((int) pair, (int) (pair >>> 32), 0, DRAW);
        int half = (int) (position & 1) * 2;
        return ((long) block[half + 1] << 32) | (block[half] & 0xFFFFFFFFL);
    }

    /** Philox4x32-10 of a counter, least significant word first. */
    int[] block(int c0, int c1, int c2, int c3) {
        int k0 = (int) bits;
        int k1 = (int) (bits >>> 32);
        int[] c = {c0, c1, c2, c3};
        for (int round = 0; round < 10; round++) {
            long left = 0xD2511F53L * (c[0] & 0xFFFFFFFFL);
            long right = 0xCD9E8D57L * (c[2] & 0xFFFFFFFFL);
            c[0] = (int) (right >>> 32) ^ c[1] ^ k0;
            c[1] = (int) right;
            c[2] = (int) (left >>> 32) ^ c[3] ^ k1;
            c[3] = (int) left;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return c;
    }
}
