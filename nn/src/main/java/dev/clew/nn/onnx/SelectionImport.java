package dev.clew.nn.onnx;

import dev.clew.array.Shape;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.internal.tensor.Unpick;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Operators of ONNX that choose, reduce, multiply and run along an axis, as operations. */
final class SelectionImport {
    private SelectionImport() {}

    /** What the operator gives, or nothing if it is of another kind. */
    static List<Tensor> of(Call node, Values values) throws MalformedMessageException {
        return switch (node.operator()) {
            case "Gather" -> {
                List<Tensor> x = Importer.required(node, values.tensors(node), 2);
                yield List.of(x.get(0).gather(node.axis(0), x.get(1)));
            }
            case "GatherElements" -> {
                List<Tensor> x = Importer.required(node, values.tensors(node), 2);
                yield List.of(x.get(0).takeAlong(node.axis(0), x.get(1)));
            }
            case "ScatterND" -> List.of(scattered(node, Importer.required(node, values.tensors(node), 3)));
            case "ScatterElements" -> List.of(unpicked(node, Importer.required(node, values.tensors(node), 3)));
            case "TopK" -> sorted(node, values);
            case "ReduceSum" -> List.of(operand(node, values).sum(true, axes(node, values)));
            case "ReduceMax" -> List.of(operand(node, values).max(true, axes(node, values)));
            case "ArgMax" -> {
                node.require(!node.flag("keepdims", true), "keepdims", "0");
                yield List.of(Importer.required(node, values.tensors(node), 1)
                        .getFirst()
                        .argMax(node.axis(0)));
            }
            case "MatMul" -> {
                List<Tensor> x = Importer.required(node, values.tensors(node), 2);
                yield List.of(x.get(0).matmul(x.get(1)));
            }
            case "CumSum" -> List.of(summed(node, values));
            case "Scan" -> scanned(node, Importer.required(node, values.tensors(node), 3));
            default -> List.of();
        };
    }

    private static Tensor operand(Call node, Values values) throws MalformedMessageException {
        Importer.requireInputs(node, 2);
        return values.tensor(node.inputs().get(0));
    }

    private static int[] axes(Call node, Values values) throws MalformedMessageException {
        int[] axes = values.wholes(node.inputs().get(1));
        if (axes.length == 0) {
            throw new MalformedMessageException("a " + node.operator() + " has no axes; models of Clew name them");
        }
        return axes;
    }

    private static void requireSum(Call node) throws MalformedMessageException {
        String reduction = node.word("reduction", "none");
        if (!reduction.equals("add")) {
            throw new MalformedMessageException(
                    "a " + node.operator() + " has the reduction '" + reduction + "'; models of Clew have 'add'");
        }
    }

    private static Tensor scattered(Call node, List<Tensor> x) throws MalformedMessageException {
        requireSum(node);
        Tensor indices = x.get(1);
        int last = indices.shape().rank() - 1;
        if (last < 0 || indices.shape().length(last) != 1) {
            throw new MalformedMessageException("a ScatterND has the indices " + indices.shape()
                    + "; those of models of Clew have 1 as the last length");
        }
        Tensor rows = indices.reshape(indices.shape().without(last));
        return x.get(0).plus(new Selection.ScatterAdd(x.get(0).shape()).on(x.get(2), rows));
    }

    private static Tensor unpicked(Call node, List<Tensor> x) throws MalformedMessageException {
        requireSum(node);
        Shape into = x.get(0).shape();
        boolean fits = into.rank() > 0
                && into.axis(node.axis(0)) == into.rank() - 1
                && x.get(1).shape().equals(x.get(2).shape())
                && x.get(1).shape().rank() == into.rank()
                && x.get(1).shape().with(-1, into.length(-1)).equals(into);
        if (!fits) {
            throw new MalformedMessageException("a ScatterElements into " + into + " has the indices "
                    + x.get(1).shape() + " and the updates " + x.get(2).shape()
                    + "; those of models of Clew are alike, and go along the last axis");
        }
        return x.get(0).plus(new Unpick(into).on(x.get(2), x.get(1)));
    }

    private static List<Tensor> sorted(Call node, Values values) throws MalformedMessageException {
        Importer.requireInputs(node, 2);
        Tensor x = values.tensor(node.inputs().get(0));
        int[] count = values.wholes(node.inputs().get(1));
        if (x.shape().rank() == 0 || count.length != 1 || count[0] != x.shape().length(-1)) {
            throw new MalformedMessageException(
                    "a TopK of " + x.shape() + " takes a part; models of Clew sort the whole last axis");
        }
        boolean isDescending = node.flag("largest", true);
        return List.of(x.sort(-1, isDescending), x.argSort(-1, isDescending));
    }

    private static Tensor summed(Call node, Values values) throws MalformedMessageException {
        Tensor x = operand(node, values);
        int[] axis = values.wholes(node.inputs().get(1));
        if (axis.length != 1) {
            throw new MalformedMessageException("a CumSum has " + axis.length + " axes; it has one");
        }
        boolean isBackwards = node.flag("reverse", false);
        return isBackwards
                ? x.linearRecurrenceBackwards(axis[0], Tensor.of(1.0).cast(x.dtype()))
                : x.cumulativeSum(axis[0]);
    }

    /** h' = a·h + b, the one scan that Clew writes. */
    private static List<Tensor> scanned(Call node, List<Tensor> x) throws MalformedMessageException {
        int[] axes = node.wholes("scan_input_axes");
        int[] directions = node.wholes("scan_input_directions");
        boolean isRecurrence = ScanExport.isStep(node.body("body"))
                && node.whole("num_scan_inputs", 0) == 2
                && axes.length == 2
                && directions.length == 2
                && axes[0] == axes[1]
                && directions[0] == directions[1]
                && Arrays.equals(node.wholes("scan_output_axes"), new int[] {axes[0]})
                && Arrays.equals(node.wholes("scan_output_directions"), new int[] {directions[0]})
                && (directions[0] == 0 || directions[0] == 1);
        if (!isRecurrence) {
            throw new MalformedMessageException(
                    "a Scan is no linear recurrence; models of Clew have steps of one product and one sum");
        }
        Tensor start = x.get(0);
        Tensor factors = x.get(1);
        Tensor terms = x.get(2);
        boolean isBackwards = directions[0] == 1;
        Tensor h = (isBackwards ? terms.flip(axes[0]) : terms)
                .linearRecurrence(axes[0], isBackwards ? factors.flip(axes[0]) : factors, start);
        Tensor last = h.get(axes[0], -1);
        return List.of(last, isBackwards ? h.flip(axes[0]) : h);
    }
}
