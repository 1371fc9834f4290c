package dev.clew.audit;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.array.NDArray;
import dev.clew.tensor.Tensor;
import java.util.Map;
import java.util.function.Function;

/** Which line of this gradient, written by hand, is wrong? */
@CheckReturnValue
public final class GradientAudit {
    private GradientAudit() {}

    /** A forward pass at hand. */
    public static GradientAudit of(Unrolled forward) {
        throw new UnsupportedOperationException();
    }

    /** A function that builds the forward pass from its numbers: then other points can be tried. */
    public static GradientAudit of(Function<Map<String, Tensor>, Unrolled> forward, Map<String, NDArray> point) {
        throw new UnsupportedOperationException();
    }

    /** The numbers of code that was run elsewhere. */
    public GradientAudit withGradients(ByHand numbers) {
        throw new UnsupportedOperationException();
    }

    /** The numbers of a second call of the same code, at the same point: what was not reset shows there. */
    public GradientAudit withSecondCall(ByHand numbers) {
        throw new UnsupportedOperationException();
    }

    /** Code to be called, at this point and at others, several times in a row. */
    public GradientAudit withCode(HandWritten code) {
        throw new UnsupportedOperationException();
    }

    /** Compares, and looks for the mistakes. */
    public AuditReport report() {
        throw new UnsupportedOperationException();
    }
}
