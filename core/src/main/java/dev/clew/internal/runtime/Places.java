package dev.clew.internal.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the records of a group touch: islands of memory that do not overlap, and in each the stretches that do. An island with very
 * many is not looked into any more: it is as if every part touched all of it.
 */
final class Places {
    private static final int MANY = 64;

    private final TreeMap<Long, Island> islands = new TreeMap<>();

    private static final class Island {
        private long end;
        private boolean isWritten;
        private boolean isCrowded;
        private final List<Reached> stretches = new ArrayList<>();

        Island(long end) {
            this.end = end;
        }

        boolean isFreeFor(Reached next) {
            if (!isWritten && !next.isWritten()) {
                return true;
            }
            if (isCrowded) {
                return false;
            }
            for (int i = 0; i < stretches.size(); i++) {
                Reached each = stretches.get(i);
                if ((each.isWritten() || next.isWritten()) && next.meetsOthersOf(each)) {
                    return false;
                }
            }
            return true;
        }

        void add(Reached stretch) {
            isWritten |= stretch.isWritten();
            if (isCrowded || stretches.stream().anyMatch(stretch::isSameAs)) {
                return;
            }
            if (stretches.size() < MANY) {
                stretches.add(stretch);
            } else {
                isCrowded = true;
                stretches.clear();
            }
        }

        void addAll(Island other) {
            end = Math.max(end, other.end);
            isWritten |= other.isWritten;
            isCrowded |= other.isCrowded;
            other.stretches.forEach(this::add);
        }
    }

    /** Whether a record that touches all these may be done with those before it, without waiting. */
    boolean areFreeFor(List<Reached> next) {
        for (Reached each : next) {
            long start = each.start();
            long end = each.end();
            Map.Entry<Long, Island> before = start < end ? islands.floorEntry(start) : null;
            if (before != null
                    && before.getValue().end > start
                    && !before.getValue().isFreeFor(each)) {
                return false;
            }
            if (start < end
                    && !islands.subMap(start, false, end, false).values().stream()
                            .allMatch(island -> island.isFreeFor(each))) {
                return false;
            }
        }
        return true;
    }

    void add(Reached stretch) {
        long start = stretch.start();
        long end = stretch.end();
        if (start >= end) {
            return;
        }
        Map.Entry<Long, Island> before = islands.floorEntry(start);
        long first = before != null && before.getValue().end > start ? before.getKey() : start;
        Island island = islands.computeIfAbsent(first, _ -> new Island(end));
        island.end = Math.max(island.end, end);
        island.add(stretch);
        for (Map.Entry<Long, Island> next = islands.higherEntry(first);
                next != null && next.getKey() < island.end;
                next = islands.higherEntry(first)) {
            islands.remove(next.getKey());
            island.addAll(next.getValue());
        }
    }
}
