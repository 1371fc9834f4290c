package dev.clew.internal.runtime.sweep;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Instruction;
import java.lang.foreign.MemorySegment;

/**
 * h[i] = a[i]·h[i−1] + b[i] for rows of elements at once, where h[−1] is there.
 *
 * @param type f32 or f64
 * @param isFused whether product and sum are rounded once, and not each
 * @param steps how many there are
 * @param aStep from a[i] to a[i+1] in bytes, negative if the recurrence goes backward
 * @param sweep over a[0], b[0] and h[0]
 */
public record Recurrence(DType type, boolean isFused, int steps, long aStep, long bStep, long hStep, Sweep sweep)
        implements Instruction, Sweep.Row {
    @Override
    public void run(MemorySegment memory) {
        sweep.each(memory, this);
    }

    @Override
    public void row(MemorySegment memory, long a, long b, long h) {
        for (int i = 0; i < steps; i++) {
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
            float factor = memory.get(JAVA_FLOAT_UNALIGNED, a + j * aMove);
            float before = memory.get(JAVA_FLOAT_UNALIGNED, h + j * hMove - hStep);
            float term = memory.get(JAVA_FLOAT_UNALIGNED, b + j * bMove);
            float next = isFused ? Math.fma(factor, before, term) : factor * before + term;
            memory.set(JAVA_FLOAT_UNALIGNED, h + j * hMove, next);
        }
    }

    private void doubles(MemorySegment memory, long a, long b, long h) {
        long aMove = sweep.first().step();
        long bMove = sweep.second().step();
        long hMove = sweep.third().step();
        for (int j = 0; j < sweep.count(); j++) {
            double factor = memory.get(JAVA_DOUBLE_UNALIGNED, a + j * aMove);
            double before = memory.get(JAVA_DOUBLE_UNALIGNED, h + j * hMove - hStep);
            double term = memory.get(JAVA_DOUBLE_UNALIGNED, b + j * bMove);
            double next = isFused ? Math.fma(factor, before, term) : factor * before + term;
            memory.set(JAVA_DOUBLE_UNALIGNED, h + j * hMove, next);
        }
    }
}
