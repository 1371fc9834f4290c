package dev.clew.internal.runtime.sweep;

import java.lang.foreign.MemorySegment;

/**
 * A nest of loops in which up to three places in memory move, each by its own step in every loop. The innermost loop is a row,
 * which is left to whoever sweeps.
 *
 * @param lengths of the loops, the outermost first; at least one
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Sweep(int[] lengths, Path first, Path second, Path third) {

    /**
     * Where a place begins, in bytes, and how far it moves.
     *
     * @param steps in bytes, for every loop
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Path(long start, long[] steps) {
        /** How far the place moves within a row. */
        long step() {
            return steps[steps.length - 1];
        }
    }

    /** What is done with the row that begins at three places. */
    interface Row {
        void row(MemorySegment memory, long first, long second, long third);
    }

    /** Of as many places as there are paths. */
    public static Sweep of(int[] lengths, Path... paths) {
        Path none = new Path(0, new long[lengths.length]);
        return new Sweep(
                lengths,
                paths.length > 0 ? paths[0] : none,
                paths.length > 1 ? paths[1] : none,
                paths.length > 2 ? paths[2] : none);
    }

    /** The length of a row. */
    int count() {
        return lengths[lengths.length - 1];
    }

    /** Does every row, in order. */
    void each(MemorySegment memory, Row row) {
        each(memory, row, 0, first.start, second.start, third.start);
    }

    private void each(MemorySegment memory, Row row, int loop, long a, long b, long c) {
        if (loop == lengths.length - 1) {
            row.row(memory, a, b, c);
            return;
        }
        for (int i = 0; i < lengths[loop]; i++) {
            each(
                    memory,
                    row,
                    loop + 1,
                    a + i * first.steps[loop],
                    b + i * second.steps[loop],
                    c + i * third.steps[loop]);
        }
    }
}
