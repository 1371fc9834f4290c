package dev.clew.audit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.audit.Diagnosis;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which line of this gradient, written by hand, is wrong? */
@CheckReturnValue
public final class GradientAudit {
    private final Function<Map<String, Tensor>, Unrolled> forward;
    private final Map<String, NDArray> point;
    private final Optional<ByHand> numbers;
    private final Optional<ByHand> second;
    private final Optional<HandWritten> code;

    private GradientAudit(Function<Map<String, Tensor>, Unrolled> forward, Map<String, NDArray> point, Optional<ByHand> numbers,
            Optional<ByHand> second, Optional<HandWritten> code) {
        this.forward = forward;
        this.point = point;
        this.numbers = numbers;
        this.second = second;
        this.code = code;
    }

    /** A forward pass at hand. */
    public static GradientAudit of(Unrolled forward) {
        Present.require("audit", forward);
        return new GradientAudit(none -> forward, ImmutableMap.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A function that builds the forward pass from its numbers: then other points can be tried. */
    public static GradientAudit of(Function<Map<String, Tensor>, Unrolled> forward, Map<String, NDArray> point) {
        Present.require("audit", forward, point);
        return new GradientAudit(forward, ImmutableMap.copyOf(point), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The numbers of code that was run elsewhere. */
    public GradientAudit withGradients(ByHand numbers) {
        Present.require("gradients by hand", numbers);
        return new GradientAudit(forward, point, Optional.of(numbers), second, code);
    }

    /** The numbers of a second call of the same code, at the same point: what was not reset shows there. */
    public GradientAudit withSecondCall(ByHand numbers) {
        Present.require("gradients by hand", numbers);
        return new GradientAudit(forward, point, this.numbers, Optional.of(numbers), code);
    }

    /** Code to be called, at this point and at others, several times in a row. */
    public GradientAudit withCode(HandWritten code) {
        Present.require("code by hand", code);
        return new GradientAudit(forward, point, numbers, second, Optional.of(code));
    }

    /** Compares, and looks for the mistakes. */
    public AuditReport report() {
        ByHand hand = numbers.orElseGet(() -> code.orElseThrow().run(point));
        Map<String, Tensor> inputs = inputs(point);
        return new Diagnosis(forward.apply(inputs), inputs, hand, 1e-9, 1).report();
    }

    private static Map<String, Tensor> inputs(Map<String, NDArray> at) {
        return ImmutableMap.copyOf(
                Maps.transformValues(at, array -> array.dtype().isFloating() ? Parameter.of(array) : Tensor.of(array)));
    }
}
