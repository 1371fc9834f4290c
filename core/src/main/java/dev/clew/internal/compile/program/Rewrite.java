package dev.clew.internal.compile.program;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;

/**
 * A program under change: nodes may be added and put in the place of others, in any order. In the end everything is sorted
 * again, which also proves that no change made a cycle.
 */
public final class Rewrite {
    private final Program program;
    private Node[] nodes;
    private int[] standIn;
    private int size;
    private boolean changes;
    private int phase;

    public Rewrite(Program program) {
        this.program = program;
        this.size = program.size();
        this.nodes = program.nodes(size + size / 8 + 16);
        this.standIn = new int[nodes.length];
        Arrays.setAll(standIn, i -> i);
    }

    public Node node(int position) {
        return nodes[position];
    }

    /** The phase of what is added from now on. */
    public void phase(int now) {
        phase = now;
    }

    public int add(Op op, Shape shape, DType type, int... inputs) {
        return add(new Node(op, shape, type, inputs).in(phase));
    }

    /** A node in the phase of what is added. */
    public Node inPhase(Node node) {
        return node.in(phase);
    }

    public int add(Node node) {
        if (size == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * size);
            standIn = Arrays.copyOf(standIn, 2 * size);
            Arrays.setAll(standIn, i -> i < size ? standIn[i] : i);
        }
        nodes[size] = node;
        return size++;
    }

    /** Puts one node in the place of another, for all who use it. */
    public void replace(int old, int by) {
        changes = true;
        standIn[old] = by;
    }

    /** Whether nothing has been put in the place of a node. */
    public boolean stands(int position) {
        return standIn[position] == position;
    }

    // ----------------------------------------------------------------------------------------------- common nodes

    public int reshape(int x, Shape to) {
        Node node = node(x);
        return node.shape().equals(to) ? x : add(new Movement.Reshape(to), to, node.type(), x);
    }

    public int broadcast(int x, Shape to) {
        Node node = node(x);
        return node.shape().equals(to) ? x : add(new Movement.Broadcast(to), to, node.type(), x);
    }

    /** With an axis before all others. */
    public int toFront(int x, int axis) {
        Node node = node(x);
        int[] order = new int[node.shape().rank()];
        Arrays.setAll(order, i -> i == 0 ? axis : i <= axis ? i - 1 : i);
        return add(
                new Movement.Transpose(IntTuple.of(order)),
                node.shape().without(axis).insert(0, node.shape().length(axis)),
                node.type(),
                x);
    }

    /** Nodes one after the other along an axis. */
    public int concat(int axis, int... parts) {
        IntArrayList starts = new IntArrayList(parts.length);
        int length = 0;
        for (int part : parts) {
            starts.add(length);
            length += node(part).shape().length(axis);
        }
        Node first = node(parts[0]);
        return add(
                new Movement.Concat(axis, IntTuple.of(starts.toIntArray())),
                first.shape().with(axis, length),
                first.type(),
                parts);
    }

    /** The elements {@code from .. from + length − 1} of an axis. */
    public int slice(int x, int axis, int from, int length) {
        Node node = node(x);
        Window window = window(node.shape(), axis, from, length);
        return add(window.slice(), window.size(), node.type(), x);
    }

    /** The elements {@code from, from − 1, ...} of the first axis. */
    public int backward(int x, int from, int length) {
        Node node = node(x);
        int[] start = new int[node.shape().rank()];
        start[0] = from;
        int[] step = new int[start.length];
        Arrays.fill(step, 1);
        step[0] = -1;
        Shape size = node.shape().with(0, length);
        return add(new Movement.Slice(IntTuple.of(start), IntTuple.of(step), size), size, node.type(), x);
    }

    static Window window(Shape shape, int axis, int from, int length) {
        int[] start = new int[shape.rank()];
        start[axis] = from;
        int[] step = new int[shape.rank()];
        Arrays.fill(step, 1);
        return new Window(IntTuple.of(start), IntTuple.of(step), shape.with(axis, length));
    }

    /** A sum of nodes of one shape. */
    public int sum(int... terms) {
        Node like = node(terms[0]);
        return add(new Elementwise.AddN(), like.shape(), like.type(), terms);
    }

    /** A product of matrices. */
    public int matmul(Contraction.MatMul product, int a, int b) {
        Shape left = node(a).shape();
        Shape right = node(b).shape();
        Shape shape = Shape.of(left.length(product.transposeA() ? 1 : 0), right.length(product.transposeB() ? 0 : 1));
        return add(product, shape, node(a).type(), a, b);
    }

    // ---------------------------------------------------------------------------------------------------- the end

    private int current(int position) {
        int at = position;
        while (standIn[at] != at) {
            at = standIn[at];
        }
        int end = at;
        at = position;
        while (standIn[at] != at) {
            int next = standIn[at];
            standIn[at] = end;
            at = next;
        }
        return end;
    }

    /** The changed program, or the same if nothing changed. */
    public Program build() {
        if (!changes) {
            return program;
        }
        Sorting sorting = new Sorting();
        for (int slot = 0; slot < program.leafCount(); slot++) {
            sorting.leaf(program.leaf(slot));
        }
        int[] outputs = program.outputs();
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = sorting.made(current(outputs[i]));
        }
        return sorting.builder.whole(outputs);
    }

    /** Each node after its inputs; a stack of its own keeps deep graphs from overflowing ours. */
    private final class Sorting {
        private static final int UNSEEN = -1;
        private static final int OPEN = -2;

        private final Program.Builder builder = new Program.Builder(size);
        /** What every node is in the sorted program, once it is there. */
        private final int[] made = new int[size];

        private final IntArrayList open = new IntArrayList();

        Sorting() {
            Arrays.fill(made, UNSEEN);
        }

        void leaf(int leaf) {
            made[leaf] = builder.leaf(nodes[leaf]);
        }

        int made(int root) {
            open.push(root);
            while (!open.isEmpty()) {
                int at = open.topInt();
                if (made[at] < 0 && !opensInputs(at)) {
                    made[at] = builder.add(withMadeInputs(nodes[at]));
                }
                if (made[at] >= 0) {
                    open.popInt();
                }
            }
            return made[root];
        }

        /** Whether there are inputs to be made first, the first on top. */
        private boolean opensInputs(int at) {
            Node node = nodes[at];
            made[at] = OPEN;
            boolean opens = false;
            for (int i = node.inputCount() - 1; i >= 0; i--) {
                int input = current(node.input(i));
                if (made[input] == OPEN) {
                    throw new IllegalStateException("a cycle through " + node.describe());
                }
                if (made[input] == UNSEEN) {
                    opens = true;
                    open.push(input);
                }
            }
            return opens;
        }

        private Node withMadeInputs(Node node) {
            int[] inputs = new int[node.inputCount()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = made[current(node.input(i))];
            }
            return node.withInputs(inputs);
        }
    }
}
