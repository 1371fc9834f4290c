package dev.clew.internal.runtime.sweep;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Instruction;
import java.lang.foreign.MemorySegment;

/**
 * 1 at the elements that indices choose.
 *
 * @param sweep over the indices and where choosing begins
 */
public record MarkChosen(DType type, Choice choice, Sweep sweep) implements Instruction, Sweep.Row {
    @Override
    public void run(MemorySegment memory) {
        sweep.each(memory, this);
    }

    @Override
    public void row(MemorySegment memory, long index, long to, long unused) {
        long indexStep = sweep.first().step();
        long step = sweep.second().step();
        for (int i = 0; i < sweep.count(); i++) {
            Fill.put(memory, type, to + i * step + choice.offset(memory, index + i * indexStep), 1);
        }
    }
}
