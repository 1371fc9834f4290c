package dev.clew.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A few rows of a plain f32 product. Memory is read and written in bulk only: access to single elements of a segment is slow until
 * the compiler has seen it. Rows of c are arrays of their own, so that the inner loop runs from 0 in both arrays, which is what the
 * compiler vectorizes.
 */
record ProductFloats(Product.Spec spec, MemorySegment memory, int rows, int columns) {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    void run(long a, long b, long c) {
        float[][] sums = new float[rows][columns];
        long rowBytes = spec.strideC() * (long) Float.BYTES;
        if (spec.accumulate()) {
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(memory, FLOAT, c + i * rowBytes, sums[i], 0, columns);
            }
        }
        add(
                spec.transposeA() ? copy(a, spec.strideA(), spec.k(), rows) : copy(a, spec.strideA(), rows, spec.k()),
                b,
                sums);
        for (int i = 0; i < rows; i++) {
            MemorySegment.copy(sums[i], 0, memory, FLOAT, c + i * rowBytes, columns);
        }
    }

    private void add(float[] left, long b, float[][] sums) {
        int k = spec.k();
        float[] right = new float[columns];
        float[] transposed = spec.transposeB() ? copy(b, spec.strideB(), columns, k) : right;
        for (int p = 0; p < k; p++) {
            if (spec.transposeB()) {
                for (int j = 0; j < columns; j++) {
                    right[j] = transposed[j * k + p];
                }
            } else {
                MemorySegment.copy(memory, FLOAT, b + p * (spec.strideB() * (long) Float.BYTES), right, 0, columns);
            }
            for (int i = 0; i < rows; i++) {
                add(left[spec.transposeA() ? p * rows + i : i * k + p], right, sums[i]);
            }
        }
    }

    private static void add(float factor, float[] right, float[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = Math.fma(factor, right[j], sums[j]);
        }
    }

    private float[] copy(long from, int stride, int count, int length) {
        float[] numbers = new float[Math.multiplyExact(count, length)];
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(memory, FLOAT, from + i * (stride * (long) Float.BYTES), numbers, i * length, length);
        }
        return numbers;
    }
}
