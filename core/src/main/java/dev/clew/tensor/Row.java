package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.internal.formula.Formula;
import java.util.List;

/** A row of a table of elementwise operations, whose value is its formula. */
sealed interface Row extends Elementwise permits Unary, Binary {

    /** The function of an elementwise operation as exactly rounded steps. */
    static Formula formula(Elementwise operation) {
        return switch (operation) {
            case Unary unary -> unary.formula();
            case Binary binary -> binary.formula();
            case Elementwise.Where _ -> Elementwise.Where.FORMULA;
            case Elementwise.AddN _, Elementwise.Cast _ ->
                throw new IllegalArgumentException(operation.label() + " has no formula");
        };
    }

    @Override
    default NDArray value(Tensor node, List<NDArray> inputs) {
        return formula(this).evaluate(inputs.getFirst().dtype(), node.dtype(), node.shape(), inputs);
    }
}
