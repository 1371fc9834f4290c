package dev.clew.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.internal.array.Present;

/**
 * A gradient check, or an audit, as one line of a test, with any test library or none.
 *
 * {@snippet lang=java :
 * import static dev.clew.audit.GradientAssert.assertThat;
 *
 * assertThat(GradientCheck.of(loss, Parameters.named(model)).withOrder(2)).isRight();
 * assertThat(ByHand.of(gradients)).isTheGradientOf(loss, Parameters.named(model)); // says which line is wrong
 * }
 *
 * <p>The name is that of AssertJ's method; imported beside it, the two are overloads of each other.
 */
@CheckReturnValue
public final class GradientAssert {
    private final GradientCheck check;

    private GradientAssert(GradientCheck check) {
        this.check = check;
    }

    /** Asks something of a check; nothing is computed before {@link #isRight} is called. */
    public static GradientAssert assertThat(GradientCheck check) {
        Present.require("assertThat", check);
        return new GradientAssert(check);
    }

    /** Asks something of numbers that code by hand computed; nothing is compared before {@code isTheGradientOf} is called. */
    public static ByHandAssert assertThat(ByHand numbers) {
        Present.require("assertThat", numbers);
        return new ByHandAssert(numbers);
    }

    /**
     * Asks something of code with a gradient by hand, which {@code isTheGradientOf} calls. A lambda needs a name of this type first,
     * if AssertJ's method is imported beside this one.
     */
    public static HandWrittenAssert assertThat(HandWritten code) {
        Present.require("assertThat", code);
        return new HandWrittenAssert(code);
    }

    /**
     * Compares, throws unless the gradient {@link GradientReport#isRight is right}, and hands on what was found.
     *
     * @throws AssertionError with the report as its message, if a number is wrong or nothing can be decided: how many numbers
     *     are right and wrong; of the worst, which input and index, what the gradient says and what the differences; and the
     *     seed that repeats it
     */
    @CanIgnoreReturnValue
    public GradientReport isRight() {
        GradientReport report = check.report();
        if (!report.isRight()) {
            throw new AssertionError(report.toString());
        }
        return report;
    }

    @Override
    public String toString() {
        return "Assertion on " + check;
    }
}
