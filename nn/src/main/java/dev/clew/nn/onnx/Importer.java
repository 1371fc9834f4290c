package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.Shape;
import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.nn.onnx.Literal.Body;
import dev.clew.nn.onnx.Literal.Node;
import dev.clew.nn.onnx.Literal.Numbers;
import dev.clew.nn.onnx.Literal.Port;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes tensors of a graph of ONNX, of the operators that {@link Exporter} writes. */
final class Importer {
    private final Values values = new Values();
    private final RecurrentImport loops = new RecurrentImport(values);

    private Importer() {}

    /** What a file holds. */
    record Imported(
            ImmutableMap<String, Tensor> outputs,
            ImmutableMap<String, Parameter> parameters,
            ImmutableList<ImmutableList<Run<?>>> runs) {}

    static Imported tensors(Body graph) throws MalformedMessageException {
        return new Importer().of(graph);
    }

    private Imported of(Body graph) throws MalformedMessageException {
        for (Map.Entry<String, Numbers> each : graph.initializers().entrySet()) {
            values.putInitializer(each.getKey(), each.getValue());
        }
        for (Port port : graph.inputs()) {
            requireNotWide(port);
            values.put(
                    port.name(),
                    Tensor.input(port.name(), port.kind().dtype(), shape(port).lengths()));
        }
        for (Node node : graph.nodes()) {
            Call call = new Call(node);
            put(call);
            call.requireAllAsked();
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (Port port : graph.outputs()) {
            requireNotWide(port);
            Tensor output = values.tensor(port.name());
            if (!output.shape().equals(shape(port))
                    || output.dtype() != port.kind().dtype()) {
                throw new MalformedMessageException("the output '" + port.name() + "' is said to be " + port.kind()
                        + " " + port.lengths() + " but its formula is " + output.describe() + "; both must agree");
            }
            outputs.put(port.name(), output);
        }
        return new Imported(ImmutableMap.copyOf(outputs), ImmutableMap.copyOf(values.parameters()), loops.runs());
    }

    private static void requireNotWide(Port port) throws MalformedMessageException {
        if (port.kind() == ElementKind.INT64) {
            throw new MalformedMessageException(
                    "'" + port.name() + "' is INT64; whole numbers that enter or leave models of Clew are INT32");
        }
    }

    private static Shape shape(Port port) {
        return Shape.of(port.lengths().stream().mapToInt(Math::toIntExact).toArray());
    }

    private void put(Call node) throws MalformedMessageException {
        if (node.operator().equals("Constant")) {
            values.put(node.outputs().getFirst(), node.numbers("value"));
            return;
        }
        requireNoArithmetic(node);
        List<Tensor> results = results(node);
        if (results.isEmpty() || results.size() < node.outputs().size()) {
            throw new MalformedMessageException("the operator '" + node.operator() + "' with "
                    + node.outputs().size()
                    + " outputs is none that Clew writes; what Clew has written is read back, and"
                    + " weights of other models are best read from safetensors");
        }
        for (int i = 0; i < node.outputs().size(); i++) {
            if (!node.outputs().get(i).isEmpty()) {
                values.put(node.outputs().get(i), results.get(i));
            }
        }
    }

    /** Indices are of INT64 on the way, and of i32 here: they are moved and used, and nothing is computed with them. */
    private static final Set<String> TAKE_INDICES = Set.of(
            "Reshape",
            "Cast",
            "Gather",
            "GatherElements",
            "ScatterND",
            "ScatterElements",
            "Expand",
            "Slice",
            "Pad",
            "TopK",
            "ReduceSum",
            "ReduceMax");

    private void requireNoArithmetic(Call node) throws MalformedMessageException {
        boolean isOfIndices = TAKE_INDICES.contains(node.operator());
        for (String name : node.inputs()) {
            if (!isOfIndices && values.isWide(name)) {
                throw new MalformedMessageException("the operator " + node.operator() + " for '"
                        + node.outputs().getFirst() + "' computes with '" + name
                        + "', which is INT64; whole numbers of Clew are INT32");
            }
        }
        boolean isMadeWide = node.operator().equals("Cast") && node.whole("to", 0) == ElementKind.INT64.number();
        boolean staysWide =
                node.operator().equals("Reshape") && values.isWide(node.inputs().getFirst());
        if (isMadeWide || staysWide || node.operator().equals("ArgMax")) {
            values.putWide(node.outputs().getFirst());
        } else if (node.operator().equals("TopK") && node.outputs().size() == 2) {
            values.putWide(node.outputs().getLast());
        }
    }

    /** None if it is no operator that is read. */
    private List<Tensor> results(Call node) throws MalformedMessageException {
        try {
            List<Tensor> loop = loops.of(node);
            List<Tensor> moved = loop.isEmpty() ? MovementImport.of(node, values) : loop;
            List<Tensor> chosen = moved.isEmpty() ? SelectionImport.of(node, values) : moved;
            return chosen.isEmpty() ? ElementwiseImport.of(node, values) : chosen;
        } catch (IllegalArgumentException | ArithmeticException error) { // What does not fit together says so.
            MalformedMessageException wrong = new MalformedMessageException("the operator " + node.operator() + " for '"
                    + node.outputs().getFirst() + "' does not fit what it is given: " + error.getMessage());
            wrong.initCause(error);
            throw wrong;
        }
    }

    static List<Tensor> required(Call node, List<Tensor> x, int count) throws MalformedMessageException {
        requireInputs(node, count);
        return x;
    }

    static void requireInputs(Call node, int count) throws MalformedMessageException {
        if (node.inputs().size() != count) {
            throw new MalformedMessageException("a " + node.operator() + " has "
                    + node.inputs().size() + " inputs; in models of Clew it has " + count);
        }
    }
}
