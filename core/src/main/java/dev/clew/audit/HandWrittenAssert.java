package dev.clew.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.Map;
import java.util.function.Function;

/**
 * An audit of code as one line of a test; the code is called at the point and at others, several times in a row.
 *
 * {@snippet lang=java :
 * HandWritten code = numbers -> ByHand.of(network.backward(numbers));
 * assertThat(code).isTheGradientOf(numbers -> Unrolled.of(loss(numbers), parameters(numbers)), point);
 * }
 */
@CheckReturnValue
public final class HandWrittenAssert {
    private final HandWritten code;

    HandWrittenAssert(HandWritten code) {
        this.code = code;
    }

    /**
     * Audits, throws unless all numbers agree, and hands on what was found.
     *
     * @param model builds the forward pass from the numbers of a point
     * @param point the numbers by name: parameters, initial states, data
     * @throws AssertionError with the report as its message, if a number is wrong: which mistake reproduces it, the formula as
     *     written and as it should be, or where it begins to be wrong
     */
    @CanIgnoreReturnValue
    public AuditReport isTheGradientOf(Function<Map<String, Tensor>, Unrolled> model, Map<String, NDArray> point) {
        Present.require("isTheGradientOf", model, point);
        return ByHandAssert.rightOrThrow(
                GradientAudit.of(model, point).withCode(code).report());
    }

    @Override
    public String toString() {
        return "Assertion on code with a gradient by hand";
    }
}
