package dev.clew.internal.runtime.product;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The plain f64 product. Memory is read and written in bulk only: access to single elements of a segment is slow until the compiler has
 * seen it. Rows of c are arrays of their own, so that the inner loop runs from 0 in both arrays, which is what the compiler vectorizes.
 */
final class ProductDoubles implements ProductRows {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    /** How many columns are turned into rows at a time, and a distance that keeps them apart in the cache. */
    private static final int TURN = 16;

    private final Product.Spec spec;
    private final MemorySegment memory;
    private final int columns;

    /** The rows of the right operand if it lies transposed; else nothing. */
    private final double[] turned;

    /** For so many columns of c, of which b is the first of the right operand. */
    ProductDoubles(Product.Spec spec, MemorySegment memory, int columns, long b) {
        this.spec = spec;
        this.memory = memory;
        this.columns = columns;
        this.turned = new double[spec.transposeB() ? Math.multiplyExact(spec.k(), columns) : 0];
        if (spec.transposeB()) {
            turn(b);
        }
    }

    private void turn(long b) {
        int k = spec.k();
        double[] some = new double[Math.multiplyExact(k + TURN, TURN)];
        for (int from = 0; from < columns; from += TURN) {
            int count = Math.min(TURN, columns - from);
            copy(b + from * bytes(spec.strideB()), spec.strideB(), count, k, some, k + TURN);
            for (int p = 0; p < k; p++) {
                for (int j = 0; j < count; j++) {
                    turned[p * columns + from + j] = some[j * (k + TURN) + p];
                }
            }
        }
    }

    @Override
    public void run(int rows, long a, long b, long c) {
        long rowBytes = bytes(spec.strideC());
        double[] left = new double[Math.multiplyExact(rows, spec.k())];
        if (spec.transposeA()) {
            copy(a, spec.strideA(), spec.k(), rows, left, rows);
        } else {
            copy(a, spec.strideA(), rows, spec.k(), left, spec.k());
        }
        double[][] sums = new double[rows][columns];
        if (spec.start() != Product.Start.NOTHING) {
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(memory, DOUBLE, c + i * rowBytes, sums[i], 0, columns);
            }
        }
        blocks(left, b, sums);
        for (int i = 0; i < rows; i++) {
            MemorySegment.copy(sums[i], 0, memory, DOUBLE, c + i * rowBytes, columns);
        }
    }

    /** Adds block after block; the first is put there as it is if there is no sum: 0 + −0 would not be −0. */
    private void blocks(double[] left, long b, double[][] sums) {
        ProductBlocks blocks = new ProductBlocks(spec.k());
        for (int block = 0; block < blocks.count(); block++) {
            boolean adds = spec.before(block) == Product.Start.SUM;
            double[][] own = adds ? new double[sums.length][columns] : sums;
            add(left, b, blocks.start(block), blocks.start(block) + blocks.length(block), own);
            for (int i = 0; adds && i < sums.length; i++) {
                add(own[i], sums[i]);
            }
        }
    }

    private static void add(double[] terms, double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += terms[j];
        }
    }

    private void add(double[] left, long b, int from, int to, double[][] sums) {
        int k = spec.k();
        double[] right = new double[columns];
        for (int p = from; p < to; p++) {
            if (spec.transposeB()) {
                System.arraycopy(turned, p * columns, right, 0, columns);
            } else {
                MemorySegment.copy(memory, DOUBLE, b + p * bytes(spec.strideB()), right, 0, columns);
            }
            for (int i = 0; i < sums.length; i++) {
                add(left[spec.transposeA() ? p * sums.length + i : i * k + p], right, sums[i]);
            }
        }
    }

    private static void add(double factor, double[] right, double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] = Math.fma(factor, right[j], sums[j]);
        }
    }

    private void copy(long from, int stride, int count, int length, double[] to, int toStride) {
        // An operand without elements has no memory, not even to take nothing from.
        for (int i = 0; length > 0 && i < count; i++) {
            MemorySegment.copy(memory, DOUBLE, from + i * bytes(stride), to, i * toStride, length);
        }
    }

    private static long bytes(int elements) {
        return elements * (long) Double.BYTES;
    }
}
