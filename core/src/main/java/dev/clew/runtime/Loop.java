package dev.clew.runtime;

import java.lang.foreign.MemorySegment;

/** A kernel, once for every set of offsets. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Loop(Kernel kernel, int rows, long[][] offsets) implements Instruction {
    @Override
    public void run(MemorySegment memory) {
        for (long[] each : offsets) {
            kernel.run(memory, each, 0, rows);
        }
    }
}
