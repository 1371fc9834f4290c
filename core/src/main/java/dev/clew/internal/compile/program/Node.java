package dev.clew.internal.compile.program;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import java.util.Arrays;

/**
 * One operation of a {@link Program}: what a tensor is in a graph, with positions in place of references. Two equal nodes
 * compute the same, unless they are leaves.
 */
public final class Node {
    private final Op op;
    private final Shape shape;
    private final DType type;
    private final int[] inputs;
    private final int phase;
    private final boolean isInBlock;
    /** An operation may hold windows and shapes, and stays the same when positions change: it is hashed once. */
    private final int opHash;

    /** The positions are kept, not copied. */
    public Node(Op op, Shape shape, DType type, int... inputs) {
        this(op, op.hashCode(), shape, type, 0, false, inputs);
    }

    private Node(Op op, int opHash, Shape shape, DType type, int phase, boolean isInBlock, int[] inputs) {
        this.op = op;
        this.opHash = opHash;
        this.shape = shape;
        this.type = type;
        this.phase = phase;
        this.isInBlock = isInBlock;
        this.inputs = inputs;
    }

    public Op op() {
        return op;
    }

    public Shape shape() {
        return shape;
    }

    public DType type() {
        return type;
    }

    /**
     * When it is computed: all of one phase before any of the next, and never before an operand. Only nodes of one phase are merged
     * or share a loop. What is not computed has phase 0, and so has everything when there is no need for phases.
     */
    public int phase() {
        return phase;
    }

    /** The same in another phase. */
    public Node in(int other) {
        return phase == other ? this : new Node(op, opHash, shape, type, other, isInBlock, inputs);
    }

    /**
     * Whether it is a sum that goes on from another: a product of matrices, or rows added by index, with a further last operand that
     * it begins with instead of zeros. If nobody else uses that operand, the sum takes over its home.
     */
    public boolean isContinued() {
        return inputs.length == 3 && (op instanceof Contraction.MatMul || op instanceof Selection.ScatterAdd);
    }

    /**
     * Whether a sum that goes on does so within the block that is open there; else what it begins with is a sum of whole blocks, and
     * its own are added to that.
     */
    public boolean isInBlock() {
        return isInBlock;
    }

    /** The same sum, going on within a block. */
    public Node inBlock() {
        return new Node(op, opHash, shape, type, phase, true, inputs);
    }

    public int inputCount() {
        return inputs.length;
    }

    /** The position of an input. */
    public int input(int i) {
        return inputs[i];
    }

    /** The positions of all inputs. */
    public IntTuple inputs() {
        return IntTuple.of(inputs);
    }

    /** Whether its numbers come from outside when the program runs. */
    public boolean isLeaf() {
        return op instanceof Source.Variable || op instanceof Source.Input;
    }

    /** Whether it is a leaf that training changes. */
    public boolean isParameter() {
        return op instanceof Source.Variable;
    }

    /** Whether it is one number that is part of the program. */
    public boolean isLiteral() {
        return op instanceof Source.Constant;
    }

    /** Whether it shows elements of its input in other places, and computes nothing. */
    public boolean isView() {
        return op instanceof Movement.Reshape
                || op instanceof Movement.Transpose
                || op instanceof Movement.Slice
                || op instanceof Movement.Broadcast;
    }

    /** Whether something has to be computed for it: it is neither given nor a view. */
    public boolean isComputed() {
        return !(isLeaf() || isLiteral() || isView());
    }

    public boolean isElementwise() {
        return op instanceof Elementwise;
    }

    /** Whether a node is a product of two matrices, not of batches of them, and nothing besides. */
    public static boolean isMatrixProduct(Node node) {
        return node.op() instanceof Contraction.MatMul && node.shape().rank() == 2 && !node.isContinued();
    }

    /** The number of a literal. */
    public NDArray literal() {
        return ((Source.Constant) op).array();
    }

    /** The same operation on others; the positions are kept, not copied. */
    public Node withInputs(int... others) {
        return new Node(op, opHash, shape, type, phase, isInBlock, others);
    }

    /** The same operation on inputs that have moved. */
    public Node moved(int[] to) {
        int[] others = new int[inputs.length];
        boolean isSame = true;
        for (int i = 0; i < others.length; i++) {
            others[i] = to[inputs[i]];
            isSame &= others[i] == inputs[i];
        }
        return isSame ? this : withInputs(others);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Node that
                        && opHash == that.opHash
                        && type == that.type
                        && phase == that.phase
                        && isInBlock == that.isInBlock
                        && Arrays.equals(inputs, that.inputs)
                        && op.equals(that.op)
                        && shape.equals(that.shape));
    }

    @Override
    public int hashCode() {
        int hash = 31 * opHash + phase;
        for (int input : inputs) {
            hash = 31 * hash + input;
        }
        return hash;
    }

    /** Operation, shape and type: {@code matmul (1, 128) f64}. */
    public String describe() {
        return op.label() + " " + shape + " " + type;
    }
}
