package dev.clew.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A tile that reaches over the last column of c: it is computed in a place of its own, and only the columns that are there are copied.
 *
 * @param fetching copies its columns from c and fills the missing columns
 * @param bringing copies them to c
 * @param row the length of a row of that place in bytes
 */
record ProductEdge(ProductTile tile, ProductCopy fetching, ProductCopy bringing, int height, long row)
        implements ProductTile {
    private static final int BYTES = 1 << 12;
    private static final int ALIGNMENT = 64;

    private static final ThreadLocal<MemorySegment> PLACE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BYTES, ALIGNMENT));

    @Override
    public int overwrite(
            MemorySegment memory, long a, long b, int k, long touch, MemorySegment target, long c, long rowC) {
        MemorySegment place = PLACE.get();
        int touched = tile.overwrite(memory, a, b, k, touch, place, 0, row);
        bringing.copy(place, 0, target, c, height);
        return touched;
    }

    @Override
    public int accumulate(
            MemorySegment memory, long a, long b, int k, long touch, MemorySegment target, long c, long rowC) {
        MemorySegment place = PLACE.get();
        fetching.copy(target, c, place, 0, height);
        int touched = tile.accumulate(memory, a, b, k, touch, place, 0, row);
        bringing.copy(place, 0, target, c, height);
        return touched;
    }
}
