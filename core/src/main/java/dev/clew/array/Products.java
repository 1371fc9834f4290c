package dev.clew.array;

import dev.clew.internal.array.BlockSum;
import java.util.Arrays;

/**
 * The plain matrix product. k is cut into blocks of {@link BlockSum#BLOCK}; in a block every element is summed in ascending order, from
 * 0, and blocks are added in order. The inner loop runs along the rows of the right operand; where those do not lie together but its
 * columns do (a transpose), along its columns, four at a time.
 */
final class Products {
    /** Up to this many rows on the left, reading a transposed right operand as it lies is cheaper than copying it. */
    private static final int FEW_ROWS = 8;

    private Products() {}

    /** Whether the right operand can be read as it lies. */
    static boolean takesInPlace(int m, Layout right) {
        return right.stride(-1) == 1 || (right.stride(-2) == 1 && m <= FEW_ROWS);
    }

    /** Sizes and strides of c(m, n) = a(m, k) · b(k, n), with c row-major. */
    record Walk(int m, int k, int n, int aRow, int aColumn, int bRow, int bColumn) {

        void multiply(Object a, int aStart, Object b, int bStart, Object c, int cStart) {
            for (int i = 0; i < m; i++) {
                int from = aStart + i * aRow;
                if (a instanceof double[] numbers) {
                    row(numbers, from, (double[]) b, bStart, (double[]) c, cStart + i * n);
                } else {
                    row((float[]) a, from, (float[]) b, bStart, (float[]) c, cStart + i * n);
                }
            }
        }

        private void row(double[] a, int aStart, double[] b, int bStart, double[] c, int cStart) {
            double[] sums = new double[n];
            for (int from = 0; from < k; from += BlockSum.BLOCK) {
                int to = Math.min(k, from + BlockSum.BLOCK);
                if (bColumn == 1) {
                    Arrays.fill(sums, 0);
                    rows(a, aStart, b, bStart, from, to, sums);
                } else {
                    columns(a, aStart, b, bStart, from, to, sums);
                }
                for (int j = 0; j < n; j++) {
                    // The first as it is: 0 + −0 would not be −0.
                    c[cStart + j] = from == 0 ? sums[j] : c[cStart + j] + sums[j];
                }
            }
        }

        private void rows(double[] a, int aStart, double[] b, int bStart, int from, int to, double[] c) {
            for (int p = from; p < to; p++) {
                axpy(a[aStart + p * aColumn], b, bStart + p * bRow, c);
            }
        }

        private void row(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart) {
            float[] sums = new float[n];
            for (int from = 0; from < k; from += BlockSum.BLOCK) {
                int to = Math.min(k, from + BlockSum.BLOCK);
                if (bColumn == 1) {
                    Arrays.fill(sums, 0);
                    rows(a, aStart, b, bStart, from, to, sums);
                } else {
                    columns(a, aStart, b, bStart, from, to, sums);
                }
                for (int j = 0; j < n; j++) {
                    // The first as it is: 0 + −0 would not be −0.
                    c[cStart + j] = from == 0 ? sums[j] : c[cStart + j] + sums[j];
                }
            }
        }

        private void rows(float[] a, int aStart, float[] b, int bStart, int from, int to, float[] c) {
            for (int p = from; p < to; p++) {
                axpy(a[aStart + p * aColumn], b, bStart + p * bRow, c);
            }
        }

        private void columns(double[] a, int aStart, double[] b, int bStart, int from, int to, double[] c) {
            int j = 0;
            for (; j + 4 <= n; j += 4) {
                double c0 = 0;
                double c1 = 0;
                double c2 = 0;
                double c3 = 0;
                int at = bStart + j * bColumn;
                for (int p = from; p < to; p++) {
                    double factor = a[aStart + p * aColumn];
                    c0 = Math.fma(factor, b[at + p * bRow], c0);
                    c1 = Math.fma(factor, b[at + bColumn + p * bRow], c1);
                    c2 = Math.fma(factor, b[at + 2 * bColumn + p * bRow], c2);
                    c3 = Math.fma(factor, b[at + 3 * bColumn + p * bRow], c3);
                }
                c[j] = c0;
                c[j + 1] = c1;
                c[j + 2] = c2;
                c[j + 3] = c3;
            }
            for (; j < n; j++) {
                double sum = 0;
                for (int p = from; p < to; p++) {
                    sum = Math.fma(a[aStart + p * aColumn], b[bStart + p * bRow + j * bColumn], sum);
                }
                c[j] = sum;
            }
        }

        private void columns(float[] a, int aStart, float[] b, int bStart, int from, int to, float[] c) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int p = from; p < to; p++) {
                    sum = Math.fma(a[aStart + p * aColumn], b[bStart + p * bRow + j * bColumn], sum);
                }
                c[j] = sum;
            }
        }
    }

    private static void axpy(double factor, double[] b, int bStart, double[] c) {
        for (int j = 0; j < c.length; j++) {
            c[j] = Math.fma(factor, b[bStart + j], c[j]);
        }
    }

    private static void axpy(float factor, float[] b, int bStart, float[] c) {
        for (int j = 0; j < c.length; j++) {
            c[j] = Math.fma(factor, b[bStart + j], c[j]);
        }
    }
}
