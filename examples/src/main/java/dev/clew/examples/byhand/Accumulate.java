package dev.clew.examples.byhand;

/**
 * Products that are added to what is already there.
 *
 * <p>A weight used at every step collects one term per step, so {@code +=} is the natural assignment of
 * backpropagation. All loops run along rows, the direction in which Java arrays are contiguous.
 */
public final class Accumulate {
    private Accumulate() {}

    /**
     * {@code sum += M x}. Shapes: M (m, n), x (n), sum (m).
     *
     * <p>Four rows side by side: in one row alone, every addition would wait for the one before it.
     */
    public static void times(double[][] matrix, double[] x, double[] sum) {
        int i = 0;
        for (; i + 4 <= matrix.length; i += 4) {
            double[] row0 = matrix[i];
            double[] row1 = matrix[i + 1];
            double[] row2 = matrix[i + 2];
            double[] row3 = matrix[i + 3];
            double dot0 = 0;
            double dot1 = 0;
            double dot2 = 0;
            double dot3 = 0;
            for (int j = 0; j < x.length; j++) {
                dot0 += row0[j] * x[j];
                dot1 += row1[j] * x[j];
                dot2 += row2[j] * x[j];
                dot3 += row3[j] * x[j];
            }
            sum[i] += dot0;
            sum[i + 1] += dot1;
            sum[i + 2] += dot2;
            sum[i + 3] += dot3;
        }
        for (; i < matrix.length; i++) {
            double dot = 0;
            for (int j = 0; j < x.length; j++) {
                dot += matrix[i][j] * x[j];
            }
            sum[i] += dot;
        }
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
