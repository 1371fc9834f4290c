package dev.clew.compile;

import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Selection;

/** What an operation is along a new first axis. */
final class Lifted {
    private Lifted() {}

    static boolean isPossible(Node node) {
        return switch (node.op()) {
            case Elementwise elementwise -> true;
            case Reduction reduction -> true;
            case Movement movement -> !(movement instanceof Movement.Place);
            case Selection.Pick pick -> true;
            case Selection.Unpick unpick -> true;
            case Selection.OneHot oneHot -> true;
            default -> false;
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
            case Movement.Reshape reshape -> new Movement.Reshape(shape);
            case Movement.Transpose transpose ->
                new Movement.Transpose(ImmutableIntArray.builder()
                        .add(0)
                        .addAll(later(transpose.order()))
                        .build());
            case Movement.Slice slice -> new Movement.Slice(later(slice.window(), count));
            case Movement.Concat concat -> new Movement.Concat(concat.axis() + 1, concat.starts());
            case Selection.Unpick unpick -> new Selection.Unpick(shape);
            default -> node.op();
        };
    }

    private static ImmutableIntArray later(ImmutableIntArray axes) {
        ImmutableIntArray.Builder moved = ImmutableIntArray.builder();
        axes.forEach(axis -> moved.add(axis + 1));
        return moved.build();
    }

    private static Movement.Window later(Movement.Window window, int count) {
        return new Movement.Window(
                ImmutableIntArray.builder().add(0).addAll(window.start()).build(),
                ImmutableIntArray.builder().add(1).addAll(window.step()).build(),
                window.size().insert(0, count));
    }
}
