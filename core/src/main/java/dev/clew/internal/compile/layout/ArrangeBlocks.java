package dev.clew.internal.compile.layout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives every block its place in one memory. Blocks whose records overlap in time lie apart; others may share. Going through
 * the records, each block takes the smallest gap that is large enough, and gives it back after its last use.
 */
public final class ArrangeBlocks {
    /** Vector kernels read whole vectors at the end of rows, also of the last block. */
    private static final long SLACK = MemoryBlock.ALIGNMENT;

    private final TreeMap<Long, Long> gaps = new TreeMap<>(); // begin -> end
    private final TreeSet<Gap> byLength = new TreeSet<>();
    private long end;

    private ArrangeBlocks() {}

    /** A gap; the shorter comes first, and of two of one length the one that begins first. */
    private record Gap(long length, long from) implements Comparable<Gap> {
        @Override
        public int compareTo(Gap other) {
            int lengths = Long.compare(length, other.length);
            return lengths != 0 ? lengths : Long.compare(from, other.from);
        }
    }

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
        Gap gap = byLength.ceiling(new Gap(size, 0));
        if (gap != null) {
            remove(gap.from);
            if (gap.length > size) {
                add(gap.from + size, gap.from + gap.length);
            }
            return gap.from;
        }
        // At the end; a gap there is part of it.
        Map.Entry<Long, Long> last = gaps.lastEntry();
        long from = end;
        if (last != null && last.getValue() == end) {
            from = last.getKey();
            remove(from);
        }
        end = from + size;
        return from;
    }

    private void free(long from, long to) {
        Map.Entry<Long, Long> before = gaps.lowerEntry(from);
        long begin = before != null && before.getValue() == from ? before.getKey() : from;
        if (begin < from) {
            remove(begin);
        }
        Long after = gaps.get(to);
        if (after != null) {
            remove(to);
        }
        add(begin, after == null ? to : after);
    }

    private void add(long from, long to) {
        gaps.put(from, to);
        byLength.add(new Gap(to - from, from));
    }

    private void remove(long from) {
        Long to = gaps.remove(from);
        if (to != null) {
            byLength.remove(new Gap(to - from, from));
        }
    }
}
