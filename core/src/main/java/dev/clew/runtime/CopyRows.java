package dev.clew.runtime;

import java.lang.foreign.MemorySegment;

/** Rows of adjacent bytes copied elsewhere. */
public record CopyRows(int rows, long rowBytes, long from, long fromStep, long to, long toStep) implements Instruction {
    @Override
    public void run(MemorySegment memory) {
        for (int row = 0; row < rows; row++) {
            MemorySegment.copy(memory, from + row * fromStep, memory, to + row * toStep, rowBytes);
        }
    }
}
