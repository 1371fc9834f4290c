package dev.clew.runtime;

import dev.clew.array.DType;
import java.lang.foreign.MemorySegment;

/**
 * Elements added, in order, to those that indices choose. An index that stays the same along a row chooses the whole row.
 *
 * @param type f32 or f64
 * @param sweep over the indices, what is added, and where choosing begins
 */
public record Scatter(DType type, Choice choice, Sweep sweep) implements Instruction, Sweep.Row {
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
            Add.row(memory, type, count, from, step, to + choice.offset(memory, index), toStep);
            return;
        }
        for (int i = 0; i < count; i++) {
            long chosen = to + i * toStep + choice.offset(memory, index + i * indexStep);
            Add.row(memory, type, 1, from + i * step, 0, chosen, 0);
        }
    }
}
