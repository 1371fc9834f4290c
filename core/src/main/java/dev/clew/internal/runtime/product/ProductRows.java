package dev.clew.internal.runtime.product;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Some rows of a plain product. Memory is read and written in bulk only: access to single elements of a segment is slow until the
 * compiler has seen it. Rows of c are arrays of their own, so that the inner loop runs from 0 in both arrays.
 */
final class ProductRows {
    /** How many columns are turned into rows at a time, and a distance that keeps them apart in the cache. */
    private static final int TURN = 16;

    private final Product.Spec spec;
    private final ProductNumbers numbers;
    private final MemorySegment memory;
    private final int columns;

    /** The rows of the right operand if it lies transposed; else nothing. */
    private final Object turned;

    /** For so many columns of c, of which b is the first of the right operand. */
    ProductRows(Product.Spec spec, MemorySegment memory, int columns, long b) {
        this.spec = spec;
        this.numbers = ProductNumbers.of(spec.type());
        this.memory = memory;
        this.columns = columns;
        this.turned = numbers.row(spec.transposeB() ? Math.multiplyExact(spec.k(), columns) : 0);
        if (spec.transposeB()) {
            turn(b);
        }
    }

    private void turn(long b) {
        int k = spec.k();
        Object some = numbers.row(Math.multiplyExact(k + TURN, TURN));
        for (int from = 0; from < columns; from += TURN) {
            int count = Math.min(TURN, columns - from);
            copy(b + from * bytes(spec.strideB()), spec.strideB(), count, k, some, k + TURN);
            for (int j = 0; j < count; j++) {
                numbers.spread(some, j * (k + TURN), k, turned, from + j, columns);
            }
        }
    }

    /** Computes the rows of c that begin at c. Byte offsets into memory. */
    void run(int rows, long a, long b, long c) {
        long rowBytes = bytes(spec.strideC());
        Object left = numbers.row(Math.multiplyExact(rows, spec.k()));
        if (spec.transposeA()) {
            copy(a, spec.strideA(), spec.k(), rows, left, rows);
        } else {
            copy(a, spec.strideA(), rows, spec.k(), left, spec.k());
        }
        Object[] sums = rows(rows);
        if (spec.start() != Product.Start.NOTHING) {
            for (int i = 0; i < rows; i++) {
                numbers.load(memory, c + i * rowBytes, sums[i], 0, columns);
            }
        }
        blocks(left, b, sums);
        for (int i = 0; i < rows; i++) {
            numbers.store(sums[i], memory, c + i * rowBytes, columns);
        }
    }

    private Object[] rows(int count) {
        Object[] rows = new Object[count];
        Arrays.setAll(rows, _ -> numbers.row(columns));
        return rows;
    }

    /** Adds block after block; the first is put there as it is if there is no sum: 0 + −0 would not be −0. */
    private void blocks(Object left, long b, Object[] sums) {
        ProductBlocks blocks = new ProductBlocks(spec.k());
        for (int block = 0; block < blocks.count(); block++) {
            boolean adds = spec.before(block) == Product.Start.SUM;
            Object[] own = adds ? rows(sums.length) : sums;
            add(left, b, blocks.start(block), blocks.start(block) + blocks.length(block), own);
            for (int i = 0; adds && i < sums.length; i++) {
                numbers.add(own[i], sums[i]);
            }
        }
    }

    private void add(Object left, long b, int from, int to, Object[] sums) {
        int k = spec.k();
        Object right = numbers.row(columns);
        for (int p = from; p < to; p++) {
            if (spec.transposeB()) {
                System.arraycopy(turned, p * columns, right, 0, columns);
            } else {
                numbers.load(memory, b + p * bytes(spec.strideB()), right, 0, columns);
            }
            for (int i = 0; i < sums.length; i++) {
                numbers.addProducts(left, spec.transposeA() ? p * sums.length + i : i * k + p, right, sums[i]);
            }
        }
    }

    private void copy(long from, int stride, int count, int length, Object to, int toStride) {
        // An operand without elements has no memory, not even to take nothing from.
        for (int i = 0; length > 0 && i < count; i++) {
            numbers.load(memory, from + i * bytes(stride), to, i * toStride, length);
        }
    }

    private long bytes(int elements) {
        return elements * (long) spec.type().bytes();
    }
}
