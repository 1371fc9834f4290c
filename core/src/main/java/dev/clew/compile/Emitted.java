package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import dev.clew.array.NDArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@link Emit} makes: records to be, in order, where leaves and outputs lie, and every block there is.
 *
 * @param leaves for every slot where its leaf is written: its home first, and other places where its elements are wanted
 * @param made by units, where their values are when they are done; empty unless somebody verifies
 * @param copies the records that only move elements
 */
record Emitted(
        ImmutableList<Draft> drafts,
        ImmutableList<ImmutableList<View>> leaves,
        ImmutableList<View> outputs,
        ImmutableList<Literal> literals,
        ImmutableList<Block> blocks,
        ImmutableList<Made> made,
        Training training,
        int copies) {

    Emitted with(List<Block> other) {
        return new Emitted(drafts, leaves, outputs, literals, ImmutableList.copyOf(other), made, training, copies);
    }

    /** The records, a line for each. */
    String describe() {
        return drafts.stream().map(Draft::describe).collect(Collectors.joining("\n"));
    }

    /** A number that is written once, when a memory is made, as often as a view shows it. */
    record Literal(View view, NDArray number) {
        void store(MemorySegment memory) {
            view.store(number.broadcastTo(view.shape()), memory);
        }
    }

    /** What a unit makes is in its places when so many records have run. */
    record Made(Schedule.Unit unit, int records, ImmutableListMultimap<Integer, View> places) {}
}
