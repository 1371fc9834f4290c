package dev.clew.internal.runtime.kernel;

import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Sums over rows, once for every pair of offsets: where the rows begin, and where the sums go. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record SumRows(KernelColumns kernel, int columns, long[][] offsets) implements Instruction {
    @Override
    public void run(MemorySegment memory) {
        for (long[] each : offsets) {
            kernel.run(memory, each[0], each[1], 0, columns);
        }
    }

    @Override
    public List<Trial> trials() {
        return kernel.trials();
    }
}
