package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.layout.LoopNest;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.runtime.kernel.Cluster;
import dev.clew.internal.runtime.kernel.KernelColumns;
import dev.clew.internal.runtime.kernel.SumRows;
import dev.clew.internal.runtime.sweep.Largest;
import dev.clew.internal.runtime.tune.Estimate;
import dev.clew.tensor.Reduction;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.List;
import java.util.Optional;

/** Sums and largest elements as kernels along rows; axes that do not lie so are copied together first. */
final class ReductionRecords {
    private ReductionRecords() {}

    static void emit(EmitRecords emit, Node node, Reduction reduction, MemoryView home) {
        MemoryView x = emit.view(node.input(0));
        int[] axes = reduction.axes().toArray();
        MemoryView kept = part(x, axes, false);
        MemoryView reduced = part(x, axes, true);
        LoopNest inner = LoopNest.of(reduced.shape(), List.of(reduced));
        if (reduction instanceof Reduction.Sum && columns(emit, kept, inner, part(home, axes, false))) {
            return;
        }
        boolean mayStep = reduction instanceof Reduction.ArgMax || inner.lengths()[0] == 1;
        if (inner.depth() > 1 || (inner.step(0) != 1 && !mayStep)) {
            MemoryView together = emit.copy(x.permute(lastly(x.shape().rank(), axes)));
            kept = leading(together, kept.shape().rank());
            inner = new LoopNest(new int[] {reduced.shape().elements()}, List.of(new int[] {1}));
        }
        if (reduction instanceof Reduction.ArgMax) {
            largest(emit, node, kept, inner, part(home, axes, false));
        } else {
            rows(emit, node, reduction, kept, inner, part(home, axes, false));
        }
    }

    private static void rows(
            EmitRecords emit, Node node, Reduction reduction, MemoryView kept, LoopNest inner, MemoryView home) {
        LoopNest nest = LoopNest.of(kept.shape(), List.of(kept, home));
        int rowLoop = nest.depth() - 1;
        int columns = inner.lengths()[0];
        Cluster.Step step = reduction instanceof Reduction.Sum
                ? new Cluster.Step.Sum(node.type(), 0)
                : new Cluster.Step.Max(node.type(), 0);
        Cluster.Stream in =
                new Cluster.Stream(kept.type(), nest.strides().get(0)[rowLoop], columns == 1 ? 0 : inner.step(0));
        Cluster.Stream out = new Cluster.Stream(home.type(), nest.strides().get(1)[rowLoop], 0);
        Cluster cluster = new Cluster(
                nest.lengths()[rowLoop],
                columns,
                ImmutableList.of(in),
                ImmutableList.of(step),
                ImmutableList.of(new Cluster.Output(1, out)));
        List<MemoryView> both = List.of(kept, home);
        emit.add(new RecordDraft(
                reduction.label() + " " + kept.shape() + " of " + columns,
                both,
                estimate(kept, columns),
                form -> LoopRecords.loop(cluster, KernelRecords.offsets(nest, rowLoop, both), form)));
    }

    /** A sum over rows, adding whole rows, if what is summed steps from row to row and what is kept lies in rows. */
    private static boolean columns(EmitRecords emit, MemoryView kept, LoopNest inner, MemoryView home) {
        List<MemoryView> both = List.of(kept, home);
        LoopNest nest = LoopNest.of(kept.shape(), both);
        int last = nest.depth() - 1;
        int count = nest.lengths()[last];
        boolean lies = inner.depth() == 1
                && inner.step(0) >= count
                && inner.lengths()[0] > 1
                && count > 1
                && nest.step(0) == 1
                && nest.step(1) == 1;
        if (lies) {
            KernelColumns.ColumnSum sum =
                    new KernelColumns.ColumnSum(kept.type(), inner.lengths()[0], count, inner.step(0));
            emit.add(new RecordDraft(
                    "sum of " + sum.rows() + " rows " + kept.shape(),
                    both,
                    estimate(kept, sum.rows()),
                    form -> new SumRows(kernel(sum, form), sum, KernelRecords.offsets(nest, last, both))));
        }
        return lies;
    }

    private static KernelColumns kernel(KernelColumns.ColumnSum sum, RecordDraft.Form form) {
        return (form == RecordDraft.Form.VECTOR ? KernelColumns.vector(sum) : Optional.<KernelColumns>empty())
                .orElseGet(() -> KernelColumns.plain(sum));
    }

    private static void largest(EmitRecords emit, Node node, MemoryView kept, LoopNest inner, MemoryView home) {
        List<MemoryView> both = List.of(kept, home);
        LoopNest nest = LoopNest.of(kept.shape(), both);
        int size = inner.lengths()[0];
        long step = (long) inner.step(0) * kept.type().bytes();
        emit.add(new RecordDraft(
                node.op().label() + " " + kept.shape() + " of " + size,
                both,
                estimate(kept, size),
                form -> new Largest(kept.type(), size, step, nest.sweep(both))));
    }

    /** How long it takes, at the core's peak, to reduce so many elements for each that is kept. */
    private static double estimate(MemoryView kept, int each) {
        long elements = (long) kept.shape().elements() * each;
        return Estimate.nanos(elements, kept.type(), elements * kept.type().bytes());
    }

    /** Only the named axes of a view, or only the others. */
    private static MemoryView part(MemoryView view, int[] axes, boolean named) {
        IntArrayList lengths = new IntArrayList();
        IntArrayList strides = new IntArrayList();
        for (int axis = 0; axis < view.shape().rank(); axis++) {
            if (Ints.contains(axes, axis) == named) {
                lengths.add(view.shape().length(axis));
                strides.add(view.stride(axis));
            }
        }
        return new MemoryView(
                view.block(),
                view.offset(),
                Shape.of(lengths.toIntArray()),
                IntTuple.of(strides.toIntArray()),
                view.type());
    }

    private static MemoryView leading(MemoryView view, int count) {
        int[] rest = new int[view.shape().rank() - count];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = count + i;
        }
        return part(view, rest, false);
    }

    private static IntTuple lastly(int rank, int[] axes) {
        IntArrayList order = new IntArrayList(rank);
        for (int axis = 0; axis < rank; axis++) {
            if (!Ints.contains(axes, axis)) {
                order.add(axis);
            }
        }
        return IntTuple.of(order.toIntArray()).plus(IntTuple.of(axes));
    }
}
