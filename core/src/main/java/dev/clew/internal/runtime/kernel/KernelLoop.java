package dev.clew.internal.runtime.kernel;

import dev.clew.internal.runtime.Divided;
import dev.clew.internal.runtime.Split;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A kernel, once for every set of offsets. Parts are rows. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KernelLoop(Kernel kernel, Cluster cluster, long[][] offsets) implements Divided {

    @Override
    public void run(MemorySegment memory, int part, int parts) {
        int from = Split.share(cluster.rows(), part, parts);
        int to = Split.share(cluster.rows(), part + 1, parts);
        for (long[] each : offsets) {
            kernel.run(memory, each, from, to);
        }
    }

    @Override
    public int pieces() {
        return cluster.rows();
    }

    @Override
    public void reach(int part, int parts, Reach reach) {
        int from = Split.share(cluster.rows(), part, parts);
        int to = Split.share(cluster.rows(), part + 1, parts);
        int inputs = cluster.inputs().size();
        for (long[] each : offsets) {
            for (int i = 0; i < each.length; i++) {
                Stream stream = i < inputs ? cluster.inputs().get(i) : cluster.outputs().get(i - inputs).stream();
                long bytes = stream.type().bytes();
                long row = stream.rowStride() * bytes;
                long length = stream.columnStride() == 0 ? bytes : cluster.columns() * bytes;
                long first = each[i] + Math.min(from * row, (to - 1) * row);
                long end = from < to ? each[i] + Math.max(from * row, (to - 1) * row) + length : first;
                if (i < inputs) {
                    reach.reads(first, end);
                } else {
                    reach.writes(first, end);
                }
            }
        }
    }

    @Override
    public List<Trial> trials() {
        return kernel.trials();
    }
}
