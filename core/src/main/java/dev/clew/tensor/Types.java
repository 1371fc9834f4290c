package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.internal.tensor.DTypes;
import java.util.List;

/** Which element types a row of a table takes and which it gives; several inputs are always of one type. */
enum Types {
    /** f64 and f32. */
    FLOATING,
    /** f64, f32 and i32, which wraps around as Java's {@code int} does. */
    NUMBERS,
    /** Anything; the result is bool. */
    QUESTION,
    /** bool. */
    LOGIC;

    /** The type of the result, or an error that says what to do. */
    DType result(String name, List<Tensor> inputs) {
        Tensor first = inputs.getFirst();
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            if (this == LOGIC) {
                DTypes.logic(name, input);
            }
            DTypes.same(name, first, input);
        }
        return switch (this) {
            case FLOATING -> DTypes.floating(name, first);
            case NUMBERS -> DTypes.numbers(name, first);
            case QUESTION, LOGIC -> DType.BOOL;
        };
    }
}
