package dev.clew.internal.runtime.product;

import java.lang.foreign.MemorySegment;

/** A few rows by a few vectors of c, held in registers over k steps. Implemented by generated classes; see {@link ProductTileCode}. */
interface ProductTile {
    /** c = a·b, the rows of c so many bytes apart. Reads a word of memory at {@code touch} and on, each step, if the tile was made to, where as much as a row of b must lie; the result is of no meaning. */
    int overwrite(MemorySegment memory, long a, long b, int k, long touch, MemorySegment target, long c, long rowC);

    /** The same, going on from what lies in c, and without touching. */
    int accumulate(MemorySegment memory, long a, long b, int k, long touch, MemorySegment target, long c, long rowC);
}
