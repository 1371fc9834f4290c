package dev.clew.internal.runtime.kernel;

import dev.clew.internal.array.BlockSum;
import dev.clew.internal.runtime.Spares;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.kernel.KernelColumns.ColumnSum;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A sum over more rows than one block of {@link BlockSum} has: block after block by a kernel for so many rows, and what comes out is
 * added as a sum of numbers is.
 */
final class KernelColumnBlocks implements KernelColumns {
    private static final int WIDTH = 256;

    private final ColumnSum sum;
    private final KernelColumns whole;
    /** Of the last block, if it is shorter. */
    private final KernelColumns rest;

    /** Of kernels for single blocks. */
    KernelColumnBlocks(ColumnSum sum, Function<ColumnSum, KernelColumns> kernels) {
        this.sum = sum;
        this.whole = kernels.apply(rows(BlockSum.BLOCK));
        int over = sum.rows() % BlockSum.BLOCK;
        this.rest = over == 0 ? whole : kernels.apply(rows(over));
    }

    private ColumnSum rows(int rows) {
        return new ColumnSum(sum.type(), rows, sum.columns(), sum.rowStride());
    }

    @Override
    public void run(MemorySegment memory, long x, long y, int fromColumn, int toColumn) {
        Levels levels = Levels.take();
        try {
            for (int from = fromColumn; from < toColumn; from += WIDTH) {
                levels.run(this, memory, x, y, from, Math.min(from + WIDTH, toColumn));
            }
        } finally {
            levels.release();
        }
    }

    @Override
    public List<Trial> trials() {
        List<Trial> trials = new ArrayList<>(whole.trials());
        if (sum.rows() % BlockSum.BLOCK != 0) {
            trials.addAll(rest.trials());
        }
        return trials;
    }

    /** Sums of 1, 2, 4, ... blocks of some columns. Shared through a pool, so that a run allocates nothing. */
    private static final class Levels {
        private static final Spares<Levels> POOL = new Spares<>(Levels::new);

        private final KernelBlocks typed = new KernelBlocks(WIDTH);
        private final KernelBlocks.Place place = new KernelBlocks.Place();
        private final double[][] levels = new double[Integer.SIZE][WIDTH];
        private final double[] block = new double[WIDTH];

        static Levels take() {
            return POOL.take();
        }

        void release() {
            POOL.release(this);
        }

        void run(KernelColumnBlocks of, MemorySegment memory, long x, long y, int from, int to) {
            ColumnSum sum = of.sum;
            long bytes = sum.type().bytes();
            int count = to - from;
            place.rowBytes = 0;
            place.offset = y + from * bytes;
            int blocks = Math.ceilDiv(sum.rows(), BlockSum.BLOCK);
            for (int i = 0; i < blocks; i++) {
                long start = x + (long) i * BlockSum.BLOCK * sum.rowStride() * bytes;
                (i == blocks - 1 ? of.rest : of.whole).run(memory, start, y, from, to);
                typed.load(memory, sum.type(), place, 1, count, block);
                carry(sum, i, count);
            }
            int level = Integer.numberOfTrailingZeros(blocks);
            System.arraycopy(levels[level], 0, block, 0, count);
            for (level++; level < levels.length; level++) {
                if ((blocks >> level & 1) != 0) {
                    add(sum, levels[level], count);
                }
            }
            typed.store(memory, sum.type(), place, 1, count, block);
        }

        private void carry(ColumnSum sum, int blocks, int count) {
            int level = 0;
            for (; (blocks >> level & 1) != 0; level++) {
                add(sum, levels[level], count);
            }
            System.arraycopy(block, 0, levels[level], 0, count);
        }

        private void add(ColumnSum sum, double[] terms, int count) {
            for (int i = 0; i < count; i++) {
                block[i] += terms[i];
            }
            KernelBlocks.round(sum.type(), block, block, count);
        }
    }
}
