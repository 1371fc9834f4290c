package dev.clew.internal.runtime.sweep;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What an index chooses: one of some things that lie a step apart. Memory is one piece, so an index that is not checked would
 * reach the elements of others.
 *
 * @param bound how many things there are
 * @param step in bytes
 */
public record Choice(String label, String things, int bound, long step) {

    /** How far the thing chosen by the index at a place lies from the first, in bytes. */
    long offset(MemorySegment memory, long at) {
        int index = memory.get(ValueLayout.JAVA_INT_UNALIGNED, at);
        if (index < 0 || index >= bound) {
            throw new IllegalArgumentException(label + ": index " + index + " is outside 0 to " + (bound - 1)
                    + ": there are " + bound + " " + things);
        }
        return index * step;
    }
}
