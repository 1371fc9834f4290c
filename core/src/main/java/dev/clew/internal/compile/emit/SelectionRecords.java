package dev.clew.internal.compile.emit;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.compile.layout.LoopNest;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.sweep.Choice;
import dev.clew.internal.runtime.sweep.Gather;
import dev.clew.internal.runtime.sweep.MarkChosen;
import dev.clew.internal.runtime.sweep.Scatter;
import dev.clew.internal.runtime.sweep.Sweep;
import dev.clew.internal.tensor.Unpick;
import dev.clew.tensor.Selection;
import java.util.List;

/**
 * Selections as nests of loops over the indices and, inside, over what one index stands for: there the index does not move.
 * Along the axis that is chosen from nothing moves, since the index says where to go.
 */
final class SelectionRecords {
    private final EmitRecords emit;
    private final Node node;
    private final MemoryView home;

    private SelectionRecords(EmitRecords emit, Node node, MemoryView home) {
        this.emit = emit;
        this.node = node;
        this.home = home;
    }

    /** Emits the records of a selection; false if there are none for it. */
    static boolean emit(EmitRecords emit, Node node, Selection selection, MemoryView home) {
        return new SelectionRecords(emit, node, home).emit(selection);
    }

    private boolean emit(Selection selection) {
        boolean sums = selection instanceof Selection.ScatterAdd || selection instanceof Unpick;
        if (selection instanceof Selection.ArgSort || (sums && !(node.type().isFloating() && isRegular(selection)))) {
            return false;
        }
        if (node.isContinued()) {
            emit.begin(node, home);
        } else if (sums || selection instanceof Selection.OneHot) {
            emit.add(SweepRecords.fill(0, home));
        }
        switch (selection) {
            case Selection.Gather _ -> gather(emit.view(node.input(0)), emit.view(node.input(1)));
            case Selection.Pick _ -> pick(emit.view(node.input(0)), emit.view(node.input(1)));
            case Selection.ScatterAdd _ -> scatter(emit.view(node.input(0)), emit.view(node.input(1)));
            case Unpick _ -> unpick(emit.view(node.input(0)), emit.view(node.input(1)));
            case Selection.OneHot _ -> mark(emit.view(node.input(0)));
            case Selection.ArgSort _ -> {}
        }
        return true;
    }

    /** Whether what is unpicked lies as what is picked would; its shape is not checked when a node is made. */
    private boolean isRegular(Selection selection) {
        Shape x = emit.program().node(node.input(0)).shape();
        Shape indices = emit.program().node(node.input(1)).shape();
        Shape rows = home.shape().without(-1);
        return selection instanceof Selection.ScatterAdd
                || (x.equals(indices)
                        && (indices.equals(rows)
                                || (indices.rank() > rows.rank()
                                        && indices.without(-1).equals(rows))));
    }

    private void gather(MemoryView x, MemoryView indices) {
        MemoryView index = spread(indices, indices.strides(), 0, node.shape());
        add(x, 0, List.of(index, rows(x, node.shape()), home), (choice, sweep) -> new Gather(x.type(), choice, sweep));
    }

    private void scatter(MemoryView x, MemoryView indices) {
        MemoryView index = spread(indices, indices.strides(), 0, x.shape());
        Scatter.Blocks blocks =
                blocks(home.shape().without(0).elements(), indices.shape().elements());
        add(
                home,
                0,
                List.of(index, x, rows(home, x.shape())),
                (choice, sweep) -> new Scatter(x.type(), choice, blocks, sweep));
    }

    /** One block on top of nothing, or of the block that it goes on with, is added one by one with the same bits. */
    private Scatter.Blocks blocks(int each, int run) {
        boolean isOneBlock = node.isContinued() ? node.isInBlock() : run <= BlockSum.BLOCK;
        return isOneBlock ? Scatter.Blocks.NONE : new Scatter.Blocks(each, run);
    }

    private void pick(MemoryView x, MemoryView indices) {
        add(
                x,
                -1,
                List.of(indices, starts(x, indices.shape()), home),
                (choice, sweep) -> new Gather(x.type(), choice, sweep));
    }

    private void unpick(MemoryView x, MemoryView indices) {
        boolean isOne = indices.shape().rank() < home.shape().rank();
        Scatter.Blocks blocks = blocks(1, isOne ? 1 : indices.shape().length(-1));
        add(
                home,
                -1,
                List.of(indices, x, starts(home, indices.shape())),
                (choice, sweep) -> new Scatter(x.type(), choice, blocks, sweep));
    }

    private void mark(MemoryView indices) {
        add(
                home,
                -1,
                List.of(indices, starts(home, indices.shape())),
                (choice, sweep) -> new MarkChosen(home.type(), choice, sweep));
    }

    @FunctionalInterface
    private interface Maker {
        Instruction make(Choice choice, Sweep sweep);
    }

    private void add(MemoryView chosenFrom, int axis, List<MemoryView> views, Maker maker) {
        int at = chosenFrom.shape().axis(axis);
        Choice choice = new Choice(
                node.op().label(),
                axis == 0 ? "rows" : "classes",
                chosenFrom.shape().length(at),
                (long) chosenFrom.stride(at) * chosenFrom.type().bytes());
        LoopNest nest = LoopNest.of(views.getFirst().shape(), views);
        emit.add(new RecordDraft(node.describe(), views, form -> maker.make(choice, nest.sweep(views))));
    }

    /** The first of the rows, for every index. */
    private static MemoryView rows(MemoryView view, Shape shape) {
        int rank = view.shape().rank();
        return spread(view, view.strides().between(1, rank), shape.rank() - rank + 1, shape);
    }

    /** Where the row of every index begins. */
    private static MemoryView starts(MemoryView view, Shape shape) {
        return spread(view, view.strides().between(0, view.shape().rank() - 1), 0, shape);
    }

    /** A view that moves by some strides along the axes from one on, and along others not at all. */
    private static MemoryView spread(MemoryView view, IntTuple strides, int from, Shape shape) {
        int[] all = new int[shape.rank()];
        for (int i = 0; i < strides.length(); i++) {
            all[from + i] = strides.get(i);
        }
        return new MemoryView(view.block(), view.offset(), shape, IntTuple.of(all), view.type());
    }
}
