package dev.clew.compile;

import com.google.common.collect.Iterables;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * That no record reads what nobody has written: memory holds whatever was there before, and that is a number like any other. It is
 * for {@code assert}, as {@link VerifyMemory} is.
 *
 * <p>It looks at single elements of single blocks, before one is laid upon another: what is written below is not what is read above.
 * Of a selection, it knows what is read at the index 0 only.
 */
final class VerifyWritten {
    private final String pass;
    /** By block, the elements that have been written. */
    private final Map<Block, BitSet> written = new HashMap<>();

    private VerifyWritten(String pass) {
        this.pass = pass;
    }

    /**
     * Follows the records from what is there before a run to what is there after it.
     *
     * @return true
     * @throws IllegalStateException that names the pass, the record, and the first element that it reads and nobody has written
     */
    static boolean code(String pass, Compiler.Code code) {
        VerifyWritten verify = new VerifyWritten(pass);
        Emit.Code emitted = code.emitted();
        emitted.leaves().forEach(places -> places.forEach(verify::write));
        emitted.literals().forEach(literal -> verify.write(literal.view()));
        for (int record = 0; record < code.drafts().size(); record++) {
            verify.run("record " + record, code.drafts().get(record));
        }
        for (int i = 0; i < emitted.outputs().size(); i++) {
            verify.read("output " + i, emitted.outputs().get(i));
        }
        emitted.training().checks().forEach(view -> verify.read("a check", view));
        emitted.training().commits().forEach(commit -> verify.run("commit", commit));
        return true;
    }

    private void run(String name, Draft draft) {
        List<View> touched = draft.touched();
        int reads = Math.max(0, touched.size() - draft.written());
        for (View view : Iterables.limit(touched, reads)) {
            read(name + " (" + draft.text() + ")", view);
        }
        touched.subList(reads, touched.size()).forEach(this::write);
    }

    private void write(View view) {
        BitSet elements = written.computeIfAbsent(view.block(), _ -> new BitSet());
        each(view, 0, view.offset(), (from, to) -> elements.set(from, to));
    }

    private void read(String whose, View view) {
        BitSet elements = written.getOrDefault(view.block(), new BitSet());
        each(view, 0, view.offset(), (from, to) -> {
            int missing = elements.nextClearBit(from);
            if (missing < to) {
                throw new IllegalStateException("after " + pass + ": " + whose + " reads element " + missing
                        + " of a block of " + view.block().bytes() + " bytes, " + view + ", that nobody has written");
            }
        });
    }

    @FunctionalInterface
    private interface Run {
        void of(int from, int to);
    }

    /** Elements of a view from an axis on, in runs of neighbors. */
    private static void each(View view, int axis, int from, Run run) {
        if (view.shape().elements() == 0) {
            return;
        }
        int together = together(view, axis);
        if (together > 0) {
            run.of(from, from + together);
            return;
        }
        int steps = view.stride(axis) == 0 ? 1 : view.shape().length(axis);
        for (int i = 0; i < steps; i++) {
            each(view, axis + 1, from + i * view.stride(axis), run);
        }
    }

    /** How many elements lie side by side, if all from an axis on do; else 0. */
    private static int together(View view, int axis) {
        int count = 1;
        for (int i = view.shape().rank() - 1; i >= axis; i--) {
            int length = view.shape().length(i);
            if (length > 1 && view.stride(i) != 0) {
                if (view.stride(i) != count) {
                    return 0;
                }
                count *= length;
            }
        }
        return count;
    }
}
