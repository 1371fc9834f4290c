package dev.clew.internal.compile.layout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives every block its place in one memory. Blocks whose records overlap in time lie apart; others may share. Going through
 * the records, each block takes the smallest gap that is large enough, and gives it back after its last use.
 */
public final class ArrangeBlocks {
    /** Vector kernels read whole vectors at the end of rows, also of the last block. */
    private static final long SLACK = MemoryBlock.ALIGNMENT;

    private final TreeMap<Long, Long> gaps = new TreeMap<>(); // begin -> end
    private long end;

    private ArrangeBlocks() {}

    /** Puts the blocks, and says how many bytes they need. */
    public static long of(List<MemoryBlock> blocks) {
        ArrangeBlocks arrange = new ArrangeBlocks();
        List<MemoryBlock> byFirst = new ArrayList<>(blocks);
        byFirst.sort(Comparator.comparingInt(MemoryBlock::first));
        List<MemoryBlock> byLast = new ArrayList<>(blocks);
        byLast.sort(Comparator.comparingInt(MemoryBlock::last));
        ArrayDeque<MemoryBlock> dying = new ArrayDeque<>(byLast);
        for (MemoryBlock block : byFirst) {
            while (!dying.isEmpty() && dying.getFirst().last() < block.first()) {
                MemoryBlock dead = dying.removeFirst();
                arrange.free(dead.base(), dead.base() + size(dead));
            }
            block.put(arrange.take(size(block)));
        }
        return arrange.end + SLACK;
    }

    /**
     * Whole cache lines; of large blocks a few more, for neighbors whose distance is a multiple of 4096 bytes displace each other
     * in the first-level cache, and look to a core as if one were written where the other is read.
     */
    private static long size(MemoryBlock block) {
        long size = Math.max(
                MemoryBlock.ALIGNMENT,
                (block.bytes() + MemoryBlock.ALIGNMENT - 1) / MemoryBlock.ALIGNMENT * MemoryBlock.ALIGNMENT);
        return size >= PAGE ? size + STAGGER : size;
    }

    private static final long PAGE = 4096;
    private static final long STAGGER = 5 * MemoryBlock.ALIGNMENT;

    private long take(long size) {
        long from = -1;
        long to = Long.MAX_VALUE;
        for (Map.Entry<Long, Long> gap : gaps.entrySet()) {
            long length = gap.getValue() - gap.getKey();
            if (length >= size && (from < 0 || length < to - from)) {
                from = gap.getKey();
                to = gap.getValue();
            }
        }
        if (from < 0) {
            // At the end; a gap there is part of it.
            Map.Entry<Long, Long> last = gaps.lastEntry();
            from = last != null && last.getValue() == end ? last.getKey() : end;
            gaps.remove(from);
            end = from + size;
        } else {
            gaps.remove(from);
            if (from + size < to) {
                gaps.put(from + size, to);
            }
        }
        return from;
    }

    private void free(long from, long to) {
        long begin = from;
        long stop = to;
        Map.Entry<Long, Long> before = gaps.lowerEntry(from);
        if (before != null && before.getValue() == from) {
            begin = before.getKey();
            gaps.remove(begin);
        }
        Long after = gaps.remove(to);
        gaps.put(begin, after == null ? stop : after);
    }
}
