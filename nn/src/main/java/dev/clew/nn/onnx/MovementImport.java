package dev.clew.nn.onnx;

import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Operators of ONNX that move elements, as operations. */
final class MovementImport {
    private MovementImport() {}

    /** What the operator gives, or nothing if it is of another kind. */
    static List<Tensor> of(Call node, Values values) throws MalformedMessageException {
        return switch (node.operator()) {
            case "Expand" -> List.of(expanded(node, values));
            case "Reshape" -> List.of(reshaped(node, values));
            case "Transpose" -> List.of(transposed(node, Importer.required(node, values.tensors(node), 1)));
            case "Concat" -> List.of(Tensor.concat(node.axis(0), values.tensors(node)));
            case "Slice" -> List.of(sliced(node, values));
            case "Pad" -> List.of(padded(node, values));
            default -> List.of();
        };
    }

    /** Without the flag a length of 0 is that of the operand. */
    private static Tensor reshaped(Call node, Values values) throws MalformedMessageException {
        Importer.requireInputs(node, 2);
        int[] lengths = values.wholes(node.inputs().get(1));
        boolean isZero = node.flag("allowzero", false);
        node.require(
                isZero || Arrays.stream(lengths).allMatch(length -> length > 0), "allowzero", "1 where a length is 0");
        return values.tensor(node.inputs().get(0)).reshape(Shape.of(lengths));
    }

    private static Tensor transposed(Call node, List<Tensor> x) throws MalformedMessageException {
        int[] order = node.wholes("perm");
        node.require(order.length == x.getFirst().shape().rank(), "perm", "there, with every axis");
        return x.getFirst().transpose(order);
    }

    private static Tensor expanded(Call node, Values values) throws MalformedMessageException {
        Importer.requireInputs(node, 2);
        Tensor x = values.tensor(node.inputs().get(0));
        Shape to = Shape.of(values.wholes(node.inputs().get(1)));
        return x.broadcastTo(Shape.broadcast(x.shape(), to));
    }

    private static Tensor sliced(Call node, Values values) throws MalformedMessageException {
        Importer.requireInputs(node, 5);
        Tensor x = values.tensor(node.inputs().get(0));
        int[] starts = values.wholes(node.inputs().get(1));
        int[] ends = values.wholes(node.inputs().get(2));
        int[] axes = values.wholes(node.inputs().get(3));
        int[] steps = values.wholes(node.inputs().get(4));
        boolean areAlike =
                starts.length == ends.length && starts.length == axes.length && starts.length == steps.length;
        if (!areAlike || Arrays.stream(steps).anyMatch(step -> step == 0)) {
            throw new MalformedMessageException("a Slice has " + starts.length + " starts, " + ends.length + " ends, "
                    + axes.length + " axes and the steps " + Arrays.toString(steps)
                    + "; there is one of each for every axis, and no step is 0");
        }
        int[] start = new int[x.shape().rank()];
        int[] step = new int[x.shape().rank()];
        Arrays.fill(step, 1);
        Shape size = x.shape();
        for (int i = 0; i < axes.length; i++) {
            int axis = x.shape().axis(axes[i]);
            int length = x.shape().length(axis);
            long from = bounded(starts[i], length, steps[i] > 0 ? 0 : -1, steps[i] > 0 ? length : length - 1L);
            long to = bounded(ends[i], length, steps[i] > 0 ? 0 : -1, steps[i] > 0 ? length : length - 1L);
            long count = Math.max(0, Math.ceilDivExact(to - from, (long) steps[i]));
            start[axis] = count == 0 ? 0 : (int) from;
            step[axis] = count == 0 ? 1 : steps[i];
            size = size.with(axis, (int) count);
        }
        return new Movement.Slice(IntTuple.of(start), IntTuple.of(step), size).on(x);
    }

    /** A negative bound counts from the end; beyond either end it is that. */
    private static long bounded(int bound, int length, long least, long most) {
        long counted = bound < 0 ? (long) bound + length : bound;
        return Math.clamp(counted, least, Math.max(least, most));
    }

    private static Tensor padded(Call node, Values values) throws MalformedMessageException {
        Importer.requireInputs(node, 2);
        Tensor x = values.tensor(node.inputs().get(0));
        int[] pads = values.wholes(node.inputs().get(1));
        int rank = x.shape().rank();
        if (pads.length != 2 * rank) {
            throw new MalformedMessageException(
                    "a Pad of " + x.shape() + " has " + pads.length + " pads; there are two for every axis");
        }
        Tensor padded = x;
        for (int axis = 0; axis < rank; axis++) {
            padded = pads[axis] == 0 && pads[rank + axis] == 0
                    ? padded
                    : padded.pad(axis, pads[axis], pads[rank + axis], 0);
        }
        return padded;
    }
}
