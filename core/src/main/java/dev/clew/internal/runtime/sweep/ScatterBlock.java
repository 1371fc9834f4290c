package dev.clew.internal.runtime.sweep;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/** Rows that are added together, by the place where each goes: known once all indices of a block are. Used again and again. */
final class ScatterBlock {
    static final int NONE = -1;

    /** By row: where it is, where it goes, and which row goes to the same place next. */
    private final LongArrayList from = new LongArrayList();

    private final LongArrayList to = new LongArrayList();
    private final IntArrayList next = new IntArrayList();
    /** The first rows of all places. */
    private final IntArrayList firsts = new IntArrayList();
    /** By place, the last row that goes there. */
    private final Long2IntOpenHashMap last = new Long2IntOpenHashMap();

    ScatterBlock() {
        last.defaultReturnValue(NONE);
    }

    void add(long source, long target) {
        int row = next.size();
        from.add(source);
        to.add(target);
        next.add(NONE);
        int before = last.put(target, row);
        if (before == NONE) {
            firsts.add(row);
        } else {
            next.set(before, row);
        }
    }

    /** How many places there are. */
    int places() {
        return firsts.size();
    }

    int first(int place) {
        return firsts.getInt(place);
    }

    /** The row after another of the same place, or {@link #NONE}. */
    int next(int row) {
        return next.getInt(row);
    }

    long from(int row) {
        return from.getLong(row);
    }

    long to(int row) {
        return to.getLong(row);
    }

    void clear() {
        from.clear();
        to.clear();
        next.clear();
        firsts.clear();
        last.clear();
    }
}
