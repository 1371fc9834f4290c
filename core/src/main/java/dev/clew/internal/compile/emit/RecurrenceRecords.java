package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.layout.LoopNest;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.runtime.kernel.Cluster;
import dev.clew.internal.runtime.sweep.Recurrence;
import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Scan;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;

/**
 * Recurrences h ← a·h + b as one record: where a step has elements side by side, a kernel that is run once for every step, and
 * otherwise a sweep.
 */
final class RecurrenceRecords {
    /** With fewer elements side by side a kernel's call costs more than what it does. */
    private static final int LEAST_COLUMNS = 8;

    private final EmitRecords emit;
    private final Node node;
    private final int steps;
    /** All of a, every b, and h. */
    private final List<MemoryView> whole;
    /** What the first step reads and writes: a, the state before, every b, h. */
    private final List<MemoryView> first;
    /** How far each is from one step to the next, in bytes. */
    private final long[] moves;

    /**
     * A recurrence along an axis.
     *
     * @param from the place of a and of every b that the first step reads
     * @param begin the place of h that the first step reads
     * @param move from a place to the next, 1 or −1
     */
    private RecurrenceRecords(
            EmitRecords emit, Node node, List<MemoryView> whole, int axis, int from, int begin, int move) {
        this.emit = emit;
        this.node = node;
        this.whole = whole;
        this.steps = whole.getLast().shape().length(axis) - 1;
        List<MemoryView> all = new ArrayList<>(whole);
        all.add(1, whole.getLast());
        this.first = new ArrayList<>();
        this.moves = new long[all.size()];
        for (int i = 0; i < all.size(); i++) {
            MemoryView view = all.get(i);
            boolean isWritten = i == all.size() - 1;
            first.add(at(view, axis, i == 1 ? begin : isWritten ? begin + move : from));
            moves[i] = (long) view.stride(axis) * view.type().bytes() * move;
        }
    }

    static void emit(EmitRecords emit, Node node, Scan scan, MemoryView h) {
        List<MemoryView> whole = new ArrayList<>();
        whole.add(emit.view(node.input(0)));
        switch (scan) {
            case Scan.LinearRecurrence linear -> {
                whole.add(emit.view(node.input(1)));
                whole.add(h);
                linear(emit, node, linear, whole);
            }
            case SteppedRecurrence stepped -> {
                for (int input = 2; input < node.inputCount(); input++) {
                    whole.add(emit.view(node.input(input)));
                }
                whole.add(h);
                stepped(emit, node, stepped, whole);
            }
        }
    }

    /** The first state is the first term. */
    private static void linear(EmitRecords emit, Node node, Scan.LinearRecurrence scan, List<MemoryView> whole) {
        MemoryView h = whole.getLast();
        int last = h.shape().length(scan.axis()) - 1;
        int begin = scan.reversed() ? last : 0;
        int move = scan.reversed() ? -1 : 1;
        emit.copy(at(whole.get(1), scan.axis(), begin), at(h, scan.axis(), begin));
        if (last > 0) {
            new RecurrenceRecords(emit, node, whole, scan.axis(), begin + move, begin, move).add();
        }
    }

    private static void stepped(EmitRecords emit, Node node, SteppedRecurrence scan, List<MemoryView> whole) {
        MemoryView h = whole.getLast();
        int steps = h.shape().length(0) - 1;
        int begin = scan.reversed() ? steps : 0;
        emit.copy(emit.view(node.input(1)), at(h, 0, begin));
        if (steps > 0) {
            int from = scan.reversed() ? steps - 1 : 0;
            new RecurrenceRecords(emit, node, whole, 0, from, begin, scan.reversed() ? -1 : 1).add();
        }
    }

    /** One element along an axis, without the axis. */
    private static MemoryView at(MemoryView view, int axis, int at) {
        IntArrayList strides = new IntArrayList();
        for (int i = 0; i < view.shape().rank(); i++) {
            if (i != axis) {
                strides.add(view.stride(i));
            }
        }
        return new MemoryView(
                view.block(),
                view.offset() + at * view.stride(axis),
                view.shape().without(axis),
                IntTuple.of(strides.toIntArray()),
                view.type());
    }

    private void add() {
        Shape step = first.getLast().shape();
        double nanos = RecordDraft.estimate((long) moves.length * steps * step.elements(), whole);
        LoopNest nest = LoopNest.of(step, first);
        int inner = KernelRecords.innerLength(nest, first.size());
        boolean isSweep = inner < LEAST_COLUMNS && whole.size() == 3;
        emit.add(new RecordDraft(node.describe(), whole, nanos, isSweep ? sweep() : kernel(nest, inner)));
    }

    private RecordDraft.Maker kernel(LoopNest nest, int inner) {
        int inputs = first.size() - 1;
        ImmutableList<Cluster.Step> each = each(inputs);
        IntArrayList written = IntArrayList.of(inputs + each.size() - 1);
        Cluster cluster = KernelRecords.cluster(nest, inner, first, inputs, each, written);
        int around = KernelRecords.around(nest, inner);
        return form -> LoopRecords.loop(cluster, offsets(KernelRecords.offsets(nest, around, first)), form);
    }

    private ImmutableList<Cluster.Step> each(int inputs) {
        DType type = node.type();
        if (!(node.op() instanceof SteppedRecurrence scan)) {
            return ImmutableList.of(Cluster.Step.multiplyAdd(type, 0, 1, 2));
        }
        IntArrayList terms = new IntArrayList();
        for (int input = 2; input < inputs; input++) {
            terms.add(input);
        }
        terms.add(scan.at(), inputs);
        Cluster.Step product =
                new Cluster.Step.Apply(TensorAccess.get().formula(Binary.TIMES), type, type, IntTuple.of(0, 1));
        return ImmutableList.of(product, new Cluster.Step.Add(type, IntTuple.of(terms.toIntArray())));
    }

    /** Those of the first step, and of all others after it. */
    private long[][] offsets(long[]... begin) {
        long[][] offsets = new long[steps * begin.length][first.size()];
        for (int i = 0; i < offsets.length; i++) {
            for (int view = 0; view < first.size(); view++) {
                offsets[i][view] = begin[i % begin.length][view] + i / begin.length * moves[view];
            }
        }
        return offsets;
    }

    private RecordDraft.Maker sweep() {
        List<MemoryView> starts = List.of(first.get(0), first.get(2), first.get(3));
        LoopNest rows = LoopNest.of(starts.getFirst().shape(), starts);
        boolean isAlongRows =
                Math.abs(moves[3]) < Math.abs((long) rows.step(2) * node.type().bytes());
        LoopNest nest = isAlongRows ? rows.inward() : rows;
        boolean isFused = node.op() instanceof Scan.LinearRecurrence;
        return form -> new Recurrence(node.type(), isFused, steps, moves[0], moves[2], moves[3], nest.sweep(starts));
    }
}
