package dev.clew.internal.runtime.kernel;

import dev.clew.internal.runtime.Divided;
import dev.clew.internal.runtime.Split;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.kernel.KernelColumns.ColumnSum;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Sums over rows, once for every pair of offsets: where the rows begin, and where the sums go. Parts are
 * strips of columns.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record SumRows(KernelColumns kernel, ColumnSum sum, long[][] offsets) implements Divided {
    /** What parts are made of, in columns. */
    private static final int STRIP = 16;

    @Override
    public void run(MemorySegment memory, int part, int parts) {
        int from = first(part, parts);
        int to = first(part + 1, parts);
        for (int i = 0; from < to && i < offsets.length; i++) {
            kernel.run(memory, offsets[i][0], offsets[i][1], from, to);
        }
    }

    @Override
    public int pieces() {
        return Math.ceilDiv(sum.columns(), STRIP);
    }

    private int first(int part, int parts) {
        return Math.min(sum.columns(), Split.share(pieces(), part, parts) * STRIP);
    }

    @Override
    public void reach(int part, int parts, Reach reach) {
        long bytes = sum.type().bytes();
        long from = first(part, parts) * bytes;
        long to = first(part + 1, parts) * bytes;
        long last = Math.max(0, sum.rows() - 1) * (long) sum.rowStride() * bytes;
        for (long[] each : offsets) {
            reach.reads(each[0] + from, from < to ? each[0] + last + to : each[0] + from);
            reach.writes(each[1] + from, each[1] + to);
        }
    }

    @Override
    public List<Trial> trials() {
        return kernel.trials();
    }
}
