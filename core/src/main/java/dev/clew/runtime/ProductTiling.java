package dev.clew.runtime;

/**
 * How a product is cut into tiles: rows of c, vectors of columns (panels), and k (blocks). Which tile is best was measured; with 32
 * registers 8 rows by 2 vectors, with 16 (AVX2) 6 by 2. A wider tile suits few rows, where registers are left, and operands that are
 * read as they lie, of which it takes longer stretches.
 *
 * @param packed whether the right operand is packed; if not, it is read as it lies
 * @param rowsTogether how many tiles of rows take turns with one panel of the right operand before the next panel
 * @param panelsTogether how many panels go through all of k before the next ones, so that their part of c stays in the cache
 * @param touch bytes from step to step of what a tile touches of the next panel, 0 for none
 * @param rightFits whether the right operand stays in a core's cache
 */
record ProductTiling(
        ProductSplit rows,
        ProductSplit columns,
        ProductSplit depth,
        boolean packed,
        int rowsTogether,
        int panelsTogether,
        int touch,
        boolean rightFits) {
    /** What half of a second-level cache holds on the machines of today; it only moves a choice between right ways. */
    private static final long CACHE_BYTES = 1 << 19;

    /** Steps of k in one block: a packed panel of 2 vectors then still fits the first-level cache together with its rows. */
    private static final int PACKED_STEPS = 512;

    private static final int STEPS = 128;
    private static final int CACHE_LINE = 64;

    static ProductTiling of(Product.Spec spec, ProductLanes lanes) {
        boolean packed = isPacked(spec, lanes);
        int vectors = Math.ceilDiv(spec.n(), lanes.count());
        boolean fewRegisters = lanes.bits() == 256;
        int few = fewRegisters ? 2 : 5;
        ProductSplit columns = ProductSplit.atMost(spec.m() <= few || (!packed && !fewRegisters) ? 4 : 2, vectors);
        int most = fewRegisters ? 6 : 8;
        ProductSplit rows = ProductSplit.atMost(columns.most() > 2 ? few : most, spec.m());
        ProductSplit depth = spec.k() == 0
                ? new ProductSplit(1, 0, 0)
                : ProductSplit.atMost(packed ? PACKED_STEPS : STEPS, spec.k());
        long stepBytes = spec.type().bytes() * (long) depth.most();
        long left = spec.m() * stepBytes;
        long right = spec.n() * stepBytes;
        boolean streams = packed && right > CACHE_BYTES;
        int rowsTogether = rows.count();
        if (left > CACHE_BYTES / 2) {
            rowsTogether = streams || !packed ? (int) Math.max(1, CACHE_BYTES / 2 / (rows.most() * stepBytes)) : 1;
        }
        int touch = streams && rowsTogether > 1
                ? Math.clamp((columns.most() * lanes.vectorBytes() / rowsTogether) & -4, 4, CACHE_LINE)
                : 0;
        return new ProductTiling(
                rows,
                columns,
                depth,
                packed,
                Math.max(1, rowsTogether),
                Math.max(1, columns.count()),
                touch,
                right <= CACHE_BYTES);
    }

    /**
     * Packing pays where many rows use it; the sum over a batch (a transposed left operand) uses its right operand once. Tiles have
     * whole vectors only, so it is packed too if the last one would be cut.
     */
    private static boolean isPacked(Product.Spec spec, ProductLanes lanes) {
        return spec.transposeB() || !spec.transposeA() || spec.n() % lanes.count() != 0;
    }

    /** Whether parts are rows, not columns, of c: whichever is cut more evenly, else rows if the right operand fits each core's cache. */
    boolean splitsRows(int parts) {
        long byRows = (long) Math.ceilDiv(rows.count(), parts) * columns.count();
        long byColumns = (long) Math.ceilDiv(columns.count(), parts) * rows.count();
        return byRows != byColumns ? byRows < byColumns : rightFits;
    }
}
