package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import dev.clew.array.IntTuple;
import dev.clew.internal.compile.layout.LoopNest;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.layout.WindowCoverage;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.runtime.kernel.Cluster;
import dev.clew.internal.runtime.sweep.Fill;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;

/** Operations that no kernel computes, as records that sweep over memory; what has no such record falls back to its own rule. */
final class SweepRecords {
    private SweepRecords() {}

    static void emit(EmitRecords emit, int position) {
        Node node = emit.program().node(position);
        MemoryView home = emit.view(position);
        boolean isEmpty = hasEmptyInput(emit, node);
        if (isEmpty && node.isContinued()) {
            emit.begin(node, home); // Nothing is added.
        } else if (isEmpty || !emit(emit, node, home)) {
            emit.add(FallbackRecords.of(emit, position));
        }
    }

    private static boolean hasEmptyInput(EmitRecords emit, Node node) {
        for (int i = 0; i < node.inputCount(); i++) {
            if (emit.program().node(node.input(i)).shape().elements() == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean emit(EmitRecords emit, Node node, MemoryView home) {
        return switch (node.op()) {
            case Selection selection -> SelectionRecords.emit(emit, node, selection, home);
            case Reduction.ArgMax largest -> {
                ReductionRecords.emit(emit, node, largest, home);
                yield true;
            }
            case Scan scan -> {
                RecurrenceRecords.emit(emit, node, scan, home);
                yield true;
            }
            case Place place -> {
                place(emit, node, place, home);
                yield true;
            }
            case Movement.Broadcast _, Movement.Reshape _, Movement.Transpose _ -> false;
            case Movement.Slice _, Movement.Concat _ -> false;
            case Reduction.Sum _, Reduction.Max _ -> false;
            case Elementwise _, Contraction _, Source _, Custom _ -> false;
        };
    }

    /** One number at every element of a view. */
    static RecordDraft fill(double value, MemoryView view) {
        LoopNest nest = LoopNest.of(view.shape(), List.of(view));
        return new RecordDraft(
                "fill " + view.shape() + " with " + value,
                List.of(view),
                form -> new Fill(view.type(), value, nest.sweep(List.of(view))));
    }

    // ----------------------------------------------------------------------------------------------------- windows

    /**
     * Windows that nothing covered before are moved, others are added. Where only a part was covered before, the window is filled
     * with −0 first of all: −0 + x is x, whatever x is, which cannot be said of 0.
     */
    private static void place(EmitRecords emit, Node node, Place place, MemoryView home) {
        WindowCoverage coverage = new WindowCoverage(home.shape());
        List<RecordDraft> prepared = new ArrayList<>();
        List<RecordDraft> placed = new ArrayList<>();
        for (int i = 0; i < node.inputCount(); i++) {
            Window window = place.windows().get(i);
            MemoryView part = home.slice(window);
            WindowCoverage.Before before = coverage.cover(window);
            if (before == WindowCoverage.Before.SOME) {
                prepared.add(fill(-0.0, part));
            }
            MemoryView input = emit.view(node.input(i));
            placed.add(
                    before == WindowCoverage.Before.NOTHING ? LoopRecords.copy(input, part) : add(node, input, part));
        }
        if (!coverage.isComplete()) {
            emit.add(fill(0, home));
        }
        prepared.forEach(emit::add);
        placed.forEach(emit::add);
    }

    private static RecordDraft add(Node node, MemoryView from, MemoryView to) {
        List<MemoryView> all = List.of(to, from, to);
        LoopNest nest = LoopNest.of(to.shape(), all);
        int inner = KernelRecords.innerLength(nest, all.size());
        Cluster.Step sum = new Cluster.Step.Add(to.type(), IntTuple.of(0, 1));
        Cluster cluster = KernelRecords.cluster(nest, inner, all, 2, ImmutableList.of(sum), IntArrayList.of(2));
        return KernelRecords.draft(node.describe(), cluster, nest, inner, all);
    }
}
