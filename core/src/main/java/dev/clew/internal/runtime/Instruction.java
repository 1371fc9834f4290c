package dev.clew.internal.runtime;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** One record of a plan: it reads and writes one memory, at places that are fixed. It holds nothing that changes. */
@FunctionalInterface
public interface Instruction {
    void run(MemorySegment memory);

    /** What its generated code is to be tried on before it is fast. */
    default List<Trial> trials() {
        return List.of();
    }
}
