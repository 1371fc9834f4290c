package dev.clew.internal.runtime.product;

import java.lang.foreign.MemorySegment;

/** Copies a few columns, row by row. Implemented by generated classes; see {@link ProductCopyCode}. */
interface ProductCopy {
    void copy(MemorySegment source, long from, MemorySegment target, long to, int rows);
}
