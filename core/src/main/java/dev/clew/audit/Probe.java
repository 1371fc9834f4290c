package dev.clew.audit;

import dev.clew.array.NDArray;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Tensor;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Evaluates a graph again and again with other numbers at one of its nodes. Only what depends on the node is computed again,
 * by each operation's own rule; no parameter is touched.
 */
final class Probe {
    private final Graph graph;
    private final Set<Tensor> held;
    private final NDArray[] base;

    /** Nodes that are held keep their numbers, whatever moves before them, or move as the formula does whose derivative they have. */
    Probe(Tensor y, Set<Tensor> held) {
        this.held = held;
        this.graph = Graph.of(List.of(y));
        this.base = new NDArray[graph.size()];
        for (int i = 0; i < base.length; i++) {
            base[i] = value(graph.node(i), base);
        }
    }

    Graph graph() {
        return graph;
    }

    /** The value of a node, as it is. */
    NDArray base(int position) {
        return base[position];
    }

    /** The values of all nodes, by position, as they are. */
    NDArray[] values() {
        return base.clone();
    }

    /** The value of the result, as it is. */
    NDArray result() {
        return base[base.length - 1];
    }

    /** The positions of all nodes that depend on one of them, itself not among them. */
    int[] dependents(Tensor x) {
        BitSet moved = new BitSet();
        IntArrayList found = new IntArrayList();
        int from = graph.position(x);
        if (from < 0) {
            return new int[0];
        }
        moved.set(from);
        for (int i = from + 1; i < base.length; i++) {
            for (Tensor input : followed(graph.node(i))) {
                if (moved.get(graph.position(input)) && !moved.get(i)) {
                    moved.set(i);
                    found.add(i);
                }
            }
        }
        return found.toIntArray();
    }

    private List<Tensor> followed(Tensor node) {
        if (!held.contains(node)) {
            return node.inputs();
        }
        return isDeclared(node) ? List.of(node.input(1)) : List.of();
    }

    private static boolean isDeclared(Tensor node) {
        return node.op() == Binary.WITH_DERIVATIVE_OF;
    }

    /** The values of all nodes, by position, if x had these numbers. */
    NDArray[] moved(Tensor x, int[] dependents, NDArray numbers) {
        NDArray[] values = base.clone();
        if (graph.position(x) >= 0) {
            values[graph.position(x)] = numbers;
        }
        for (int position : dependents) {
            values[position] = moved(position, values);
        }
        return values;
    }

    /** The value of the result, if several nodes had other numbers. */
    NDArray moved(Map<Tensor, NDArray> numbers) {
        NDArray[] values = new NDArray[base.length];
        for (int i = 0; i < values.length; i++) {
            NDArray known = numbers.get(graph.node(i));
            values[i] = known != null ? known : moved(i, values);
        }
        return values[values.length - 1];
    }

    /** A node that has the derivative of another formula, and is held, moves as far as that one. */
    private NDArray moved(int position, NDArray[] values) {
        Tensor node = graph.node(position);
        if (!held.contains(node) || !isDeclared(node)) {
            return value(node, values);
        }
        int followed = graph.position(node.input(1));
        double[] numbers = base[position].toDoubles();
        double[] before = base[followed].toDoubles();
        double[] now = values[followed].toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += now[i] - before[i];
        }
        return NDArray.of(node.shape(), numbers).cast(node.dtype());
    }

    private NDArray value(Tensor node, NDArray[] values) {
        List<NDArray> inputs = new ArrayList<>(node.inputCount());
        for (Tensor input : node.inputs()) {
            inputs.add(values[graph.position(input)]);
        }
        return node.op().value(node, inputs);
    }
}
