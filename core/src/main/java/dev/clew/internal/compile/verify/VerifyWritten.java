package dev.clew.internal.compile.verify;

import com.google.common.collect.Iterables;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
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
public final class VerifyWritten {
    private final String pass;
    /** By block, the elements that have been written. */
    private final Map<MemoryBlock, BitSet> written = new HashMap<>();

    private VerifyWritten(String pass) {
        this.pass = pass;
    }

    /**
     * Follows the records from what is there before a run to what is there after it.
     *
     * @return true
     * @throws IllegalStateException that names the pass, the record, and the first element that it reads and nobody has written
     */
    public static boolean code(String pass, CompiledProgram code) {
        VerifyWritten verify = new VerifyWritten(pass);
        Emitted emitted = code.emitted();
        emitted.leaves().forEach(places -> places.forEach(verify::write));
        emitted.literals().forEach(literal -> verify.write(literal.view()));
        for (int record = 0; record < code.drafts().size(); record++) {
            verify.run("record " + record, code.drafts().get(record));
        }
        for (int i = 0; i < emitted.outputs().size(); i++) {
            verify.read("output " + i, emitted.outputs().get(i));
        }
        emitted.training().checks().forEach(check -> verify.read("a check", check.sums()));
        emitted.training().commits().forEach(commit -> verify.run("commit", commit));
        return true;
    }

    private void run(String name, RecordDraft draft) {
        List<MemoryView> touched = draft.touched();
        int reads = Math.max(0, touched.size() - draft.written());
        for (MemoryView view : Iterables.limit(touched, reads)) {
            read(name + " (" + draft.text() + ")", view);
        }
        touched.subList(reads, touched.size()).forEach(this::write);
    }

    private void write(MemoryView view) {
        BitSet elements = written.computeIfAbsent(view.block(), _ -> new BitSet());
        view.eachRun(elements::set);
    }

    private void read(String whose, MemoryView view) {
        BitSet elements = written.getOrDefault(view.block(), new BitSet());
        view.eachRun((from, to) -> {
            int missing = elements.nextClearBit(from);
            if (missing < to) {
                throw new IllegalStateException("after " + pass + ": " + whose + " reads element " + missing
                        + " of a block of " + view.block().bytes() + " bytes, " + view + ", that nobody has written");
            }
        });
    }
}
