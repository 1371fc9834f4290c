package dev.clew.internal.runtime.sweep;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Instruction;
import java.lang.foreign.MemorySegment;

/**
 * Elements chosen by indices, to where nothing is chosen. An index that stays the same along a row chooses the whole row.
 *
 * @param sweep over the indices, where choosing begins, and the result
 */
public record Gather(DType type, Choice choice, Sweep sweep) implements Instruction, Sweep.Row {
    @Override
    public void run(MemorySegment memory) {
        sweep.each(memory, this);
    }

    @Override
    public void row(MemorySegment memory, long index, long from, long to) {
        int count = sweep.count();
        long indexStep = sweep.first().step();
        long step = sweep.second().step();
        long toStep = sweep.third().step();
        if (indexStep == 0) {
            MoveElements.row(memory, type, count, from + choice.offset(memory, index), step, to, toStep);
            return;
        }
        for (int i = 0; i < count; i++) {
            long chosen = from + i * step + choice.offset(memory, index + i * indexStep);
            MoveElements.row(memory, type, 1, chosen, 0, to + i * toStep, 0);
        }
    }
}
