package dev.clew.runtime;

import dev.clew.array.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Elements moved one by one, for what no kernel can read or write in rows: a transpose.
 *
 * @param lengths of the nest of loops, the outermost first
 * @param fromSteps in bytes, for every loop
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Move(DType type, int[] lengths, long from, long[] fromSteps, long to, long[] toSteps)
        implements Instruction {
    @Override
    public void run(MemorySegment memory) {
        run(memory, 0, from, to);
    }

    private void run(MemorySegment memory, int depth, long from, long to) {
        if (depth == lengths.length - 1) {
            inner(memory, from, to);
            return;
        }
        for (int i = 0; i < lengths[depth]; i++) {
            run(memory, depth + 1, from + i * fromSteps[depth], to + i * toSteps[depth]);
        }
    }

    private void inner(MemorySegment memory, long from, long to) {
        int last = lengths.length - 1;
        int count = lengths[last];
        long step = fromSteps[last];
        long toStep = toSteps[last];
        switch (type.bytes()) {
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    memory.set(
                            ValueLayout.JAVA_LONG_UNALIGNED,
                            to + i * toStep,
                            memory.get(ValueLayout.JAVA_LONG_UNALIGNED, from + i * step));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    memory.set(
                            ValueLayout.JAVA_INT_UNALIGNED,
                            to + i * toStep,
                            memory.get(ValueLayout.JAVA_INT_UNALIGNED, from + i * step));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    memory.set(
                            ValueLayout.JAVA_BYTE, to + i * toStep, memory.get(ValueLayout.JAVA_BYTE, from + i * step));
                }
            }
        }
    }
}
