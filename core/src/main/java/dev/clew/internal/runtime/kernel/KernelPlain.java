package dev.clew.internal.runtime.kernel;

import java.lang.foreign.MemorySegment;

/** Runs a cluster step by step over blocks of a few hundred elements, which stay in the cache of a core. */
final class KernelPlain implements Kernel {
    private final ClusterForm form;
    private final ClusterPasses passes;

    KernelPlain(ClusterForm form) {
        this.form = form;
        this.passes = new ClusterPasses(form.cluster());
    }

    static KernelPlain of(Cluster cluster) {
        return new KernelPlain(ClusterForm.of(cluster));
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
