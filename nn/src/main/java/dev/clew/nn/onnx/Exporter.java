package dev.clew.nn.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.nn.onnx.Literal.Body;
import dev.clew.nn.onnx.Literal.Port;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Writes a graph of tensors as one of ONNX: every node once, after what it is computed from, with a stack of its own. */
final class Exporter {
    private final Emission to;
    private final Map<Tensor, String> names = new HashMap<>();
    private final Map<String, Port> inputs = new LinkedHashMap<>();
    private final Map<Parameter, String> parameters;
    private final Map<Parameter, String> madeUp = new HashMap<>();
    private final Map<Tensor, RecurrentExport.Result> runs;

    private Exporter(
            Set<String> reserved, Map<Parameter, String> parameters, Map<Tensor, RecurrentExport.Result> runs) {
        this.to = new Emission(reserved);
        this.parameters = parameters;
        this.runs = runs;
    }

    /**
     * A graph with these outputs.
     *
     * @param parameters the names of some
     * @param runs loops that are one operator, each alone or with that from the other end
     */
    static Body export(
            Map<String, Tensor> outputs, Map<Parameter, String> parameters, List<ImmutableList<Run<?>>> runs) {
        Set<String> reserved = new HashSet<>(parameters.values());
        for (Tensor node : Graph.of(List.copyOf(outputs.values())).nodes()) {
            if (node.op() instanceof Source.Input input) {
                reserved.add(input.name());
            }
        }
        Exporter exporter = new Exporter(reserved, parameters, RecurrentExport.of(runs));
        outputs.keySet().forEach(name -> exporter.take(name, "an output"));
        List<Port> ports = new ArrayList<>();
        outputs.forEach((name, tensor) -> {
            exporter.to.rename(exporter.valueOf(tensor), name);
            ports.add(Port.of(name, tensor.dtype(), tensor.shape()));
        });
        return exporter.to.body("clew", ImmutableList.copyOf(exporter.inputs.values()), ports);
    }

    private void take(String name, String what) {
        boolean isText = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(name);
        if (name.isEmpty() || name.indexOf(0) >= 0 || !isText) {
            throw new IllegalArgumentException("export to ONNX: " + what + " is named '" + name
                    + "'; a name of ONNX is a text that is not empty and has no U+0000");
        }
        if (!to.take(name)) {
            throw new IllegalArgumentException("export to ONNX: " + what + " is named '" + name
                    + "', as another value is; names of inputs, outputs and parameters must differ");
        }
    }

    private String valueOf(Tensor output) {
        ArrayDeque<Tensor> open = new ArrayDeque<>();
        open.push(output);
        while (!open.isEmpty()) {
            Tensor node = open.peek();
            List<Tensor> operands = names.containsKey(node) ? List.of() : operands(node);
            int before = open.size();
            operands.reversed().stream()
                    .filter(each -> !names.containsKey(each))
                    .forEach(open::push);
            if (open.size() == before) {
                open.pop();
                emit(node, operands);
            }
        }
        return named(output);
    }

    private String named(Tensor node) {
        String name = names.get(node);
        if (name == null) {
            throw new IllegalStateException(node.describe() + " was not written before what is computed from it");
        }
        return name;
    }

    private void emit(Tensor node, List<Tensor> operands) {
        if (names.containsKey(node)) {
            return; // Two nodes had asked for it.
        }
        List<String> x = operands.stream().map(this::named).toList();
        RecurrentExport.Result result = runs.get(node);
        if (node.shape().elements() == 0 && !(node.op() instanceof Source)) {
            // Nothing is to be computed, and onnxruntime (1.28) divides by 0 where a scan has empty rows.
            names.put(node, to.constant(NDArray.full(0, node.dtype(), node.shape())));
        } else if (result != null) {
            result.loop().write(to, x, this::nameOf);
            names.put(node, result.made().apply(to));
        } else {
            names.put(node, written(node, x));
        }
    }

