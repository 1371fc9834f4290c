package dev.clew.internal.compile.layout;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Blocks that lie upon others, though both are in use at a time: where every element of the upper block is written only after the
 * element beneath was used for the last time, or by the loop that uses it, in its place. So the gradients of a stack of steps, which
 * go backward, take the place of what they are made of, step by step.
 */
public final class OverlayBlocks {
    /** A block that fewer records touch is no stack of steps, and not worth the search. */
    private static final int FEW_RECORDS = 4;

    /** How many blocks are tried to lie upon. */
    private static final int TRIES = 4;

    private static final int MOST_ALIKE = 16;

    private final List<RecordDraft> drafts;
    /** The records that touch a block of which some touch a part. */
    private final Map<MemoryBlock, IntArrayList> records = new HashMap<>();

    private OverlayBlocks(List<RecordDraft> drafts) {
        this.drafts = drafts;
    }

    /** Lays blocks upon others, and gives those that remain. */
    public static List<MemoryBlock> of(List<RecordDraft> drafts, List<MemoryBlock> blocks) {
        OverlayBlocks overlay = new OverlayBlocks(drafts);
        overlay.index();
        List<MemoryBlock> stacks = new ArrayList<>(blocks);
        stacks.removeIf(block -> overlay.of(block).size() < FEW_RECORDS);
        stacks.sort(Comparator.comparingInt(MemoryBlock::first));
        Map<Long, List<MemoryBlock>> lower = new HashMap<>();
        for (MemoryBlock block : stacks) {
            List<MemoryBlock> alike = lower.computeIfAbsent(block.bytes(), _ -> new ArrayList<>());
            if (!overlay.isLaid(block, alike)) {
                alike.add(block);
            }
        }
        List<MemoryBlock> left = new ArrayList<>(blocks);
        left.removeIf(MemoryBlock::isLaid);
        return left;
    }

    /** Finds the records that touch blocks of which some records touch parts. */
    private void index() {
        for (RecordDraft draft : drafts) {
            for (MemoryView view : draft.touched()) {
                if (view.block().bytes()
                        > (long) view.shape().elements() * view.type().bytes()) {
                    records.putIfAbsent(view.block(), new IntArrayList());
                }
            }
        }
        for (int record = 0; record < drafts.size(); record++) {
            for (MemoryView view : drafts.get(record).touched()) {
                IntArrayList known = records.get(view.block());
                if (known != null && (known.isEmpty() || known.getInt(known.size() - 1) != record)) {
                    known.add(record);
                }
            }
        }
    }

    private boolean isLaid(MemoryBlock upper, List<MemoryBlock> alike) {
        int tries = 0;
        for (int i = alike.size() - 1; i >= Math.max(0, alike.size() - MOST_ALIKE) && tries < TRIES; i--) {
            MemoryBlock lower = alike.get(i);
            boolean meet = lower.first() < upper.first()
                    && upper.first() <= lower.last()
                    && lower.last() < drafts.size()
                    && lower.last() < upper.last();
            if (meet) {
                tries++;
                if (fits(lower, upper)) {
                    upper.layOn(lower);
                    records.put(lower, merged(of(lower), of(upper)));
                    return true;
                }
            }
        }
        return false;
    }

    private IntArrayList of(MemoryBlock block) {
        return records.getOrDefault(block, new IntArrayList());
    }

    private static IntArrayList merged(IntArrayList a, IntArrayList b) {
        IntArrayList all = new IntArrayList(a);
        all.addAll(b);
        all.sort(Integer::compare);
        return all;
    }

    /** Whether nothing of one block is used after something was put there in the other. */
    private boolean fits(MemoryBlock lower, MemoryBlock upper) {
        ElementRuns written = new ElementRuns();
        IntArrayList both = merged(of(lower), of(upper));
        int bytes = touched(drafts.get(of(upper).getInt(0)), upper)
                .getFirst()
                .type()
                .bytes();
        for (int i = 0; i < both.size(); i++) {
            boolean isSeen = i > 0 && both.getInt(i) == both.getInt(i - 1);
            if (!isSeen && !fits(drafts.get(both.getInt(i)), lower, upper, bytes, written)) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(
            RecordDraft draft, MemoryBlock lower, MemoryBlock upper, int bytes, ElementRuns written) {
        List<MemoryView> above = touched(draft, upper);
        List<MemoryView> beneath = touched(draft, lower);
        boolean isAlike = Stream.concat(above.stream(), beneath.stream())
                .allMatch(view -> view.type().bytes() == bytes);
        if (!isAlike) {
            return false;
        }
        if (draft.reach() == RecordDraft.Reach.BLOCKS) {
            if (!beneath.isEmpty() && !(written.isEmpty() && above.isEmpty())) {
                return false;
            }
            if (!above.isEmpty()) {
                written.add(0, (int) (upper.bytes() / bytes));
            }
            return true;
        }
        if (!isFree(draft, beneath, above, written)) {
            return false;
        }
        above.forEach(written::add);
        return true;
    }

    /** Whether a record uses nothing beneath that was written above, by records before or by itself, unless in its place. */
    private static boolean isFree(
            RecordDraft draft, List<MemoryView> beneath, List<MemoryView> above, ElementRuns written) {
        ElementRuns now = new ElementRuns();
        if (!beneath.isEmpty()) {
            above.forEach(now::add);
        }
        for (MemoryView view : beneath) {
            boolean isInPlace = draft.reach() == RecordDraft.Reach.IN_PLACE
                    && above.stream().anyMatch(view::isLike);
            if (written.meets(view) || (now.meets(view) && !isInPlace)) {
                return false;
            }
        }
        return true;
    }

    private static List<MemoryView> touched(RecordDraft draft, MemoryBlock block) {
        return draft.touched().stream()
                .filter(view -> view.block().root().equals(block))
                .toList();
    }
}
