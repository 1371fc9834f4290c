package dev.clew.internal.runtime.product;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A tile and how what it computes comes to c. What is added to c, or reaches over its last column, is computed in a place of its own
 * first: so a tile need not know of either.
 *
 * @param fetching copies the columns that are there from c and fills the missing ones, for a tile that reaches over the last and goes on
 * @param bringing copies the columns that are there to c, for a tile that reaches over the last
 * @param adding adds them to c, if there is something to add to
 * @param row the length of a row of that place in bytes
 */
record ProductPiece(
        ProductTile tile,
        Optional<ProductCopy> fetching,
        Optional<ProductCopy> bringing,
        Optional<ProductCopy> adding,
        int height,
        long row) {
    private static final int BYTES = 1 << 12;
    private static final int ALIGNMENT = 64;

    private static final ThreadLocal<MemorySegment> PLACE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BYTES, ALIGNMENT));

    /** A block on top of what lies in c before; the rest as {@link ProductTile#overwrite}. */
    void run(
            Product.Start before,
            MemorySegment memory,
            long a,
            long b,
            int k,
            long touch,
            MemorySegment target,
            long c,
            long rowC) {
        Optional<ProductCopy> taking = before == Product.Start.SUM ? adding : bringing;
        if (taking.isEmpty()) {
            tile(before, memory, a, b, k, touch, target, c, rowC);
            return;
        }
        MemorySegment place = PLACE.get();
        if (before == Product.Start.BLOCK) {
            fetching.orElseThrow().copy(target, c, place, 0, height);
        }
        tile(before, memory, a, b, k, touch, place, 0, row);
        taking.get().copy(place, 0, target, c, height);
    }

    private void tile(
            Product.Start before,
            MemorySegment memory,
            long a,
            long b,
            int k,
            long touch,
            MemorySegment target,
            long c,
            long rowC) {
        if (before == Product.Start.BLOCK) {
            tile.accumulate(memory, a, b, k, touch, target, c, rowC);
        } else {
            tile.overwrite(memory, a, b, k, touch, target, c, rowC);
        }
    }
}
