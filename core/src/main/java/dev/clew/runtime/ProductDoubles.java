package dev.clew.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A few rows of a plain f64 product. Memory is read and written in bulk only: access to single elements of a segment is slow until
 * the compiler has seen it. Rows of c are arrays of their own, so that the inner loop runs from 0 in both arrays, which is what the
 * compiler vectorizes.
 */
record ProductDoubles(Product.Spec spec, MemorySegment memory, int rows, int columns) {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    void run(long a, long b, long c) {
        double[][] sums = new double[rows][columns];
        long rowBytes = spec.strideC() * (long) Double.BYTES;
        if (spec.accumulate()) {
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(memory, DOUBLE, c + i * rowBytes, sums[i], 0, columns);
            }
        }
        add(
                spec.transposeA() ? copy(a, spec.strideA(), spec.k(), rows) : copy(a, spec.strideA(), rows, spec.k()),
                b,
                sums);
        for (int i = 0; i < rows; i++) {
            MemorySegment.copy(sums[i], 0, memory, DOUBLE, c + i * rowBytes, columns);
        }
    }

    private void add(double[] left, long b, double[][] sums) {
        int k = spec.k();
        double[] right = new double[columns];
        double[] transposed = spec.transposeB() ? copy(b, spec.strideB(), columns, k) : right;
        for (int p = 0; p < k; p++) {
            if (spec.transposeB()) {
                for (int j = 0; j < columns; j++) {
                    right[j] = transposed[j * k + p];
                }
            } else {
                MemorySegment.copy(memory, DOUBLE, b + p * (spec.strideB() * (long) Double.BYTES), right, 0, columns);
            }
            for (int i = 0; i < rows; i++) {
                add(left[spec.transposeA() ? p * rows + i : i * k + p], right, sums[i]);
            }
        }
    }

    private static void add(double factor, double[] right, double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = Math.fma(factor, right[j], sums[j]);
        }
    }

    private double[] copy(long from, int stride, int count, int length) {
        double[] numbers = new double[Math.multiplyExact(count, length)];
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(memory, DOUBLE, from + i * (stride * (long) Double.BYTES), numbers, i * length, length);
        }
        return numbers;
    }
}
