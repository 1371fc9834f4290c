package dev.clew.runtime;

import java.lang.foreign.MemorySegment;

/** One record of a plan: it reads and writes one memory, at places that are fixed. It holds nothing that changes. */
@FunctionalInterface
public interface Instruction {
    void run(MemorySegment memory);
}
