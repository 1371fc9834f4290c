package dev.clew.internal.compile.program;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * What makes two graphs the same but for their data: operations, parameters, the few numbers that are part of a plan, and the
 * shapes and types of data, node by node in the order of creation. A graph is compared as it stands, up to the first difference.
 *
 * <p>Shapes and types of what is computed follow from operations and inputs, so they are not compared.
 */
public final class Structure {
    /** Of every node: its operation, or the parameter, or what it is as a {@link Leaf}. */
    private final Object[] nodes;
    /** The inputs of node i are at {@code inputs[ends[i - 1]] .. inputs[ends[i] - 1]}. */
    private final int[] ends;

    private final int[] inputs;
    private final int[] outputs;

    /** Numbers that are part of a plan, or come with every run. */
    private sealed interface Leaf {
        Shape shape();

        DType type();
    }

    private record Literal(double number, Shape shape, DType type) implements Leaf {}

    /** One number that fills an array is handed over as that number. */
    private record Data(boolean isRepeated, Shape shape, DType type) implements Leaf {}

    private record Input(Shape shape, DType type) implements Leaf {}

    private Structure(Object[] nodes, int[] ends, int[] inputs, int[] outputs) {
        this.nodes = nodes;
        this.ends = ends;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    public static Structure of(Graph graph, List<Tensor> outputs) {
        Object[] nodes = new Object[graph.size()];
        int[] ends = new int[nodes.length];
        int count = 0;
        for (int i = 0; i < nodes.length; i++) {
            Tensor tensor = graph.node(i);
            nodes[i] =
                    tensor instanceof Parameter ? tensor : tensor.op() instanceof Source ? leaf(tensor) : tensor.op();
            count += tensor.inputCount();
            ends[i] = count;
        }
        int[] inputs = new int[count];
        for (int i = 0; i < nodes.length; i++) {
            Tensor tensor = graph.node(i);
            for (int input = 0; input < tensor.inputCount(); input++) {
                inputs[ends[i] - tensor.inputCount() + input] = graph.position(tensor.input(input));
            }
        }
        return new Structure(
                nodes, ends, inputs, outputs.stream().mapToInt(graph::position).toArray());
    }

    private static Leaf leaf(Tensor tensor) {
        if (!(tensor.op() instanceof Source.Constant constant)) {
            return new Input(tensor.shape(), tensor.dtype());
        }
        NDArray array = constant.array();
        return Literals.isLiteral(array)
                ? new Literal(Literals.number(array), tensor.shape(), tensor.dtype())
                : new Data(Capture.isRepeated(array), tensor.shape(), tensor.dtype());
    }

    /** How many nodes a graph of this structure has. */
    public int size() {
        return nodes.length;
    }

    /** Whether a graph has this structure. */
    public boolean matches(Graph graph, List<Tensor> of) {
        if (graph.size() != nodes.length || of.size() != outputs.length) {
            return false;
        }
        for (int i = 0; i < nodes.length; i++) {
            if (!matches(graph, i)) {
                return false;
            }
        }
        for (int i = 0; i < outputs.length; i++) {
            if (of.get(i) != graph.node(outputs[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(Graph graph, int position) {
        Tensor tensor = graph.node(position);
        Object node = nodes[position];
        int first = position == 0 ? 0 : ends[position - 1];
        if (tensor.inputCount() != ends[position] - first) {
            return false;
        }
        for (int input = 0; input < tensor.inputCount(); input++) {
            if (tensor.input(input) != graph.node(inputs[first + input])) {
                return false;
            }
        }
        return node instanceof Leaf leaf ? matches(leaf, tensor) : node == tensor || node.equals(tensor.op());
    }

    private static boolean matches(Leaf leaf, Tensor tensor) {
        return !(tensor instanceof Parameter)
                && tensor.op() instanceof Source
                && leaf.type() == tensor.dtype()
                && leaf.shape().equals(tensor.shape())
                && leaf.equals(leaf(tensor));
    }
}
