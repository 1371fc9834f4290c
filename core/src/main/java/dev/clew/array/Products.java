package dev.clew.array;

/**
 * The plain matrix product, every element summed over k in ascending order. The inner loop runs along the rows of the right
 * operand; where those do not lie together but its columns do (a transpose), along its columns, four at a time.
 */
final class Products {
    /** Up to this many rows on the left, reading a transposed right operand as it lies is cheaper than copying it. */
    private static final int FEW_ROWS = 8;

    private Products() {}

    /** Whether the right operand can be read as it lies. */
    static boolean takesInPlace(int m, int[] rightStrides) {
        int last = rightStrides.length - 1;
        return rightStrides[last] == 1 || (rightStrides[last - 1] == 1 && m <= FEW_ROWS);
    }

    /** Sizes and strides of c(m, n) = a(m, k) · b(k, n), with c row-major. */
    record Walk(int m, int k, int n, int aRow, int aColumn, int bRow, int bColumn) {

        void multiply(Object a, int aStart, Object b, int bStart, Object c, int cStart) {
            for (int i = 0; i < m; i++) {
                int from = aStart + i * aRow;
                if (a instanceof double[] numbers) {
                    if (bColumn == 1) {
                        rows(numbers, from, (double[]) b, bStart, (double[]) c, cStart + i * n);
                    } else {
                        columns(numbers, from, (double[]) b, bStart, (double[]) c, cStart + i * n);
                    }
                } else if (bColumn == 1) {
                    rows((float[]) a, from, (float[]) b, bStart, (float[]) c, cStart + i * n);
                } else {
                    columns((float[]) a, from, (float[]) b, bStart, (float[]) c, cStart + i * n);
                }
            }
        }

        private void rows(double[] a, int aStart, double[] b, int bStart, double[] c, int cStart) {
            for (int p = 0; p < k; p++) {
                axpy(a[aStart + p * aColumn], b, bStart + p * bRow, c, cStart, n);
            }
        }

        private void rows(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart) {
            for (int p = 0; p < k; p++) {
                axpy(a[aStart + p * aColumn], b, bStart + p * bRow, c, cStart, n);
            }
        }

        private void columns(double[] a, int aStart, double[] b, int bStart, double[] c, int cStart) {
            int j = 0;
            for (; j + 4 <= n; j += 4) {
                double c0 = 0;
                double c1 = 0;
                double c2 = 0;
                double c3 = 0;
                int at = bStart + j * bColumn;
                for (int p = 0; p < k; p++) {
                    double factor = a[aStart + p * aColumn];
                    c0 = Math.fma(factor, b[at + p * bRow], c0);
                    c1 = Math.fma(factor, b[at + bColumn + p * bRow], c1);
                    c2 = Math.fma(factor, b[at + 2 * bColumn + p * bRow], c2);
                    c3 = Math.fma(factor, b[at + 3 * bColumn + p * bRow], c3);
                }
                c[cStart + j] = c0;
                c[cStart + j + 1] = c1;
                c[cStart + j + 2] = c2;
                c[cStart + j + 3] = c3;
            }
            for (; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[aStart + p * aColumn], b[bStart + p * bRow + j * bColumn], sum);
                }
                c[cStart + j] = sum;
            }
        }

        private void columns(float[] a, int aStart, float[] b, int bStart, float[] c, int cStart) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[aStart + p * aColumn], b[bStart + p * bRow + j * bColumn], sum);
                }
                c[cStart + j] = sum;
            }
        }
    }

    private static void axpy(double factor, double[] b, int bStart, double[] c, int cStart, int n) {
        for (int j = 0; j < n; j++) {
            c[cStart + j] = Math.fma(factor, b[bStart + j], c[cStart + j]);
        }
    }

    private static void axpy(float factor, float[] b, int bStart, float[] c, int cStart, int n) {
        for (int j = 0; j < n; j++) {
            c[cStart + j] = Math.fma(factor, b[bStart + j], c[cStart + j]);
        }
    }
}
