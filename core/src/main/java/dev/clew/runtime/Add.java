package dev.clew.runtime;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.clew.array.DType;
import java.lang.foreign.MemorySegment;

/**
 * Elements added to others, in order.
 *
 * @param type f32 or f64
 * @param sweep over what is added and what it is added to
 */
public record Add(DType type, Sweep sweep) implements Instruction, Sweep.Row {
    @Override
    public void run(MemorySegment memory) {
        sweep.each(memory, this);
    }

    @Override
    public void row(MemorySegment memory, long from, long to, long unused) {
        row(
                memory,
                type,
                sweep.count(),
                from,
                sweep.first().step(),
                to,
                sweep.second().step());
    }

    static void row(MemorySegment memory, DType type, int count, long from, long step, long to, long toStep) {
        if (type == DType.F32) {
            for (int i = 0; i < count; i++) {
                long at = to + i * toStep;
                float sum = memory.get(JAVA_FLOAT_UNALIGNED, at) + memory.get(JAVA_FLOAT_UNALIGNED, from + i * step);
                memory.set(JAVA_FLOAT_UNALIGNED, at, sum);
            }
        } else {
            for (int i = 0; i < count; i++) {
                long at = to + i * toStep;
                double sum = memory.get(JAVA_DOUBLE_UNALIGNED, at) + memory.get(JAVA_DOUBLE_UNALIGNED, from + i * step);
                memory.set(JAVA_DOUBLE_UNALIGNED, at, sum);
            }
        }
    }
}
