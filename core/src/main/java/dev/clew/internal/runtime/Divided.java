package dev.clew.internal.runtime;

import java.lang.foreign.MemorySegment;

/** A record that can be done in parts, by whoever and in whatever order: each part writes its own elements. */
public interface Divided extends Instruction, Workers.Task {
    @Override
    default void run(MemorySegment memory) {
        run(memory, 0, 1);
    }

    /** How many parts have something to do, if there are enough of them. */
    int pieces();

    /** Says what a part touches: for every part as many stretches and in the same order, with empty ones where it touches nothing. */
    void reach(int part, int parts, Reach reach);

    /** Takes stretches of memory, in bytes; the end is the first byte behind. They may be more than is touched. */
    interface Reach {
        void reads(long from, long to);

        void writes(long from, long to);
    }
}
