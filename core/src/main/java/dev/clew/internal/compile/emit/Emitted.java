package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.schedule.Schedule;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@link EmitRecords} makes: records to be, in order, where leaves and outputs lie, and every block there is.
 *
 * @param leaves for every slot where its leaf is written: its home first, and other places where its elements are wanted
 * @param made by units, where their values are when they are done; empty unless somebody verifies
 * @param copies the records that only move elements
 */
public record Emitted(
        ImmutableList<RecordDraft> drafts,
        ImmutableList<ImmutableList<MemoryView>> leaves,
        ImmutableList<MemoryView> outputs,
        ImmutableList<Literal> literals,
        ImmutableList<MemoryBlock> blocks,
        ImmutableList<Made> made,
        StepRecords training,
        int copies) {

    public Emitted with(List<MemoryBlock> other) {
        return new Emitted(drafts, leaves, outputs, literals, ImmutableList.copyOf(other), made, training, copies);
    }

    /** The records, a line for each. */
    public String describe() {
        return drafts.stream().map(RecordDraft::describe).collect(Collectors.joining("\n"));
    }

    /** A number that is written once, when a memory is made, as often as a view shows it. */
    public record Literal(MemoryView view, NDArray number) {
        public void store(MemorySegment memory) {
            view.store(number.broadcastTo(view.shape()), memory);
        }
    }

    /** What a unit makes is in its places when so many records have run. */
    public record Made(Schedule.Unit unit, int records, ImmutableListMultimap<Integer, MemoryView> places) {}
}
