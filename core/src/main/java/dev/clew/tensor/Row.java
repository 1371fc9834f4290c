package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.internal.formula.Formula;
import java.util.List;

/** A row of a table of elementwise operations, whose value is its formula. */
sealed interface Row extends Elementwise permits Unary, Binary {

    /** The function as exactly rounded steps. */
    Formula formula();

    @Override
    default NDArray value(Tensor node, List<NDArray> inputs) {
        return formula().evaluate(inputs.getFirst().dtype(), node.dtype(), node.shape(), inputs);
    }
}
