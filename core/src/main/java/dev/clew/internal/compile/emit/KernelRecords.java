package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.layout.LoopNest;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.runtime.kernel.Cluster;
import dev.clew.internal.runtime.tune.Estimate;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.List;

/** A nest of loops as a kernel's rows and columns, run once for every step of the loops around. */
final class KernelRecords {
    /** A run of elements is cut in rows that are at least so long, for several threads. */
    private static final int SHORTEST = 1024;

    private static final int MOST_ROWS = 256;

    private KernelRecords() {}

    /** The length of the columns: that of the innermost loop, or 1 if some view does not step by 0 or 1 there. */
    static int innerLength(LoopNest nest, int views) {
        for (int view = 0; view < views; view++) {
            if (nest.step(view) != 0 && nest.step(view) != 1) {
                return 1;
            }
        }
        return nest.lengths()[nest.depth() - 1];
    }

    /** The loop that is the rows: the one around the columns, or the innermost one if columns are single elements. */
    private static int rowLoop(LoopNest nest, int inner) {
        boolean isInnermost = inner != nest.lengths()[nest.depth() - 1];
        return isInnermost ? nest.depth() - 1 : nest.depth() - 2;
    }

    /** In how many rows of equal length a run of elements is cut. */
    static int rows(int elements) {
        int rows = Math.min(MOST_ROWS, elements / SHORTEST);
        while (rows > 1 && elements % rows != 0) {
            rows--;
        }
        return Math.max(1, rows);
    }

    static Cluster cluster(
            LoopNest nest,
            int inner,
            List<MemoryView> views,
            int inputs,
            ImmutableList<Cluster.Step> steps,
            IntArrayList written) {
        int rowLoop = rowLoop(nest, inner);
        boolean isRun = rowLoop < 0 && steps.stream().noneMatch(Cluster.Step::isReduction);
        int pieces = isRun ? rows(inner) : 1;
        ImmutableList.Builder<Cluster.Stream> streams = ImmutableList.builder();
        ImmutableList.Builder<Cluster.Output> outputs = ImmutableList.builder();
        for (int i = 0; i < views.size(); i++) {
            int[] strides = nest.strides().get(i);
            Cluster.Stream stream = new Cluster.Stream(
                    views.get(i).type(),
                    pieces > 1 ? strides[0] * (inner / pieces) : rowLoop < 0 ? 0 : strides[rowLoop],
                    rowLoop == nest.depth() - 1 ? 0 : strides[nest.depth() - 1]);
            if (i < inputs) {
                streams.add(stream);
            } else {
                outputs.add(new Cluster.Output(written.getInt(i - inputs), stream));
            }
        }
        int rows = rowLoop < 0 ? pieces : nest.lengths()[rowLoop];
        return new Cluster(rows, inner / pieces, streams.build(), steps, outputs.build());
    }

    /** How many loops there are around rows and columns. */
    static int around(LoopNest nest, int inner) {
        return Math.max(0, rowLoop(nest, inner));
    }

    static RecordDraft draft(String text, Cluster cluster, LoopNest nest, int inner, List<MemoryView> views) {
        int around = around(nest, inner);
        boolean reduces = cluster.steps().stream().anyMatch(Cluster.Step::isReduction);
        RecordDraft.Reach reach = reduces ? RecordDraft.Reach.VIEWS : RecordDraft.Reach.IN_PLACE;
        int count = 1;
        for (int loop = 0; loop < around; loop++) {
            count *= nest.lengths()[loop];
        }
        return new RecordDraft(
                        text,
                        views,
                        RecordDraft.estimate(count * Estimate.operations(cluster), views),
                        form -> LoopRecords.loop(cluster, offsets(nest, around, views), form))
                .reaching(reach)
                .writing(cluster.outputs().size());
    }

    /** Where every view begins, for every step of the loops around. */
    static long[][] offsets(LoopNest nest, int around, List<MemoryView> views) {
        int count = 1;
        for (int loop = 0; loop < around; loop++) {
            count *= nest.lengths()[loop];
        }
        long[][] offsets = new long[count][views.size()];
        for (int i = 0; i < count; i++) {
            for (int view = 0; view < views.size(); view++) {
                offsets[i][view] = views.get(view).address()
                        + (long) nest.position(view, i, around)
                                * views.get(view).type().bytes();
            }
        }
        return offsets;
    }
}