    /**
     * What a node is written from. Operators of ONNX broadcast by themselves, so where one operand of an elementwise operation has the
     * shape of the result, others are taken as they were before they were broadcast.
     */
    private List<Tensor> operands(Tensor node) {
        RecurrentExport.Result result = runs.get(node);
        if (result != null) {
            return result.loop().operands();
        }
        if (node.op() == Binary.WITH_DERIVATIVE_OF) {
            return List.of(node.input(0));
        }
        boolean isWhole = node.inputs().stream().anyMatch(each -> !(each.op() instanceof Movement.Broadcast));
        boolean broadcasts = node.op() instanceof Elementwise && isWhole;
        return IntStream.range(0, node.inputCount())
                .mapToObj(node::input)
                .map(each -> broadcasts && each.op() instanceof Movement.Broadcast ? each.input(0) : each)
                .toList();
    }

    private String written(Tensor node, List<String> x) {
        Op op = node.op();
        Optional<String> name = switch (op) {
            case Source source -> Optional.of(source(node, source));
            case Elementwise elementwise -> new ElementwiseExport(to, node, x).of(elementwise);
            case Contraction.MatMul product -> Optional.of(product(node, product, x));
            case Reduction reduction -> Optional.of(new ReductionExport(to, node, x).of(reduction));
            case Scan scan -> new ScanExport(to, node, x).of(scan);
            case Movement movement -> Optional.of(new MovementExport(to, node, x).of(movement));
            case Selection selection -> Optional.of(new SelectionExport(to, node, x).of(selection));
            case Custom _ -> Optional.empty();
        };
        return name.orElseThrow(() -> new IllegalArgumentException("export to ONNX of " + node.describe()
                + node.site().map(site -> " at " + site).orElse("") + ": ONNX has no operator for " + op.label()
                + (op instanceof Custom
                        ? ", whose value is Java code; write it as a formula of tensors, or build the formula as it is used, without"
                                + " dropout"
                        : "; write the formula with operations that it has")));
    }

    private String source(Tensor node, Source source) {
        return switch (source) {
            case Source.Constant constant -> constant(node, constant);
            case Source.Input input -> input(input);
            case Source.Variable _ -> variable(node);
        };
    }

    private String constant(Tensor node, Source.Constant constant) {
        if (constant.isDrawn()) {
            throw new IllegalArgumentException("export to ONNX of " + node.describe()
                    + ": it was drawn at random for one evaluation, and every run of the model would repeat it; build the"
                    + " formula as it is used, without dropout, or make it an input");
        }
        return to.constant(constant.array());
    }

    /** Two inputs of one name, type and shape are the same. */
    private String input(Source.Input input) {
        Port port = Port.of(input.name(), input.type(), input.shape());
        Port before = inputs.putIfAbsent(input.name(), port);
        if (before == null) {
            take(input.name(), "an input");
        } else if (!before.equals(port)) {
            throw new IllegalArgumentException("export to ONNX: two inputs are named '" + input.name() + "', "
                    + before.kind() + " " + before.lengths() + " and " + port.kind() + " " + port.lengths()
                    + "; give them different names");
        }
        return input.name();
    }

    private String variable(Tensor node) {
        if (!(node instanceof Parameter parameter)) {
            throw new IllegalStateException(node.describe() + " is a variable that is no parameter");
        }
        String given = parameters.getOrDefault(parameter, "");
        if (!given.isEmpty()) {
            take(given, "a parameter");
        }
        return to.initializer(nameOf(parameter), parameter.value());
    }

    /** One that was given no name gets one; a parameter that is a model itself has an empty one in it. */
    private String nameOf(Parameter parameter) {
        String given = parameters.getOrDefault(parameter, "");
        return given.isEmpty() ? madeUp.computeIfAbsent(parameter, _ -> to.fresh("parameter")) : given;
    }

    private String product(Tensor node, Contraction.MatMul product, List<String> x) {
        String a = product.transposeA() ? transposed(node.input(0), x.get(0)) : x.get(0);
        String b = product.transposeB() ? transposed(node.input(1), x.get(1)) : x.get(1);
        return to.apply("MatMul", a, b);
    }

    private String transposed(Tensor operand, String name) {
        int rank = operand.shape().rank();
        int[] order = IntStream.range(0, rank).toArray();
        order[rank - 1] = rank - 2;
        order[rank - 2] = rank - 1;
        return to.apply("Transpose", ImmutableMap.of("perm", Emission.axes(order)), name);
    }
}
