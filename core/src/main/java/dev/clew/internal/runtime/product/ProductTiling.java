package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Split;

/**
 * How a product is cut into tiles: rows of c and vectors of columns (panels); k is in the blocks of {@link Product}. Which tile is best
 * was measured; with 32 registers 8 rows by 2 vectors, with 16 (AVX2) 4 by 2. A wider tile suits few rows, where registers are left, and
 * operands that are read as they lie, of which it takes longer stretches.
 *
 * @param packed whether the right operand is packed before; if not, it is read as it lies or gathered
 * @param gathered whether blocks of both operands are copied while it runs; see {@link ProductGathered}
 * @param rowsTogether how many tiles of rows take turns with one panel of the right operand before the next panel
 * @param panelsTogether how many panels go through all of k before the next ones, so that their part of c stays in the cache
 * @param touch bytes from step to step of what a tile touches of the next panel, 0 for none
 * @param rightFits whether the right operand stays in a core's cache
 */
record ProductTiling(
        Split rows,
        Split columns,
        ProductBlocks depth,
        boolean packed,
        boolean gathered,
        int rowsTogether,
        int panelsTogether,
        int touch,
        boolean rightFits) {
    /** What half of a second-level cache holds on the machines of today; it only moves a choice between right ways. */
    private static final long CACHE_BYTES = 1 << 19;

    /** So few steps of k do not pay for gathering. */
    private static final int FEW_STEPS = 128;

    /** The most of the left and right operand that are gathered at a time; a tile's rows and a panel always fit. */
    static final int LEFT_BYTES = 1 << 19;

    static final int RIGHT_BYTES = 1 << 18;

    /** Rows of a right operand that are gathered lie at least so far apart (half a page), and so many rows of c share the work. */
    private static final int APART = 1 << 11;

    private static final int SHARED = 64;
    private static final int GATHERED_WIDTH = 2;

    /** Machines whose widest vectors have so many bits have 16 registers for them, not 32. */
    private static final int AVX2_BITS = 256;

    /** The most rows of a tile of 4 vectors: with 32 registers, and with 16; and of one of 3 vectors. */
    private static final int LOW = 4;

    private static final int FEW_LOW = 2;
    private static final int WIDE_LOW = 5;

    static ProductTiling of(Product.Spec spec, ProductLanes lanes) {
        boolean packed = isPacked(spec, lanes);
        boolean fewRegisters = lanes.bits() == AVX2_BITS || Machine.VECTOR_BITS == AVX2_BITS;
        if (!packed && isGathered(spec, lanes)) {
            return gathered(spec, lanes, fewRegisters);
        }
        Split columns = columns(spec, lanes, packed, fewRegisters);
        Split rows = rows(spec.m(), columns.most(), fewRegisters);
        ProductBlocks depth = new ProductBlocks(spec.k());
        long stepBytes = spec.type().bytes() * (long) depth.most();
        boolean rightFits = spec.n() * stepBytes <= CACHE_BYTES;
        int together = rowsTogether(spec.m() * stepBytes, rows, packed && rightFits);
        return new ProductTiling(
                rows,
                columns,
                depth,
                packed,
                false,
                together,
                packed ? Math.max(1, columns.count()) : panelsTogether(spec.m(), columns, lanes),
                packed && !rightFits ? touch(columns.most() * lanes.vectorBytes(), together) : 0,
                rightFits);
    }

    private static ProductTiling gathered(Product.Spec spec, ProductLanes lanes, boolean fewRegisters) {
        Split columns = Split.atMost(GATHERED_WIDTH, spec.n() / lanes.count());
        Split rows = rows(spec.m(), GATHERED_WIDTH, fewRegisters);
        ProductBlocks depth = new ProductBlocks(spec.k());
        int rowBytes = spec.type().bytes() * depth.most();
        return new ProductTiling(
                rows,
                columns,
                depth,
                false,
                true,
                LEFT_BYTES / (rows.most() * rowBytes),
                RIGHT_BYTES / (columns.most() * lanes.count() * rowBytes),
                0,
                false);
    }

    private static Split columns(Product.Spec spec, ProductLanes lanes, boolean packed, boolean fewRegisters) {
        int most = !packed && !fewRegisters ? 3 : 2;
        int width = spec.m() <= (fewRegisters ? FEW_LOW : LOW) ? 4 : most;
        return Split.atMost(width, Math.ceilDiv(spec.n(), lanes.count()));
    }

    /**
     * Equal heights if that costs nothing: each height is code of its own, which takes its time to become fast. With 16 registers, 5 or 6
     * rows by 2 vectors would leave no room for numbers that are loaded early, and sums would be spilled.
     */
    private static Split rows(int m, int width, boolean fewRegisters) {
        if (width > 2) {
            int low = width == 3 ? WIDE_LOW : LOW;
            return Split.atMost(fewRegisters ? FEW_LOW : low, m);
        }
        return fewRegisters ? Split.equally(3, 4, m) : Split.equally(6, 8, m);
    }

    /** All rows, if what a block of k takes of them fits the cache; else one tile's rows, or if b is larger still, as many as fit. */
    private static int rowsTogether(long leftBytes, Split rows, boolean rightStays) {
        if (leftBytes <= CACHE_BYTES / 2) {
            return Math.max(1, rows.count());
        }
        return rightStays ? 1 : (int) Math.max(1, CACHE_BYTES / 2 / (leftBytes / rows.count()));
    }

    private static int panelsTogether(int m, Split columns, ProductLanes lanes) {
        long bytes = (long) m * columns.most() * lanes.vectorBytes();
        return Math.clamp(CACHE_BYTES / Math.max(1, bytes), 1, Math.max(1, columns.count()));
    }

    /** The tiles on one panel share the touching of the next; words are so far apart that nearly every line is touched. */
    private static int touch(int panelRowBytes, int rowsTogether) {
        return rowsTogether > 1 ? Math.clamp((panelRowBytes / rowsTogether) & -4, 4, Machine.LINE) : 0;
    }

    /**
     * Packing pays where many rows use it; the sum over a batch (a transposed left operand) uses its right operand once. Tiles have
     * whole vectors only, so it is packed too if the last one would be cut.
     */
    private static boolean isPacked(Product.Spec spec, ProductLanes lanes) {
        return spec.transposeB() || !spec.transposeA() || spec.n() % lanes.count() != 0;
    }

    /** Gathering pays where as they lie operands are slow to read, and is done for whole panels only. */
    private static boolean isGathered(Product.Spec spec, ProductLanes lanes) {
        return spec.strideB() * (long) spec.type().bytes() >= APART
                && spec.n() >= GATHERED_WIDTH * lanes.count()
                && spec.n() % (GATHERED_WIDTH * lanes.count()) == 0
                && spec.m() >= SHARED
                && spec.k() > FEW_STEPS;
    }

    /** Whether blocks are added to what lies in c. */
    boolean adds(Product.Spec spec) {
        return spec.start() == Product.Start.SUM || depth.count() > 1;
    }

    /** Whether parts are rows, not columns, of c: whichever is cut more evenly, else rows if the right operand fits each core's cache. */
    boolean splitsRows(int parts) {
        long byRows = (long) Math.ceilDiv(rows.count(), parts) * columns.count();
        long byColumns = (long) Math.ceilDiv(columns.count(), parts) * rows.count();
        return byRows != byColumns ? byRows < byColumns : rightFits;
    }
}
