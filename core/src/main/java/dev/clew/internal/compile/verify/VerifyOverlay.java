package dev.clew.internal.compile.verify;

import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * That of blocks which lie upon each other, nothing is used after something was put there in one that lies higher, and that no record
 * writes over what it still reads. It is for {@code assert}, as {@link VerifyMemory} is.
 */
public final class VerifyOverlay {
    private final String pass;
    /** The lowest blocks of those that lie upon each other. */
    private final Set<MemoryBlock> roots = new HashSet<>();
    /** By lowest block, for every element how high the block lies of which it is now. */
    private final Map<MemoryBlock, byte[]> heights = new HashMap<>();

    private VerifyOverlay(String pass) {
        this.pass = pass;
    }

    /**
     * Follows the records from what is there before a run to what is there after it.
     *
     * @return true
     * @throws IllegalStateException that names the pass, the record, and the first element that another block has taken
     */
    public static boolean code(String pass, CompiledProgram code) {
        VerifyOverlay verify = new VerifyOverlay(pass);
        for (RecordDraft draft : code.drafts()) {
            for (MemoryView view : draft.touched()) {
                if (view.block().isLaid()) {
                    verify.roots.add(view.block().root());
                }
            }
        }
        if (verify.roots.isEmpty()) {
            return true;
        }
        for (int record = 0; record < code.drafts().size(); record++) {
            verify.run("record " + record, code.drafts().get(record));
        }
        Emitted emitted = code.emitted();
        for (int i = 0; i < emitted.outputs().size(); i++) {
            verify.use("output " + i, emitted.outputs().get(i), false);
        }
        emitted.training().checks().forEach(check -> verify.use("a check", check.sums(), false));
        emitted.training().commits().forEach(commit -> verify.run("commit", commit));
        return true;
    }

    private void run(String name, RecordDraft draft) {
        String whose = name + " (" + draft.text() + ")";
        List<MemoryView> laid = draft.touched().stream()
                .filter(view -> roots.contains(view.block().root()))
                .toList();
        boolean isAll = draft.reach() == RecordDraft.Reach.BLOCKS;
        for (int i = 0; i < laid.size(); i++) {
            for (MemoryView other : laid.subList(0, i)) {
                apart(whose, draft.reach(), laid.get(i), other);
            }
            use(whose, laid.get(i), isAll);
        }
        laid.forEach(view -> put(view, isAll));
    }

    /** That two views of a record have no element in common, unless it is read and written together. */
    private void apart(String whose, RecordDraft.Reach reach, MemoryView view, MemoryView other) {
        if (view.block().equals(other.block())
                || !view.block().root().equals(other.block().root())
                || (reach == RecordDraft.Reach.IN_PLACE && view.isLike(other))) {
            return;
        }
        BitSet shared = elements(view);
        shared.and(elements(other));
        if (reach == RecordDraft.Reach.BLOCKS || !shared.isEmpty()) {
            throw new IllegalStateException("after " + pass + ": " + whose
                    + " uses two blocks that lie upon each other, " + view + " and " + other + ", and not in place");
        }
    }

    private static BitSet elements(MemoryView view) {
        BitSet elements = new BitSet();
        view.eachRun(elements::set);
        return elements;
    }

    /** That what is used is still of its block. */
    private void use(String whose, MemoryView view, boolean isAll) {
        byte[] known = heights.get(view.block().root());
        if (known == null) {
            return;
        }
        int height = view.block().height();
        run(view, isAll, (from, to) -> {
            for (int element = from; element < to; element++) {
                if (known[element] > height) {
                    throw new IllegalStateException("after " + pass + ": " + whose + " uses element " + element
                            + " of a block of " + view.block().bytes() + " bytes, " + view
                            + ", where a block upon it has put another");
                }
            }
        });
    }

    private void put(MemoryView view, boolean isAll) {
        MemoryBlock root = view.block().root();
        byte[] known = heights.computeIfAbsent(
                root, _ -> new byte[Math.toIntExact(root.bytes() / view.type().bytes())]);
        byte height = (byte) view.block().height();
        run(view, isAll, (from, to) -> Arrays.fill(known, from, to, height));
    }

    private static void run(MemoryView view, boolean isAll, MemoryView.Run run) {
        if (isAll) {
            run.of(0, Math.toIntExact(view.block().bytes() / view.type().bytes()));
        } else {
            view.eachRun(run);
        }
    }
}
