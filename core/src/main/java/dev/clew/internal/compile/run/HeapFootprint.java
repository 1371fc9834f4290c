package dev.clew.internal.compile.run;

import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.kernel.KernelLoop;
import dev.clew.internal.runtime.kernel.SumRows;
import java.util.List;

/** How many bytes of the heap a compiled program takes for as long as it is retained, about: fitted to what some networks take. */
final class HeapFootprint {
    private static final long PLAN = 4000;
    /** A node of the program that is captured, by which a plan is found. */
    private static final long NODE = 130;
    /** A view that a record touches, and what the record does with it. */
    private static final long VIEW = 160;
    /** A node of the graph that a step is found by. */
    private static final long STRUCTURE = 40;

    private static final long ARRAY = 16;
    /** Records that loop hold where every round begins, in both forms. */
    private static final long FORMS = 2;

    private HeapFootprint() {}

    /** A tape, with its records as they are made, and the program that it is found by. */
    static long of(CompiledProgram code, List<Instruction> records) {
        long bytes = PLAN + NODE * code.captured().size();
        for (RecordDraft draft : code.drafts()) {
            bytes += VIEW * draft.touched().size();
        }
        for (Instruction record : records) {
            switch (record) {
                case KernelLoop loop -> bytes += ofOffsets(loop.offsets());
                case SumRows sums -> bytes += ofOffsets(sums.offsets());
                default -> {}
            }
        }
        return bytes;
    }

    /** What a graph of so many nodes is found by. */
    static long ofStructure(int nodes) {
        return STRUCTURE * nodes;
    }

    private static long ofOffsets(long[][] offsets) {
        return offsets.length == 0 ? 0 : FORMS * offsets.length * (ARRAY + (long) offsets[0].length * Long.BYTES);
    }
}
