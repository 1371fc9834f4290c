package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.runtime.Instruction;
import java.util.List;

/**
 * A record to be: what it is for, in words, what it touches, and how to make it once blocks have places.
 *
 * @param touched views into every block that it reads or writes
 * @param reach what of those blocks it reads and writes
 */
record Draft(String text, ImmutableList<View> touched, Reach reach, Maker maker) {

    /** A record of which it is known only which blocks it touches. */
    Draft(String text, List<View> touched, Maker maker) {
        this(text, ImmutableList.copyOf(touched), Reach.BLOCKS, maker);
    }

    /** How much is known of what a record reads and writes. */
    enum Reach {
        /** Perhaps all of the blocks. */
        BLOCKS,
        /** The elements of the views. */
        VIEWS,
        /** The same, and a view that is written may be one that is read. */
        IN_PLACE
    }

    /** Which forms of kernels a tape is made of. */
    enum Form {
        /** Runs well from the first call. */
        PLAIN,
        /** Generated, fast once compiled. */
        VECTOR
    }

    /** Makes the record for a form. */
    @FunctionalInterface
    interface Maker {
        Instruction make(Form form);
    }

    /** Where a view begins in memory, in bytes. */
    static long address(View view) {
        return view.block().base() + view.start();
    }
}
