package dev.clew.internal.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A stretch of memory that a record touches, in what its parts touch of it: of part p the bytes {@code from[p] .. to[p] − 1}. */
@SuppressWarnings("ArrayRecordComponent") // Compared by what is in them.
record Reached(boolean isWritten, long[] from, long[] to) {

    /** All that a record touches. */
    static List<Reached> of(Divided record, int parts) {
        List<Reached> all = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int now = part;
            Taker taker = new Taker(all, part, parts);
            record.reach(now, parts, taker);
            taker.end();
        }
        return all;
    }

    /** Takes what a part touches; the first part says what there is, and the others the same in the same order. */
    private static final class Taker implements Divided.Reach {
        private final List<Reached> all;
        private final int part;
        private final int parts;
        private int next;

        Taker(List<Reached> all, int part, int parts) {
            this.all = all;
            this.part = part;
            this.parts = parts;
        }

        @Override
        public void reads(long from, long to) {
            take(false, from, to);
        }

        @Override
        public void writes(long from, long to) {
            take(true, from, to);
        }

        private void take(boolean isWritten, long from, long to) {
            if (part == 0) {
                all.add(new Reached(isWritten, new long[parts], new long[parts]));
            }
            Reached reached = all.get(next);
            if (reached.isWritten != isWritten) {
                throw new IllegalStateException("part " + part + " touches in another order than part 0");
            }
            reached.from[part] = from;
            reached.to[part] = Math.max(from, to);
            next++;
        }

        void end() {
            if (next != all.size()) {
                throw new IllegalStateException(
                        "part " + part + " touches " + next + " stretches, part 0 " + all.size());
            }
        }
    }

    /** Where it begins, over all parts that touch something; beyond every byte if none does. */
    long start() {
        long start = Long.MAX_VALUE;
        for (int part = 0; part < from.length; part++) {
            start = from[part] < to[part] ? Math.min(start, from[part]) : start;
        }
        return start;
    }

    /** Where it ends. */
    long end() {
        long end = Long.MIN_VALUE;
        for (int part = 0; part < from.length; part++) {
            end = from[part] < to[part] ? Math.max(end, to[part]) : end;
        }
        return end;
    }

    /**
     * Whether a part touches what another part of another stretch does. Parts before and parts behind are taken as one stretch each,
     * which is exact where parts lie in order, and may say yes too often elsewhere.
     */
    boolean meetsOthersOf(Reached other) {
        return meets(other, 0, from.length, 1) || meets(other, from.length - 1, -1, -1);
    }

    private boolean meets(Reached other, int first, int end, int step) {
        long start = Long.MAX_VALUE;
        long stop = Long.MIN_VALUE;
        for (int part = first; part != end; part += step) {
            if (from[part] < to[part] && from[part] < stop && start < to[part]) {
                return true;
            }
            if (other.from[part] < other.to[part]) {
                start = Math.min(start, other.from[part]);
                stop = Math.max(stop, other.to[part]);
            }
        }
        return false;
    }

    boolean isSameAs(Reached other) {
        return isWritten == other.isWritten && Arrays.equals(from, other.from) && Arrays.equals(to, other.to);
    }
}
