package dev.clew.internal.compile.program;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;

/**
 * A graph of operations as a list, every node after its inputs. The leaves, in the order in which numbers are handed over,
 * stay in every form of a program, used or not.
 */
public final class Program {
    private final Node[] nodes;
    private final int[] leaves;
    private final int[] outputs;

    private Program(Node[] nodes, int[] leaves, int[] outputs) {
        this.nodes = nodes;
        this.leaves = leaves;
        this.outputs = outputs;
    }

    public int size() {
        return nodes.length;
    }

    public Node node(int position) {
        return nodes[position];
    }

    /** The nodes, in an array with room for more. */
    Node[] nodes(int room) {
        return Arrays.copyOf(nodes, room);
    }

    public int leafCount() {
        return leaves.length;
    }

    /** The position of a leaf. */
    public int leaf(int slot) {
        return leaves[slot];
    }

    public int outputCount() {
        return outputs.length;
    }

    /** The position of an output's node. */
    public int output(int i) {
        return outputs[i];
    }

    public int[] outputs() {
        return outputs.clone();
    }

    /** The same nodes with other outputs. */
    public Program withOutputs(int... others) {
        return new Program(nodes, leaves, others);
    }

    /** How often each node is used, as an input or an output. */
    public int[] uses() {
        int[] uses = new int[nodes.length];
        for (Node node : nodes) {
            for (int i = 0; i < node.inputCount(); i++) {
                uses[node.input(i)]++;
            }
        }
        for (int output : outputs) {
            uses[output]++;
        }
        return uses;
    }

    /** For every node the one whose elements it shows: for a view what it is a view of, for any other itself. */
    public int[] bases() {
        int[] bases = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            bases[i] = nodes[i].isView() ? bases[nodes[i].input(0)] : i;
        }
        return bases;
    }

    /** The users of every node, ascending: those of node i are {@code users[start[i]] .. users[start[i + 1] - 1]}. */
    @SuppressWarnings("ArrayRecordComponent")
    public // Never compared.
    record Users(int[] start, int[] users) {
        public int count(int node) {
            return start[node + 1] - start[node];
        }

        public int user(int node, int i) {
            return users[start[node] + i];
        }
    }

    public Users users() {
        int[] start = new int[nodes.length + 1];
        for (Node node : nodes) {
            for (int i = 0; i < node.inputCount(); i++) {
                start[node.input(i) + 1]++;
            }
        }
        for (int i = 0; i < nodes.length; i++) {
            start[i + 1] += start[i];
        }
        int[] next = start.clone();
        int[] users = new int[start[nodes.length]];
        for (int i = 0; i < nodes.length; i++) {
            for (int input = 0; input < nodes[i].inputCount(); input++) {
                users[next[nodes[i].input(input)]++] = i;
            }
        }
        return new Users(start, users);
    }

    /** Equal programs compute the same, whatever numbers their leaves are given. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Program that
                && Arrays.equals(outputs, that.outputs)
                && Arrays.equals(leaves, that.leaves)
                && Arrays.equals(nodes, that.nodes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(nodes) + Arrays.hashCode(outputs);
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

    /**
     * Makes a program, each node once: an equal node with equal inputs is the same node. Nodes are found by their hash in a table of
     * positions with open addressing, of which at most half is full.
     */
    public static final class Builder {
        private Node[] nodes;
        private int size;
        /** Of every node. */
        private int[] hashes;
        /** One more than a position, or 0. */
        private int[] table;

        private final IntArrayList leaves = new IntArrayList();

        /** A builder with room for so many nodes; more may come. */
        public Builder(int expected) {
            int room = Math.max(16, expected + expected / 8);
            nodes = new Node[room];
            hashes = new int[room];
            table = new int[2 * Integer.highestOneBit(2 * room)];
        }

        public Node node(int position) {
            return nodes[position];
        }

        /** A leaf; two leaves are never the same. */
        public int leaf(Node leaf) {
            leaves.add(size);
            return append(leaf, 0);
        }

        public int add(Node given) {
            Node node = given.phase() == 0 || (given.isComputed() && !isMadeOfLeaves(given)) ? given : given.in(0);
            int hash = mixed(node.hashCode());
            int at = hash & (table.length - 1);
            while (table[at] != 0) {
                int found = table[at] - 1;
                if (hashes[found] == hash && nodes[found].equals(node)) {
                    return found;
                }
                at = (at + 1) & (table.length - 1);
            }
            table[at] = size + 1;
            return append(node, hash);
        }

        private int append(Node node, int hash) {
            nodes[size] = node;
            hashes[size] = hash;
            size++;
            if (size == nodes.length) {
                grow();
            }
            return size - 1;
        }

        private void grow() {
            nodes = Arrays.copyOf(nodes, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
            int[] old = table;
            table = new int[2 * old.length];
            for (int entry : old) {
                if (entry != 0) {
                    int at = hashes[entry - 1] & (table.length - 1);
                    while (table[at] != 0) {
                        at = (at + 1) & (table.length - 1);
                    }
                    table[at] = entry;
                }
            }
        }

        /** All bits of a hash in its lower ones. */
        private static int mixed(int hash) {
            int spread = hash * 0x9E3779B9;
            return spread ^ spread >>> 16;
        }

        /** Whether it only joins what is given, and so is there before anything is computed. */
        private boolean isMadeOfLeaves(Node node) {
            if (!(node.op() instanceof Movement.Concat)) {
                return false;
            }
            for (int i = 0; i < node.inputCount(); i++) {
                Node part = nodes[node.input(i)];
                while (part.isView()) {
                    part = nodes[part.input(0)];
                }
                if (part.isComputed()) {
                    return false;
                }
            }
            return true;
        }

        public int add(Op op, Shape shape, DType type, int... inputs) {
            return add(new Node(op, shape, type, inputs));
        }

        /** Everything that was added, all of which the outputs need, and all leaves. */
        public Program whole(int... outputs) {
            return new Program(Arrays.copyOf(nodes, size), leaves.toIntArray(), outputs);
        }

        /** Everything that the outputs need, and all leaves. */
        public Program build(int... outputs) {
            boolean[] needed = new boolean[size];
            for (int leaf : leaves) {
                needed[leaf] = true;
            }
            for (int output : outputs) {
                needed[output] = true;
            }
            int count = 0;
            for (int i = size - 1; i >= 0; i--) {
                Node node = nodes[i];
                count += needed[i] ? 1 : 0;
                for (int input = 0; needed[i] && input < node.inputCount(); input++) {
                    needed[node.input(input)] = true;
                }
            }
            return count == size ? whole(outputs) : packed(needed, count, outputs);
        }

        private Program packed(boolean[] needed, int count, int[] outputs) {
            int[] moved = new int[size];
            Node[] kept = new Node[count];
            int next = 0;
            for (int i = 0; i < moved.length; i++) {
                if (needed[i]) {
                    kept[next] = nodes[i].moved(moved);
                    moved[i] = next++;
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
