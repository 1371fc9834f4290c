package dev.clew.tensor;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every node that some tensors depend on, each after its inputs. Collected with a stack of its own, so a graph of any depth
 * fits; nodes are in the order of their creation, so the same program gives the same order.
 */
public final class Graph {
    private final Tensor[] nodes;
    private final Long2IntOpenHashMap positions;

    private Graph(Tensor[] nodes, Long2IntOpenHashMap positions) {
        this.nodes = nodes;
        this.positions = positions;
        for (int i = 0; i < nodes.length; i++) {
            positions.put(nodes[i].number(), i);
        }
    }

    /** Everything the outputs depend on, and the outputs themselves. */
    public static Graph of(List<Tensor> outputs) {
        return upTo(outputs, node -> false);
    }

    /** The same, without what stands behind the leaves. */
    static Graph upTo(List<Tensor> outputs, Predicate<Tensor> leaf) {
        Long2IntOpenHashMap seen = new Long2IntOpenHashMap();
        seen.defaultReturnValue(-1);
        ArrayDeque<Tensor> open = new ArrayDeque<>();
        List<Tensor> found = new ArrayList<>();
        for (Tensor output : outputs) {
            if (seen.putIfAbsent(output.number(), 0) < 0) {
                open.push(output);
            }
        }
        while (!open.isEmpty()) {
            Tensor node = open.pop();
            found.add(node);
            if (leaf.test(node)) {
                continue;
            }
            for (int i = 0; i < node.inputCount(); i++) {
                if (seen.putIfAbsent(node.input(i).number(), 0) < 0) {
                    open.push(node.input(i));
                }
            }
        }
        Tensor[] nodes = found.toArray(new Tensor[0]);
        Arrays.sort(nodes, Comparator.comparingLong(Tensor::number));
        return new Graph(nodes, seen);
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
        return positions.get(node.number());
    }
}
