package dev.clew.examples.byhand;

/**
 * A 64-bit linear congruential generator, so that two programs in any two languages can begin from the same weights.
 *
 * <p>{@code s ← s·6364136223846793005 + 1442695040888963407 (mod 2⁶⁴)}, and the value is the upper 53 bits of
 * {@code s} as a fraction (Knuth's MMIX constants). Reproducible, not random enough for anything else.
 */
public final class Lcg {
    private long state;

    /** The first value comes after one step from {@code seed}. */
    public Lcg(long seed) {
        state = seed;
    }

    /** The next value in [0, 1). */
    public double next() {
        state = state * 6364136223846793005L + 1442695040888963407L;
        return (state >>> 11) * 0x1.0p-53;
    }

    /** {@code low + (high − low)·next()}, rounded after each operation as written. */
    public double uniform(double low, double high) {
        return low + (high - low) * next();
    }

    /** A matrix of {@link #uniform} values, drawn row by row. Shapes: (rows, columns). */
    public double[][] matrix(int rows, int columns, double low, double high) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int j = 0; j < columns; j++) {
                row[j] = uniform(low, high);
            }
        }
        return matrix;
    }
}
