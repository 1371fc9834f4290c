package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.runtime.Instruction;
import java.util.List;

/**
 * A record to be: what it is for, in words, what it touches, and how to make it once blocks have places.
 *
 * @param touched the views that it reads and writes
 */
record Draft(String text, ImmutableList<View> touched, Maker maker) {

    Draft(String text, List<View> touched, Maker maker) {
        this(text, ImmutableList.copyOf(touched), maker);
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
