package dev.clew.internal.runtime;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Records that threads do side by side, each its part of all of them, without waiting for each other in between. They may be
 * together if no part of one touches what another part of another one writes: so the steps of a recurrence over a batch are, each
 * thread with its rows of the batch. {@link Groups} finds them.
 */
public final class SharedInstruction implements Instruction, Workers.Task {
    private final ImmutableList<Divided> records;
    private final int parts;

    SharedInstruction(List<Divided> records, int parts) {
        this.records = ImmutableList.copyOf(records);
        this.parts = parts;
    }

    /** Those that are together. */
    public ImmutableList<Divided> records() {
        return records;
    }

    /** In how many parts it is done. */
    public int parts() {
        return parts;
    }

    @Override
    public void run(MemorySegment memory) {
        Workers.run(this, memory, parts);
    }

    @Override
    public void run(MemorySegment memory, int part, int of) {
        for (int i = 0; i < records.size(); i++) {
            records.get(i).run(memory, part, of);
        }
    }
}
