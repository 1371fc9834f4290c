package dev.clew.internal.runtime.sweep;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Instruction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One number everywhere.
 *
 * @param sweep over what is filled
 */
public record Fill(DType type, double value, Sweep sweep) implements Instruction, Sweep.Row {
    /** Copied from: filling a part of a segment would need an object for the part. */
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[4096]);

    @Override
    public void run(MemorySegment memory) {
        sweep.each(memory, this);
    }

    @Override
    public void row(MemorySegment memory, long to, long unused, long unusedToo) {
        long step = sweep.first().step();
        if (Double.doubleToRawLongBits(value) == 0 && step == type.bytes()) {
            clear(memory, to, step * sweep.count());
            return;
        }
        for (int i = 0; i < sweep.count(); i++) {
            put(memory, type, to + i * step, value);
        }
    }

    private static void clear(MemorySegment memory, long from, long bytes) {
        for (long done = 0; done < bytes; done += ZEROS.byteSize()) {
            MemorySegment.copy(ZEROS, 0, memory, from + done, Math.min(ZEROS.byteSize(), bytes - done));
        }
    }

    static void put(MemorySegment memory, DType type, long at, double value) {
        switch (type) {
            case F64 -> memory.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
            case F32 -> memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) value);
            case I32 -> memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            case BOOL -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) (value != 0 ? 1 : 0));
        }
    }
}
