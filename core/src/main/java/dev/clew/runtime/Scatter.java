package dev.clew.runtime;

import dev.clew.array.DType;
import java.lang.foreign.MemorySegment;

/**
 * Elements added, in order, to those that indices choose. An index that stays the same along a row chooses the whole row.
 *
 * @param type f32 or f64
 * @param sweep over the indices, what is added, and where choosing begins
 */
public record Scatter(DType type, Choice choice, Sweep sweep) implements Instruction {
    @Override
    public void run(MemorySegment memory) {
        ScatterWorker worker = ScatterWorker.take();
        try {
            worker.run(this, memory);
        } finally {
            worker.release();
        }
    }
}
