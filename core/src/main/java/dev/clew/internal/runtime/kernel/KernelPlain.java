package dev.clew.internal.runtime.kernel;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.lang.foreign.MemorySegment;

/**
 * Runs a cluster step by step over blocks of a few hundred elements, which stay in the cache of a core. Equal clusters, of which a
 * loop over time makes one for every step, share one for as long as somebody has it.
 */
final class KernelPlain implements Kernel {
    private static final Cache<Cluster, KernelPlain> KNOWN =
            CacheBuilder.newBuilder().weakValues().build();

    private final ClusterForm form;
    private final ClusterPasses passes;

    KernelPlain(ClusterForm form) {
        this.form = form;
        this.passes = new ClusterPasses(form.cluster());
    }

    static KernelPlain of(Cluster cluster) {
        KernelPlain known = KNOWN.getIfPresent(cluster);
        if (known == null) {
            known = new KernelPlain(ClusterForm.of(cluster));
            KNOWN.put(cluster, known);
        }
        return known;
    }

    @Override
    public void run(MemorySegment memory, long[] offsets, int fromRow, int toRow) {
        KernelWorker worker = KernelWorker.take();
        try {
            if (form.isFlat()) {
                int first = fromRow * form.perRow();
                worker.begin(form.cluster(), passes, memory, offsets, first, toRow * form.perRow() - first);
                worker.rows(0, 1);
            } else {
                worker.begin(
                        form.cluster(),
                        passes,
                        memory,
                        offsets,
                        0,
                        form.cluster().columns());
                worker.rows(fromRow, toRow);
            }
        } finally {
            worker.release();
        }
    }
}
