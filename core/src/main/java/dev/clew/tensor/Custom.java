package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import java.util.List;

/**
 * An operation of your own, opaque to whoever compiles a graph: its value is any Java on arrays, its derivative is written by
 * hand as a graph, so it has derivatives of every order like any other.
 *
 * <p>It is a record, because records with equal components are equal: that is how two nodes are known to compute the same.
 * It is pure: equal inputs give equal values, and nothing else happens. Most formulas need none of this; a function of
 * tensors is differentiated without being asked.
 *
 * {@snippet lang=java :
 * record Cube() implements Custom {
 *     public Shape shape(List<Tensor> inputs) {
 *         return inputs.getFirst().shape();
 *     }
 *
 *     public NDArray value(List<NDArray> inputs) {
 *         double[] x = inputs.getFirst().toDoubles();
 *         Arrays.setAll(x, i -> x[i] * x[i] * x[i]);
 *         return NDArray.of(inputs.getFirst().shape(), x);
 *     }
 *
 *     public Tensor vjp(Tensor y, int input, Tensor yBar) {
 *         return yBar.times(y.input(0).square().times(3));
 *     }
 * }
 *
 * Tensor y = new Cube().on(x);
 * }
 *
 * <p>The derivative is a formula, evaluated again whenever its inputs change: {@code vjp} computes with the tensors y, y.input(i)
 * and yBar, and asking for {@code value()}, {@code item()} or any other evaluation in it is an {@link IllegalStateException}.
 *
 * <p>{@code GradientCheck} in {@code dev.clew.audit} tells whether the derivative belongs to the value, at orders 1 and 2.
 */
public non-sealed interface Custom extends Op {

    /**
     * The value, from the values of the inputs. It has the promised {@link #shape} and {@link #dtype}.
     */
    NDArray value(List<NDArray> inputs);

    /** The element type of the result: that of the first input, unless it says another. */
    @Override
    default DType dtype(List<Tensor> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalStateException("custom operation " + getClass().getName()
                    + ": without inputs there is no type to take over, so its dtype() must say one");
        }
        return Op.super.dtype(inputs);
    }

    /** The record's name, beginning with a small letter. */
    @Override
    default String label() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? "custom" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** The value, checked against what was promised. */
    @Override
    default NDArray value(Tensor node, List<NDArray> inputs) {
        NDArray value = value(inputs);
        if (value == null) {
            throw new IllegalStateException("the value of " + node.describe() + " is null: the operation promised "
                    + node.shape() + " " + node.dtype() + " by its shape() and dtype()");
        }
        if (!value.shape().equals(node.shape()) || value.dtype() != node.dtype()) {
            throw new IllegalStateException("the value of " + node.describe() + " is " + value.shape() + " "
                    + value.dtype() + ": the operation promised " + node.shape() + " " + node.dtype()
                    + " by its shape() and dtype()");
        }
        return value;
    }

    /**
     * A new node that applies this operation.
     *
     * @throws IllegalArgumentException if an input is null
     * @throws IllegalStateException if the operation is not a record, or has no shape or type for its result
     */
    @Override
    default Tensor on(Tensor... inputs) {
        if (!getClass().isRecord()) {
            throw new IllegalStateException("custom operation " + getClass().getName()
                    + ": it must be a record, so that two of them with equal components are known to compute the same;"
                    + " declare it as record "
                    + (getClass().getSimpleName().isEmpty()
                            ? "Name"
                            : getClass().getSimpleName())
                    + "(...) implements Custom");
        }
        Tensor y = new Tensor(this, inputs);
        if (y.shape() == null || y.dtype() == null) {
            throw new IllegalStateException("custom operation " + getClass().getName() + ": its "
                    + (y.shape() == null ? "shape()" : "dtype()") + " gave null; there is no tensor without");
        }
        return y;
    }
}
