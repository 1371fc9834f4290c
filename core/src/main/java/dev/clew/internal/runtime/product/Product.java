package dev.clew.internal.runtime.product;

import dev.clew.array.DType;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.runtime.Divided;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A matrix product c = a·b, or c = c + a·b, of operands that lie in one native segment: immutable and thread-safe.
 *
 * <p>k is cut into blocks of {@link BlockSum#BLOCK}. In a block every element is {@code fma} over k ascending, from 0; blocks are added
 * in order. Form, tile, lanes and parts do not enter, so all of them give the same bits (but for which NaN a NaN is).
 *
 * <p>Shapes: a (m, k), b (k, n), c (m, n).
 */
public interface Product {
    /** What lies in c before, which decides how a·b comes on top of it. */
    enum Start {
        /** Nothing: the first block is put there, and the others are added to it. */
        NOTHING,
        /** A sum of blocks: all are added to it. */
        SUM,
        /** A block that has begun: a·b goes on with it, and does not go beyond, so that k is one block at most. */
        BLOCK
    }

    /**
     * What is multiplied, and how it lies. Element (i, p) of a lies at {@code i·strideA + p}, transposed at {@code p·strideA + i};
     * likewise b; c is never transposed. Strides are in elements.
     */
    record Spec(
            DType type,
            int m,
            int n,
            int k,
            boolean transposeA,
            int strideA,
            boolean transposeB,
            int strideB,
            int strideC,
            Start start) {
        public Spec {
            if (!type.isFloating()) {
                throw new IllegalArgumentException("product of " + type + ": only f32 and f64 have products");
            }
            if (m < 0 || n < 0 || k < 0) {
                throw new IllegalArgumentException(
                        "product (" + m + ", " + k + ") · (" + k + ", " + n + "): a size is negative");
            }
            if (start == Start.BLOCK && k > BlockSum.BLOCK) {
                throw new IllegalArgumentException(
                        "product over " + k + " going on with a block: those are of at most " + BlockSum.BLOCK);
            }
            requireStride("a", strideA, transposeA ? k : m, transposeA ? m : k);
            requireStride("b", strideB, transposeB ? n : k, transposeB ? k : n);
            requireStride("c", strideC, m, n);
        }

        /** What lies in c before a block of k. */
        Start before(int block) {
            return block > 0 ? Start.SUM : start;
        }

        /** What some rows and columns of c touch of a and c. */
        void reach(long a, long c, int row, int rowEnd, int column, int columnEnd, Divided.Reach reach) {
            if (row >= rowEnd || column >= columnEnd) {
                reach.reads(a, a);
                reach.writes(c, c);
                return;
            }
            long bytes = type.bytes();
            long rowA = transposeA ? 1 : strideA;
            long last = transposeA ? Math.max(k - 1, 0) * (long) strideA : k - 1;
            reach.reads(a + row * rowA * bytes, a + ((rowEnd - 1) * rowA + last + 1) * bytes);
            reach.writes(
                    c + ((long) row * strideC + column) * bytes, c + ((rowEnd - 1L) * strideC + columnEnd) * bytes);
        }

        /** From the first to the last element of b as it lies, in bytes. */
        long bytesB() {
            long rows = transposeB ? n : k;
            long columns = transposeB ? k : n;
            return rows == 0 ? 0 : ((rows - 1) * strideB + columns) * type.bytes();
        }

        private static void requireStride(String name, int stride, int rows, int columns) {
            if (stride < 0 || (rows > 1 && stride < columns)) {
                throw new IllegalArgumentException(
                        "stride " + stride + " of " + name + ": its rows of " + columns + " elements would overlap");
            }
        }
    }

    /** Loops over heap copies: runs well from the first call, generates nothing, and does not need the Vector API. */
    static Product plain(Spec spec) {
        return new ProductPlain(spec);
    }

    /** Generated code on the Vector API, fast once it is compiled; empty if {@code jdk.incubator.vector} is not there. */
    static Optional<Product> vector(Spec spec) {
        return ProductVector.of(spec);
    }

    /** Room enough for the packed right operand in every form, in bytes, without making one. */
    static long roomBytes(Spec spec) {
        long row = (spec.n() * (long) spec.type().bytes() + Machine.LINE - 1) / Machine.LINE * Machine.LINE;
        boolean asItLies = spec.transposeA()
                && !spec.transposeB()
                && row == spec.n() * (long) spec.type().bytes();
        return asItLies ? 0 : spec.k() * row;
    }

    /** Room for the packed right operand, in bytes; 0 if it is read as it lies. */
    long packedBytes();

    /** Packs the right operand. Byte offsets into memory; {@code packed} is a multiple of 64. Does nothing if {@link #packedBytes} is 0. */
    default void pack(MemorySegment memory, long b, long packed) {
        pack(memory, b, packed, 0, 1);
    }

    /** Does a part of {@link #pack(MemorySegment, long, long)}. */
    void pack(MemorySegment memory, long b, long packed, int part, int parts);

    /** How many parts of packing have something to do, if there are enough of them. */
    int packPieces();

    /** Says what a part of packing touches, as {@link Divided#reach} does. */
    void packReach(long b, long packed, int part, int parts, Divided.Reach reach);

    /**
     * Computes part {@code part} of {@code parts} of the rows or columns of c: all parts together are the product. Byte offsets into
     * memory; b is the packed one if {@link #packedBytes} is not 0. All parts of one product must come from the same form.
     */
    void run(MemorySegment memory, long a, long b, long c, int part, int parts);

    /** What its generated code is to be tried on before {@link #run} is fast, and {@link #pack} with it. */
    default List<Trial> trials() {
        return List.of();
    }

    /** The same for {@link #pack} alone. */
    default List<Trial> packTrials() {
        return List.of();
    }

    /** How many parts of {@link #run} have something to do, if there are enough of them. */
    int pieces();

    /** Says what a part of {@link #run} touches, as {@link Divided#reach} does. */
    void reach(long a, long b, long c, int part, int parts, Divided.Reach reach);
}
