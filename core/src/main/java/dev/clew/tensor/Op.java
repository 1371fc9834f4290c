package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.List;

/**
 * An operation: what a node of the graph computes from its inputs.
 *
 * <p>There are a few kinds, and whoever walks, differentiates or compiles a graph needs to know only those. Each operation
 * states three things: the shape of its result, its value, and its derivative as new nodes.
 */
public sealed interface Op permits Elementwise, Contraction, Reduction, Scan, Movement, Selection, Source, Custom {

    /** The name that errors, printed graphs and tests use. */
    String label();

    /**
     * The shape of the result.
     *
     * @throws IllegalArgumentException if the inputs do not fit: what was asked, the shapes, the rule and a likely fix
     */
    Shape shape(List<Tensor> inputs);

    /** The element type of the result. */
    default DType dtype(List<Tensor> inputs) {
        return inputs.getFirst().dtype();
    }

    /** The value at a node, from the values of its inputs. */
    NDArray value(Tensor node, List<NDArray> inputs);

    /**
     * The vector-Jacobian product: what a cotangent of the result contributes to the cotangent of one input.
     *
     * @param y the node, so {@code y.input(i)} are the primal inputs
     * @param input which input, counted from 0
     * @param yBar the cotangent of the result, of its shape
     */
    Tensor vjp(Tensor y, int input, Tensor yBar);

    /** Whether a cotangent can flow to this input. Never to integers and truth values. */
    default boolean passesGradient(int input) {
        return true;
    }

    /** A new node that applies this operation. */
    default Tensor on(Tensor... inputs) {
        return new Tensor(this, inputs);
    }
}
