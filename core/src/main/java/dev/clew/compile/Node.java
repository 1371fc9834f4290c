package dev.clew.compile;

import com.google.common.primitives.ImmutableIntArray;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;

/**
 * One operation of a {@link Program}: what a tensor is in a graph, with positions in place of references. Two equal nodes
 * compute the same, unless they are leaves.
 *
 * @param phase when it is computed: all of one phase before any of the next, and never before an operand. Only nodes of one phase
 *     are merged or share a loop. What is not computed has phase 0, and so has everything when there is no need for phases.
 */
record Node(Op op, ImmutableIntArray inputs, Shape shape, DType type, int phase) {

    Node(Op op, ImmutableIntArray inputs, Shape shape, DType type) {
        this(op, inputs, shape, type, 0);
    }

    /** Whether its numbers come from outside when the program runs. */
    boolean isLeaf() {
        return op instanceof Source.Variable || op instanceof Source.Input;
    }

    /** Whether it is a leaf that training changes. */
    boolean isParameter() {
        return op instanceof Source.Variable;
    }

    /** Whether it is one number that is part of the program. */
    boolean isLiteral() {
        return op instanceof Source.Constant;
    }

    /** Whether it shows elements of its input in other places, and computes nothing. */
    boolean isView() {
        return op instanceof Movement.Reshape
                || op instanceof Movement.Transpose
                || op instanceof Movement.Slice
                || op instanceof Movement.Broadcast;
    }

    /** Whether something has to be computed for it: it is neither given nor a view. */
    boolean isComputed() {
        return !(isLeaf() || isLiteral() || isView());
    }

    boolean isElementwise() {
        return op instanceof Elementwise;
    }

    /** Whether a node is a product of two matrices, not of batches of them. */
    static boolean isMatrixProduct(Node node) {
        return node.op() instanceof Contraction.MatMul && node.shape().rank() == 2;
    }

    /** The number of a literal. */
    NDArray literal() {
        return ((Source.Constant) op).array();
    }

    int input(int i) {
        return inputs.get(i);
    }

    Node withInputs(int... moved) {
        return new Node(op, ImmutableIntArray.copyOf(moved), shape, type, phase);
    }

    Node in(int other) {
        return phase == other ? this : new Node(op, inputs, shape, type, other);
    }

    /**
     * Whether it is a sum that goes on from another: a product of matrices, or rows added by index, with a further last operand that
     * it begins with instead of zeros. If nobody else uses that operand, the sum takes over its home.
     */
    boolean isContinued() {
        return inputs.length() == 3 && (op instanceof Contraction.MatMul || op instanceof Selection.ScatterAdd);
    }

    /** Operation, shape and type: {@code matmul (1, 128) f64}. */
    String describe() {
        return op.label() + " " + shape + " " + type;
    }
}
