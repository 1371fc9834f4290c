package dev.clew.internal.audit;

import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** The nodes of a graph as lines of a program: what each is applied to, what uses it, and what it is whatever the step. */
final class Lines {
    private final Graph graph;
    private final Set<Tensor> parameters;
    private final Set<Tensor> initial;
    private final int[][] inputs;
    private final int[][] users;
    private final int[] kinds;
    private final BitSet literals;

    Lines(Graph graph, Set<Tensor> parameters, Set<Tensor> initial) {
        this.graph = graph;
        this.parameters = parameters;
        this.initial = initial;
        this.inputs = graph.inputPositions();
        this.users = users(inputs);
        this.kinds = kinds(graph);
        this.literals = literals();
    }

    /**
     * Single constants that stand in the loop, as 0.7 and 0.3 do in a leaky cell: they come back at every step, and so do all that are used
     * like them. Of data of single numbers, some come once, but for 0 and 1.
     */
    private BitSet literals() {
        Map<Object, Map<Double, IntArrayList>> byUse = new HashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            if (isNumber(i) && users[i].length > 0) {
                byUse.computeIfAbsent(List.of(kinds[users[i][0]], slot(users[i][0], i)), none -> new HashMap<>())
                        .computeIfAbsent(graph.node(i).item(), none -> new IntArrayList())
                        .add(i);
            }
        }
        BitSet literals = new BitSet();
        for (Map<Double, IntArrayList> alike : byUse.values()) {
            if (alike.values().stream().allMatch(some -> some.size() > 1)) {
                alike.forEach((number, some) -> some.forEach((int i) -> literals.set(i, number != 0 && number != 1)));
            }
        }
        return literals;
    }

    private static int[][] users(int[][] inputs) {
        IntArrayList[] users = new IntArrayList[inputs.length];
        Arrays.setAll(users, i -> new IntArrayList());
        for (int i = 0; i < inputs.length; i++) {
            for (int input : inputs[i]) {
                users[input].add(i);
            }
        }
        return Arrays.stream(users).map(IntArrayList::toIntArray).toArray(int[][]::new);
    }

    int count() {
        return inputs.length;
    }

    Tensor node(int position) {
        return graph.node(position);
    }

    int[] inputs(int node) {
        return inputs[node];
    }

    int[] users(int node) {
        return users[node];
    }

    boolean isLeaf(int node) {
        return inputs[node].length == 0;
    }

    boolean isParameter(int node) {
        return parameters.contains(graph.node(node));
    }

    boolean isInitial(int node) {
        return initial.contains(graph.node(node));
    }

    /** The first of the inputs of a node that is another one. */
    int slot(int user, int input) {
        int slot = 0;
        while (inputs[user][slot] != input) {
            slot++;
        }
        return slot;
    }

    /** Whether a node takes any number of inputs, of which it treats all alike. */
    boolean isList(int node) {
        Op op = graph.node(node).op();
        return (op instanceof Elementwise.AddN || op instanceof Movement.Concat) && inputs[node].length > 2;
    }

    /** A number for what a node is, whatever it is applied to and at whatever step. */
    int kind(int node) {
        return kinds[node];
    }

    private static int[] kinds(Graph graph) {
        Map<Object, Integer> numbers = new HashMap<>();
        return graph.nodes().stream()
                .mapToInt(node -> numbers.computeIfAbsent(
                        List.of(kind(node.op()), node.shape(), node.dtype()), none -> numbers.size()))
                .toArray();
    }

    private static Object kind(Op op) {
        return switch (op) {
            case Movement.Slice slice -> List.of("slice", slice.step(), slice.size());
            case Movement.Concat concat -> List.of("concat", concat.axis());
            case Source source -> "source";
            case Custom custom -> custom.getClass();
            default -> op;
        };
    }

    /** Whether a node is one number that never changes: a literal, or data of single numbers. */
    boolean isNumber(int node) {
        Tensor tensor = graph.node(node);
        return tensor.op() instanceof Source.Constant
                && tensor.shape().rank() == 0
                && tensor.dtype().isFloating();
    }

    /** The number of a literal, and nothing of all else. */
    Object literal(int node) {
        return literals.get(node) ? (Object) graph.node(node).item() : "";
    }

    /** Nodes that are computed from parameters and literals alone. */
    BitSet ofParameters(IntPredicate isParameter, IntPredicate isLiteral) {
        BitSet all = new BitSet();
        for (int i = 0; i < inputs.length; i++) {
            all.set(
                    i,
                    isLeaf(i)
                            ? isParameter.test(i)
                            : Arrays.stream(inputs[i])
                                    .allMatch(input -> all.get(input) || (isNumber(input) && isLiteral.test(input))));
        }
        return all;
    }

    /** Nodes that are computed from what is no parameter, no state and no initial state. */
    BitSet ofData() {
        BitSet all = new BitSet();
        for (int i = 0; i < inputs.length; i++) {
            all.set(
                    i,
                    isLeaf(i)
                            ? !isParameter(i) && !isInitial(i)
                            : Arrays.stream(inputs[i]).allMatch(all::get));
        }
        return all;
    }

    /** Whether every one of some nodes, in the order in which they were made, is computed from the one before. */
    boolean isChain(int[] nodes) {
        BitSet behind = new BitSet();
        for (int k = 1; k < nodes.length; k++) {
            behind.set(nodes[k - 1]);
            for (int i = nodes[k - 1] + 1; i <= nodes[k]; i++) {
                behind.set(i, Arrays.stream(inputs[i]).anyMatch(behind::get));
            }
            if (!behind.get(nodes[k])) {
                return false;
            }
            behind.clear();
        }
        return true;
    }
}
