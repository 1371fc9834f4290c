package dev.clew.internal.compile.layout;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.tune.Estimate;
import java.util.List;

/**
 * A record to be: what it is for, in words, what it touches, and how to make it once blocks have places.
 *
 * @param touched views into every block that it reads or writes, first those that it reads
 * @param written how many of these, at their end, it writes
 * @param nanos how long it would take at the core's peak
 * @param reach what of those blocks it reads and writes
 */
public record RecordDraft(
        String text, ImmutableList<MemoryView> touched, int written, double nanos, Reach reach, Maker maker) {

    /** A record that does little more than to move what it reads to where it writes. */
    public RecordDraft(String text, List<MemoryView> touched, Maker maker) {
        this(text, touched, estimate(0, touched), maker);
    }

    /** A record of which it is known only which blocks it touches. */
    public RecordDraft(String text, List<MemoryView> touched, double nanos, Maker maker) {
        this(text, ImmutableList.copyOf(touched), 1, nanos, Reach.BLOCKS, maker);
    }

    /** The same record, of which more is known. */
    public RecordDraft reaching(Reach known) {
        return new RecordDraft(text, touched, written, nanos, known, maker);
    }

    /** The same record, which writes several views. */
    public RecordDraft writing(int several) {
        return new RecordDraft(text, touched, several, nanos, reach, maker);
    }

    /** What it does, and where. */
    public String describe() {
        return text + ": " + touched;
    }

    /** Some records in one form. */
    public static List<Instruction> made(List<RecordDraft> drafts, Form form) {
        return drafts.stream().map(draft -> draft.maker().make(form)).toList();
    }

    /** How much is known of what a record reads and writes. */
    public enum Reach {
        /** Perhaps all of the blocks. */
        BLOCKS,
        /** The elements of the views. */
        VIEWS,
        /** The same, and a view that is written may be one that is read. */
        IN_PLACE
    }

    /** How long so many operations on single elements take at the core's peak, if these views pass. */
    public static double estimate(long operations, List<MemoryView> touched) {
        long bytes = 0;
        for (MemoryView view : touched) {
            bytes += Math.min(
                    (long) view.shape().elements() * view.type().bytes(),
                    view.block().bytes());
        }
        return Estimate.nanos(operations, touched.getLast().type(), bytes);
    }

    /** Which forms of kernels a tape is made of. */
    public enum Form {
        /** Runs well from the first call. */
        PLAIN,
        /** Generated, fast once compiled. */
        VECTOR
    }

    /** Makes the record for a form. */
    @FunctionalInterface
    public interface Maker {
        Instruction make(Form form);
    }
}
