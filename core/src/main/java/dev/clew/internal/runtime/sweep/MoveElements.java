package dev.clew.internal.runtime.sweep;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Instruction;
import java.lang.foreign.MemorySegment;

/**
 * Elements moved: rows that lie together on both sides as a whole, others one by one, as in a transpose.
 *
 * @param sweep over where they are and where they go
 */
public record MoveElements(DType type, Sweep sweep) implements Instruction, Sweep.Row {
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
        int bytes = type.bytes();
        if (step == bytes && toStep == bytes) {
            MemorySegment.copy(memory, from, memory, to, (long) count * bytes);
            return;
        }
        switch (bytes) {
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    memory.set(JAVA_LONG_UNALIGNED, to + i * toStep, memory.get(JAVA_LONG_UNALIGNED, from + i * step));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    memory.set(JAVA_INT_UNALIGNED, to + i * toStep, memory.get(JAVA_INT_UNALIGNED, from + i * step));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    memory.set(JAVA_BYTE, to + i * toStep, memory.get(JAVA_BYTE, from + i * step));
                }
            }
        }
    }
}
