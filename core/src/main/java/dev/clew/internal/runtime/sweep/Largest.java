package dev.clew.internal.runtime.sweep;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Instruction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The place, in each of some groups, of the first largest element, or of the first NaN if there is one.
 *
 * @param size how many elements a group has; at least 1
 * @param step how far apart they lie, in bytes
 * @param sweep over the first elements of the groups, and the i32 results
 */
public record Largest(DType type, int size, long step, Sweep sweep) implements Instruction, Sweep.Row {
    @Override
    public void run(MemorySegment memory) {
        sweep.each(memory, this);
    }

    @Override
    public void row(MemorySegment memory, long from, long to, long unused) {
        for (int i = 0; i < sweep.count(); i++) {
            int found = largest(memory, from + i * sweep.first().step());
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, to + i * sweep.second().step(), found);
        }
    }

    private int largest(MemorySegment memory, long from) {
        int found = 0;
        double largest = get(memory, from);
        for (int i = 1; i < size && !Double.isNaN(largest); i++) {
            double element = get(memory, from + i * step);
            if (element > largest || Double.isNaN(element)) {
                found = i;
                largest = element;
            }
        }
        return found;
    }

    private double get(MemorySegment memory, long at) {
        return switch (type) {
            case F64 -> memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
            case F32 -> memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
            case I32 -> memory.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            case BOOL -> memory.get(ValueLayout.JAVA_BYTE, at);
        };
    }
}
