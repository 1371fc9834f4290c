package dev.clew.tensor;

import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.Kept;
import dev.clew.internal.tensor.NodeTable;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every node that some tensors depend on, each after its inputs. Collected with a stack of its own, so a graph of any depth
 * fits; nodes are in the order of their creation, so the same program gives the same order.
 */
public final class Graph {
    private final Tensor[] nodes;
    private final NodeTable table;

    private Graph(NodeTable table) {
        this.nodes = table.sorted();
        this.table = table;
    }

    /** Everything the outputs depend on, and the outputs themselves. */
    public static Graph of(List<Tensor> outputs) {
        Present.require("graph", outputs);
        return upTo(outputs, node -> false);
    }

    /**
     * What a tensor depends on among the nodes from a {@linkplain Tensor#number number} on, and those that they are computed from. A node
     * has a higher number than all that it is computed from, so nothing that depends on the node of that number is missing.
     */
    public static Graph since(long number, Tensor output) {
        Present.require("graph", output);
        return upTo(List.of(output), node -> node.number() < number);
    }

    /** What has to be computed for the outputs: without what stands behind tensors whose value is {@link Tensor#known}. */
    public static Graph toCompute(List<Tensor> outputs) {
        Present.require("graph", outputs);
        return upTo(outputs, Kept::isAtHand);
    }

    /** The same, without what stands behind the leaves. */
    static Graph upTo(List<Tensor> outputs, Predicate<Tensor> leaf) {
        NodeTable seen = new NodeTable();
        ArrayDeque<Tensor> open = new ArrayDeque<>();
        for (Tensor output : outputs) {
            if (seen.add(output)) {
                open.push(output);
            }
        }
        while (!open.isEmpty()) {
            Tensor node = open.pop();
            int inputs = leaf.test(node) ? 0 : node.inputCount();
            for (int i = 0; i < inputs; i++) {
                if (seen.add(node.input(i))) {
                    open.push(node.input(i));
                }
            }
        }
        return new Graph(seen);
    }

    /** The nodes, inputs before what is computed from them. */
    public List<Tensor> nodes() {
        return Collections.unmodifiableList(Arrays.asList(nodes));
    }

    /** The node at a position. */
    public Tensor node(int position) {
        return nodes[position];
    }

    /** The number of nodes. */
    public int size() {
        return nodes.length;
    }

    /** The positions of every node's inputs, looked up once; -1 for what stands behind a leaf. */
    public int[][] inputPositions() {
        int[][] all = new int[nodes.length][];
        for (int i = 0; i < nodes.length; i++) {
            int[] inputs = new int[nodes[i].inputCount()];
            for (int input = 0; input < inputs.length; input++) {
                inputs[input] = position(nodes[i].input(input));
            }
            all[i] = inputs;
        }
        return all;
    }

    /** The position of a node in {@link #nodes}, or -1 if it does not belong to the graph. */
    public int position(Tensor node) {
        if (node == null) {
            Present.require("position", node);
        }
        return table.position(node);
    }

    @Override
    public String toString() {
        return "Graph of " + nodes.length + " nodes";
    }
}
