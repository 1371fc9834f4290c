package dev.clew.examples.byhand;

/**
 * Products that are added to what is already there.
 *
 * <p>A weight used at every step collects one term per step, so {@code +=} is the natural assignment of
 * backpropagation. All loops run along rows, the direction in which Java arrays are contiguous.
 */
public final class Accumulate {
    private Accumulate() {}

    /** {@code sum += M x}. Shapes: M (m, n), x (n), sum (m). */
    public static void times(double[][] matrix, double[] x, double[] sum) {
        for (int i = 0; i < matrix.length; i++) {
            sum[i] += dot(matrix[i], x);
        }
    }

    /** Four sums side by side: in one, every addition would wait for the one before it. */
    private static double dot(double[] x, double[] y) {
        int end = x.length - x.length % 4;
        double dot0 = 0;
        double dot1 = 0;
        double dot2 = 0;
        double dot3 = 0;
        for (int j = 0; j < end; j += 4) {
            dot0 += x[j] * y[j];
            dot1 += x[j + 1] * y[j + 1];
            dot2 += x[j + 2] * y[j + 2];
            dot3 += x[j + 3] * y[j + 3];
        }
        for (int j = end; j < x.length; j++) {
            dot0 += x[j] * y[j];
        }
        return (dot0 + dot1) + (dot2 + dot3);
    }

    /** {@code sum += Mᵀ x}, which for row vectors reads {@code sum += x M}. Shapes: M (m, n), x (m), sum (n). */
    public static void transposeTimes(double[][] matrix, double[] x, double[] sum) {
        for (int i = 0; i < matrix.length; i++) {
            add(x[i], matrix[i], sum);
        }
    }

    /** {@code sum += x yᵀ}. Shapes: x (m), y (n), sum (m, n). */
    public static void outer(double[] x, double[] y, double[][] sum) {
        for (int i = 0; i < sum.length; i++) {
            add(x[i], y, sum[i]);
        }
    }

    /** Adds x to one column, which is {@code sum += x yᵀ} for a one-hot y. Shapes: x (m), sum (m, n). */
    public static void column(double[] x, double[][] sum, int column) {
        for (int i = 0; i < x.length; i++) {
            sum[i][column] += x[i];
        }
    }

    /** {@code sum += scale·x}. Shapes: both (n). */
    public static void add(double scale, double[] x, double[] sum) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += scale * x[j];
        }
    }
}
