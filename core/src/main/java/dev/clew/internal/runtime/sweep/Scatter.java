package dev.clew.internal.runtime.sweep;

import dev.clew.array.DType;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.runtime.Instruction;
import java.lang.foreign.MemorySegment;

/**
 * Elements added to those that indices choose. An index that stays the same along a row chooses the whole row.
 *
 * @param type f32 or f64
 * @param blocks in which order
 * @param sweep over the indices, what is added, and where choosing begins
 */
public record Scatter(DType type, Choice choice, Blocks blocks, Sweep sweep) implements Instruction {
    /**
     * The order in which what goes to one place is added: indices are cut into blocks of {@link BlockSum#BLOCK}, counted from the first
     * of a run; in a block it is added up, and that is added to what is there. Runs of 0 indices: each is added to what is there.
     *
     * @param each how many elements one index stands for
     * @param run how many indices in succession may choose the same places
     */
    public record Blocks(int each, int run) {
        /** One after the other, in order. */
        public static final Blocks NONE = new Blocks(1, 0);

        /** Whether a block ends after so many elements. */
        boolean endAfter(long elements) {
            return elements % each == 0 && (elements / each % BlockSum.BLOCK == 0 || elements / each == run);
        }
    }

    @Override
    public void run(MemorySegment memory) {
        ScatterWorker worker = ScatterWorker.take();
        try {
            worker.run(this, memory);
        } finally {
            worker.release();
        }
    }
}
