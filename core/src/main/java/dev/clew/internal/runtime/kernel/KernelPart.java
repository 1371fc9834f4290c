package dev.clew.internal.runtime.kernel;

import java.lang.foreign.MemorySegment;

/** What a generated class does: a kernel, or a part of one. */
interface KernelPart {
    /**
     * Computes the rows {@code from .. to − 1} or, of a flat cluster, these elements.
     *
     * @param rooms where parts leave vectors to each other
     */
    void run(MemorySegment memory, long[] offsets, MemorySegment rooms, int from, int to);
}
