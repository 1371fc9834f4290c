package dev.clew.io;

import dev.clew.array.NDArray;
import dev.clew.internal.protobuf.MessageWriter;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;

/**
 * How many numbers of an array lie where, as TensorFlow's {@code HistogramProto} has it.
 *
 * <p>Between 2⁻⁶⁴ and 2⁶⁴ every power of two is divided into eight equal parts, on both sides of zero; what is nearer to zero is in one
 * bucket, and what is farther from it in the outermost two. So a bucket is at most an eighth as wide as where it begins is far from zero,
 * much as TensorFlow's, which grow by ten percent; histograms of different steps have the same limits, which are exact in 32 bits too; and
 * the bucket of a number is read off its bits. A limit belongs to the bucket that is farther from zero.
 */
final class Histogram {
    /** Mantissa bits that are not looked at: all but three, which are the eight parts. */
    private static final int UNSEEN = 49;

    private static final int EXPONENT = 64;
    private static final int BLOCK = 1024;

    /** The bits of 2⁻⁶⁴ without the unseen ones: where the first limit is. */
    private static final long FIRST = Double.doubleToRawLongBits(0x1p-64) >>> UNSEEN;

    /** How many buckets on each side have two limits. */
    private static final int SIDE = 2 * EXPONENT * 8;

    /** The bucket around zero. */
    private static final int MIDDLE = SIDE + 1;

    private static final int FARTHEST = 2 * MIDDLE;

    private final long[] counts = new long[FARTHEST + 1];
    private final int number;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private double sum;
    private double squares;

    /** @param asked how the error begins if a number is not finite */
    private Histogram(String asked, NDArray array) {
        number = array.shape().elements();
        double[] block = new double[Math.min(BLOCK, number)];
        for (int from = 0; from < number; from += block.length) {
            int count = Math.min(block.length, number - from);
            array.load(block, from, count);
            for (int i = 0; i < count; i++) {
                if (!Double.isFinite(block[i])) {
                    throw new IllegalArgumentException(asked + ", " + array.dtype() + " " + array.shape() + ": element "
                            + (from + i) + " is " + block[i]
                            + ", and buckets hold finite numbers; leave it out, or look for what made it");
                }
            }
            add(block, count);
        }
    }

    /**
     * Of the numbers of an array; truth values are 0 and 1.
     *
     * @param asked how the error begins
     * @throws IllegalArgumentException if one is not finite
     */
    static Histogram of(String asked, NDArray array) {
        return new Histogram(asked, array);
    }

    private void add(double[] block, int count) {
        double blockSum = 0;
        double blockSquares = 0;
        for (int i = 0; i < count; i++) {
            double each = block[i];
            least = Math.min(least, each);
            most = Math.max(most, each);
            blockSum += each;
            blockSquares += each * each;
            counts[bucket(each)]++;
        }
        sum += blockSum;
        squares += blockSquares;
    }

    private static int bucket(double number) {
        long beyond = (Double.doubleToRawLongBits(Math.abs(number)) >>> UNSEEN) - FIRST;
        int away = beyond < 0 ? 0 : (int) Math.min(beyond, SIDE) + 1;
        return number < 0 ? MIDDLE - away : MIDDLE + away;
    }

    /** Its end on the right. */
    private static double limit(int bucket) {
        if (bucket == FARTHEST) {
            return Double.MAX_VALUE;
        }
        return bucket >= MIDDLE ? edge(bucket - MIDDLE) : -edge(MIDDLE - bucket - 1);
    }

    private static double edge(int at) {
        return Double.longBitsToDouble((FIRST + at) << UNSEEN);
    }

    /**
     * From the first bucket that is not empty to the last, where a run of empty ones is one. The first begins at the least number and
     * the last ends at the largest: so TensorBoard reads them, and so an empty bucket before the first would end before it begins. An
     * empty array has one empty bucket, from 0 to 0.
     */
    MessageWriter message() {
        DoubleArrayList limits = new DoubleArrayList();
        DoubleArrayList buckets = new DoubleArrayList();
        long seen = 0;
        for (int i = 0; seen < number; i++) {
            boolean isWithinEmptyOnes = counts[i] == 0 && (seen == 0 || counts[i + 1] == 0);
            if (!isWithinEmptyOnes) {
                limits.add(limit(i));
                buckets.add((double) counts[i]);
            }
            seen += counts[i];
        }
        if (number == 0) {
            limits.add(0);
            buckets.add(0);
        }
        return new MessageWriter()
                .real(1, number == 0 ? 0.0 : least)
                .real(2, number == 0 ? 0.0 : most)
                .real(3, (double) number)
                .real(4, sum)
                .real(5, squares)
                .reals(6, limits.toDoubleArray())
                .reals(7, buckets.toDoubleArray());
    }
}
