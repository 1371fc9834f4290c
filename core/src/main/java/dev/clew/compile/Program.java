package dev.clew.compile;

import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A graph of operations as a list, every node after its inputs. The leaves, in the order in which numbers are handed over,
 * stay in every form of a program, used or not.
 */
final class Program {
    private final Node[] nodes;
    private final int[] leaves;
    private final int[] outputs;

    private final int hash;

    private Program(Node[] nodes, int[] leaves, int[] outputs) {
        this.nodes = nodes;
        this.leaves = leaves;
        this.outputs = outputs;
        this.hash = 31 * Arrays.hashCode(nodes) + Arrays.hashCode(outputs);
    }

    int size() {
        return nodes.length;
    }

    Node node(int position) {
        return nodes[position];
    }

    int leafCount() {
        return leaves.length;
    }

    /** The position of a leaf. */
    int leaf(int slot) {
        return leaves[slot];
    }

    int outputCount() {
        return outputs.length;
    }

    /** The position of an output's node. */
    int output(int i) {
        return outputs[i];
    }

    int[] outputs() {
        return outputs.clone();
    }

    /** The same nodes with other outputs. */
    Program withOutputs(int... others) {
        return new Program(nodes, leaves, others);
    }

    /** How often each node is used, as an input or an output. */
    int[] uses() {
        int[] uses = new int[nodes.length];
        for (Node node : nodes) {
            for (int i = 0; i < node.inputs().length(); i++) {
                uses[node.input(i)]++;
            }
        }
        for (int output : outputs) {
            uses[output]++;
        }
        return uses;
    }

    /** For every node the one whose elements it shows: for a view what it is a view of, for any other itself. */
    int[] bases() {
        int[] bases = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            bases[i] = nodes[i].isView() ? bases[nodes[i].input(0)] : i;
        }
        return bases;
    }

    /** The users of every node, ascending: those of node i are {@code users[start[i]] .. users[start[i + 1] - 1]}. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Users(int[] start, int[] users) {
        int count(int node) {
            return start[node + 1] - start[node];
        }

        int user(int node, int i) {
            return users[start[node] + i];
        }
    }

    Users users() {
        int[] start = new int[nodes.length + 1];
        for (Node node : nodes) {
            for (int i = 0; i < node.inputs().length(); i++) {
                start[node.input(i) + 1]++;
            }
        }
        for (int i = 0; i < nodes.length; i++) {
            start[i + 1] += start[i];
        }
        int[] next = start.clone();
        int[] users = new int[start[nodes.length]];
        for (int i = 0; i < nodes.length; i++) {
            for (int input = 0; input < nodes[i].inputs().length(); input++) {
                users[next[nodes[i].input(input)]++] = i;
            }
        }
        return new Users(start, users);
    }

    /** Equal programs compute the same, whatever numbers their leaves are given. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Program that
                && hash == that.hash
                && Arrays.equals(outputs, that.outputs)
                && Arrays.equals(leaves, that.leaves)
                && Arrays.equals(nodes, that.nodes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** One line for every node, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < nodes.length; i++) {
            text.append('%')
                    .append(i)
                    .append(" = ")
                    .append(nodes[i].op())
                    .append(' ')
                    .append(nodes[i].inputs())
                    .append(' ')
                    .append(nodes[i].shape())
                    .append(' ')
                    .append(nodes[i].type())
                    .append('\n');
        }
        return text.append("outputs ").append(Arrays.toString(outputs)).toString();
    }

    /** Makes a program, each node once: an equal node with equal inputs is the same node. */
    static final class Builder {
        private final List<Node> nodes = new ArrayList<>();
        private final Object2IntOpenHashMap<Node> known = new Object2IntOpenHashMap<>();
        private final IntArrayList leaves = new IntArrayList();

        Builder() {
            known.defaultReturnValue(-1);
        }

        Node node(int position) {
            return nodes.get(position);
        }

        int size() {
            return nodes.size();
        }

        /** A leaf; two leaves are never the same. */
        int leaf(Node leaf) {
            leaves.add(nodes.size());
            nodes.add(leaf);
            return nodes.size() - 1;
        }

        int add(Node given) {
            Node node = given.phase() == 0 || (given.isComputed() && !isMadeOfLeaves(given)) ? given : given.in(0);
            int found = known.getInt(node);
            if (found < 0) {
                found = nodes.size();
                known.put(node, found);
                nodes.add(node);
            }
            return found;
        }

        /** Whether it only joins what is given, and so is there before anything is computed. */
        private boolean isMadeOfLeaves(Node node) {
            if (!(node.op() instanceof Movement.Concat)) {
                return false;
            }
            for (int i = 0; i < node.inputs().length(); i++) {
                Node part = nodes.get(node.input(i));
                while (part.isView()) {
                    part = nodes.get(part.input(0));
                }
                if (part.isComputed()) {
                    return false;
                }
            }
            return true;
        }

        int add(Op op, Shape shape, DType type, int... inputs) {
            return add(new Node(op, ImmutableIntArray.copyOf(inputs), shape, type));
        }

        /** Everything that the outputs need, and all leaves. */
        Program build(int... outputs) {
            boolean[] needed = new boolean[nodes.size()];
            for (int leaf : leaves) {
                needed[leaf] = true;
            }
            for (int output : outputs) {
                needed[output] = true;
            }
            for (int i = nodes.size() - 1; i >= 0; i--) {
                for (int input = 0; needed[i] && input < nodes.get(i).inputs().length(); input++) {
                    needed[nodes.get(i).input(input)] = true;
                }
            }
            return packed(needed, outputs);
        }

        private Program packed(boolean[] needed, int[] outputs) {
            int[] moved = new int[nodes.size()];
            int count = 0;
            for (int i = 0; i < moved.length; i++) {
                moved[i] = needed[i] ? count++ : -1;
            }
            Node[] kept = new Node[count];
            for (int i = 0; i < moved.length; i++) {
                if (needed[i]) {
                    kept[moved[i]] = count == moved.length
                            ? nodes.get(i)
                            : nodes.get(i)
                                    .withInputs(moved(nodes.get(i).inputs().toArray(), moved));
                }
            }
            return new Program(kept, moved(leaves.toIntArray(), moved), moved(outputs, moved));
        }

        private static int[] moved(int[] positions, int[] to) {
            int[] result = new int[positions.length];
            for (int i = 0; i < result.length; i++) {
                result[i] = to[positions[i]];
            }
            return result;
        }
    }
}
