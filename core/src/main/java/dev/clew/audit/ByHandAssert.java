package dev.clew.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.Map;

/**
 * An audit of numbers as one line of a test.
 *
 * {@snippet lang=java :
 * assertThat(ByHand.of(gradients)).isTheGradientOf(loss, Map.of("Wx", wx, "Wh", wh));
 * assertThat(byHand.withAdjoints("h", dh)).isTheGradientOf(Unrolled.of(loss, parameters).withSteps("h", states));
 * }
 */
@CheckReturnValue
public final class ByHandAssert {
    private final ByHand numbers;

    ByHandAssert(ByHand numbers) {
        this.numbers = numbers;
    }

    /**
     * Audits, throws unless all numbers agree, and hands on what was found.
     *
     * @throws AssertionError with the report as its message, if a number is wrong: which mistake reproduces it, the formula as
     *     written and as it should be, or where it begins to be wrong
     * @throws IllegalArgumentException if there is no gradient and no adjoint to compare
     */
    @CanIgnoreReturnValue
    public AuditReport isTheGradientOf(Unrolled forward) {
        Present.require("isTheGradientOf", forward);
        if (numbers.gradients().isEmpty() && numbers.adjoints().isEmpty()) {
            throw new IllegalArgumentException("isTheGradientOf " + forward
                    + ": there are no gradients and no adjoints by hand, so nothing can be wrong; give at least one,"
                    + " with ByHand.of or withAdjoints");
        }
        return rightOrThrow(GradientAudit.of(forward).withGradients(numbers).report());
    }

    /**
     * Audits the gradient of a loss with respect to its parameters alone.
     *
     * @throws AssertionError as {@link #isTheGradientOf(Unrolled)} does
     */
    @CanIgnoreReturnValue
    public AuditReport isTheGradientOf(Tensor loss, Map<String, ? extends Tensor> parameters) {
        Present.require("isTheGradientOf", loss, parameters);
        return isTheGradientOf(Unrolled.of(loss, parameters));
    }

    @CanIgnoreReturnValue
    static AuditReport rightOrThrow(AuditReport report) {
        if (!report.isRight()) {
            throw new AssertionError(report.toString());
        }
        return report;
    }

    @Override
    public String toString() {
        return "Assertion on numbers by hand: gradients of "
                + numbers.gradients().keySet() + ", adjoints of "
                + numbers.adjoints().keySet();
    }
}
