package dev.clew.internal.runtime.sweep;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Instruction;
import java.lang.foreign.MemorySegment;

/**
 * h[0] = b[0], h[i] = a[i]·h[i−1] + b[i], fused, for rows of elements at once.
 *
 * @param type f32 or f64
 * @param length how many steps there are; at least 1
 * @param aStep from a[i] to a[i+1] in bytes, negative if the recurrence goes backward
 * @param sweep over a[0], b[0] and h[0]
 */
public record Recurrence(DType type, int length, long aStep, long bStep, long hStep, Sweep sweep)
        implements Instruction, Sweep.Row {
    @Override
    public void run(MemorySegment memory) {
        sweep.each(memory, this);
    }

    @Override
    public void row(MemorySegment memory, long a, long b, long h) {
        MoveElements.row(
                memory,
                type,
                sweep.count(),
                b,
                sweep.second().step(),
                h,
                sweep.third().step());
        for (int i = 1; i < length; i++) {
            if (type == DType.F32) {
                floats(memory, a + i * aStep, b + i * bStep, h + i * hStep);
            } else {
                doubles(memory, a + i * aStep, b + i * bStep, h + i * hStep);
            }
        }
    }

    private void floats(MemorySegment memory, long a, long b, long h) {
        long aMove = sweep.first().step();
        long bMove = sweep.second().step();
        long hMove = sweep.third().step();
        for (int j = 0; j < sweep.count(); j++) {
            float next = Math.fma(
                    memory.get(JAVA_FLOAT_UNALIGNED, a + j * aMove),
                    memory.get(JAVA_FLOAT_UNALIGNED, h + j * hMove - hStep),
                    memory.get(JAVA_FLOAT_UNALIGNED, b + j * bMove));
            memory.set(JAVA_FLOAT_UNALIGNED, h + j * hMove, next);
        }
    }

    private void doubles(MemorySegment memory, long a, long b, long h) {
        long aMove = sweep.first().step();
        long bMove = sweep.second().step();
        long hMove = sweep.third().step();
        for (int j = 0; j < sweep.count(); j++) {
            double next = Math.fma(
                    memory.get(JAVA_DOUBLE_UNALIGNED, a + j * aMove),
                    memory.get(JAVA_DOUBLE_UNALIGNED, h + j * hMove - hStep),
                    memory.get(JAVA_DOUBLE_UNALIGNED, b + j * bMove));
            memory.set(JAVA_DOUBLE_UNALIGNED, h + j * hMove, next);
        }
    }
}
