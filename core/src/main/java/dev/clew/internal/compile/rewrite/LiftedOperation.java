package dev.clew.internal.compile.rewrite;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.Unpick;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;

/** What an operation is along a new first axis. */
final class LiftedOperation {
    private LiftedOperation() {}

    static boolean isPossible(Node node) {
        return switch (node.op()) {
            case Elementwise _ -> true;
            case Reduction.Sum _, Reduction.Max _, Reduction.ArgMax _ -> true;
            case Movement.Broadcast _, Movement.Reshape _, Movement.Transpose _ -> true;
            case Movement.Slice _, Movement.Concat _ -> true;
            case Selection.Pick _, Unpick _, Selection.OneHot _ -> true;
            case Place _, Selection.Gather _, Selection.ScatterAdd _, Selection.ArgSort _ -> false;
            case Contraction _, Scan _, Source _, Custom _ -> false;
        };
    }

    static int add(Rewrite rewrite, Node node, int count, int[] inputs) {
        Shape shape = node.shape().insert(0, count);
        if (node.op() instanceof Movement.Broadcast) {
            Shape from = rewrite.node(inputs[0]).shape();
            while (from.rank() < shape.rank()) {
                from = from.insert(1, 1);
            }
            return rewrite.broadcast(rewrite.reshape(inputs[0], from), shape);
        }
        return rewrite.add(op(node, shape, count), shape, node.type(), inputs);
    }

    private static Op op(Node node, Shape shape, int count) {
        return switch (node.op()) {
            case Reduction.Sum sum -> new Reduction.Sum(later(sum.axes()));
            case Reduction.Max max -> new Reduction.Max(later(max.axes()));
            case Reduction.ArgMax max -> new Reduction.ArgMax(later(max.axes()));
            case Movement.Reshape _ -> new Movement.Reshape(shape);
            case Movement.Transpose transpose ->
                new Movement.Transpose(IntTuple.of(0).plus(later(transpose.order())));
            case Movement.Slice slice -> later(Window.of(slice), count).slice();
            case Movement.Concat concat -> new Movement.Concat(concat.axis() + 1, concat.starts());
            case Unpick _ -> new Unpick(shape);
            case Elementwise _, Selection.Pick _, Selection.OneHot _ -> node.op();
            case Movement.Broadcast _, Place _, Selection.Gather _, Selection.ScatterAdd _ -> throw none(node);
            case Selection.ArgSort _, Contraction _, Scan _, Source _, Custom _ -> throw none(node);
        };
    }

    private static IllegalArgumentException none(Node node) {
        return new IllegalArgumentException(node.describe() + " is not lifted so");
    }

    private static IntTuple later(IntTuple axes) {
        return IntTuple.of(axes.stream().map(axis -> axis + 1));
    }

    private static Window later(Window window, int count) {
        return new Window(
                IntTuple.of(0).plus(window.start()),
                IntTuple.of(1).plus(window.step()),
                window.size().insert(0, count));
    }
}
