package dev.clew.runtime;

import java.lang.foreign.MemorySegment;

/**
 * A kernel, once for every set of offsets.
 *
 * @param isLarge whether its rows are worth two threads
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Loop(Kernel kernel, int rows, long[][] offsets, boolean isLarge) implements Instruction, Workers.Task {
    /** Elements of a loop that takes about 10 µs. */
    private static final int LARGE = 1 << 15;

    /** Whether a cluster is worth two threads: it has rows to share, and enough elements. */
    public static boolean isLarge(Cluster cluster) {
        return cluster.rows() > 1 && (long) cluster.rows() * cluster.columns() >= LARGE;
    }

    @Override
    public void run(MemorySegment memory) {
        if (isLarge) {
            Workers.run(this, memory);
        } else {
            run(memory, 0, 1);
        }
    }

    @Override
    public void run(MemorySegment memory, int part, int parts) {
        int from = (int) ((long) rows * part / parts);
        int to = (int) ((long) rows * (part + 1) / parts);
        for (long[] each : offsets) {
            kernel.run(memory, each, from, to);
        }
    }
}
