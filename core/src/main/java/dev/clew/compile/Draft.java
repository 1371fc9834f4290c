package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.runtime.Estimate;
import dev.clew.runtime.Instruction;
import java.util.List;

/**
 * A record to be: what it is for, in words, what it touches, and how to make it once blocks have places.
 *
 * @param touched the views that it reads and writes
 * @param nanos how long it would take at the core's peak
 */
record Draft(String text, ImmutableList<View> touched, double nanos, Maker maker) {

    /** A record that does little more than to move what it reads to where it writes. */
    Draft(String text, List<View> touched, Maker maker) {
        this(text, touched, estimate(0, touched), maker);
    }

    Draft(String text, List<View> touched, double nanos, Maker maker) {
        this(text, ImmutableList.copyOf(touched), nanos, maker);
    }

    /** How long so many operations on single elements take at the core's peak, if these views pass. */
    static double estimate(long operations, List<View> touched) {
        long bytes = 0;
        for (View view : touched) {
            bytes += Math.min(
                    (long) view.shape().elements() * view.type().bytes(),
                    view.block().bytes());
        }
        return Estimate.nanos(operations, touched.getLast().type(), bytes);
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
