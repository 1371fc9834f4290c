package dev.clew.nn.onnx;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.nn.onnx.Literal.Body;
import dev.clew.nn.onnx.Literal.Node;
import dev.clew.nn.onnx.Literal.Port;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recurrences along an axis as operators of ONNX: a running sum, or a scan with one product and one sum in every step. */
record ScanExport(Emission to, Tensor node, List<String> x) {
    /** Whether a graph is h' = a·h + b, wired as here. */
    static boolean isStep(Body body) {
        List<String> in = body.inputs().stream().map(Port::name).toList();
        List<String> out = body.outputs().stream().map(Port::name).toList();
        List<Node> nodes = body.nodes();
        List<String> operators = nodes.stream().map(Node::operator).toList();
        if (in.size() != 3
                || out.size() != 2
                || !body.initializers().isEmpty()
                || !operators.equals(List.of("Mul", "Add", "Identity", "Identity"))) {
            return false;
        }
        return nodes.get(0).inputs().equals(List.of(in.get(1), in.get(0)))
                && nodes.get(1).inputs().equals(List.of(nodes.get(0).outputs().getFirst(), in.get(2)))
                && nodes.get(2).inputs().equals(nodes.get(1).outputs())
                && nodes.get(3).inputs().equals(nodes.get(2).outputs())
                && out.get(0).equals(nodes.get(2).outputs().getFirst())
                && out.get(1).equals(nodes.get(3).outputs().getFirst());
    }

    Optional<String> of(Scan operation) {
        return switch (operation) {
            case Scan.LinearRecurrence recurrence -> Optional.of(recurrence(recurrence));
            case SteppedRecurrence _ -> Optional.empty(); // Only plans make them.
        };
    }

    private String recurrence(Scan.LinearRecurrence recurrence) {
        int axis = recurrence.axis();
        int length = node.shape().length(axis);
        if (length <= 1) {
            return to.apply("Identity", x.get(1));
        }
        if (isOne(node.input(0))) {
            return to.apply(
                    "CumSum",
                    Map.of("reverse", new Literal.Whole(recurrence.reversed() ? 1 : 0)),
                    x.get(1),
                    to.constant(NDArray.of(axis)));
        }
        int first = recurrence.reversed() ? length - 1 : 0;
        int from = recurrence.reversed() ? 0 : 1;
        String start = window(x.get(1), axis, first, first + 1);
        String state = MovementExport.reshaped(to, start, node.shape().without(axis));
        String rest = scan(
                recurrence,
                state,
                window(x.get(0), axis, from, from + length - 1),
                window(x.get(1), axis, from, from + length - 1));
        List<String> parts = recurrence.reversed() ? List.of(rest, start) : List.of(start, rest);
        return to.apply("Concat", Map.of("axis", new Literal.Whole(axis)), parts, 1)
                .getFirst();
    }

    private String window(String of, int axis, int from, int end) {
        return MovementExport.sliced(to, of, node.shape(), axis, from, end);
    }

    private String scan(Scan.LinearRecurrence recurrence, String state, String factors, String terms) {
        int backwards = recurrence.reversed() ? 1 : 0;
        Map<String, Literal> attributes = Map.of(
                "num_scan_inputs", new Literal.Whole(2),
                "scan_input_axes", Emission.axes(recurrence.axis(), recurrence.axis()),
                "scan_input_directions", Emission.axes(backwards, backwards),
                "scan_output_axes", Emission.axes(recurrence.axis()),
                "scan_output_directions", Emission.axes(backwards),
                "body", body(recurrence.axis()));
        return to.apply("Scan", attributes, List.of(state, factors, terms), 2).getLast();
    }

    /** h' = a·h + b. */
    private Body body(int axis) {
        Emission body = to.body();
        DType dtype = node.dtype();
        Shape row = node.shape().without(axis);
        String h = to.fresh("state");
        String a = to.fresh("factor");
        String b = to.fresh("term");
        String carried = to.fresh("next");
        String shown = to.fresh("output");
        body.rename(body.apply("Add", body.apply("Mul", a, h), b), carried);
        body.rename(carried, shown);
        return body.body(
                "linear_recurrence",
                List.of(Port.of(h, dtype, row), Port.of(a, dtype, row), Port.of(b, dtype, row)),
                List.of(Port.of(carried, dtype, row), Port.of(shown, dtype, row)));
    }

    private static boolean isOne(Tensor factors) {
        Tensor number = factors.op() instanceof Movement.Broadcast ? factors.input(0) : factors;
        return number.op() instanceof Source.Constant constant
                && number.shape().rank() == 0
                && constant.array().item() == 1;
    }
}
