package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.AuditOutcome;
import dev.clew.audit.AuditReport;
import dev.clew.audit.AuditedGradient;
import dev.clew.audit.Explanation;
import dev.clew.audit.HandWritten;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A gradient that was written by hand, and the same forward pass in Clew.
 *
 * @param name what it is called
 * @param source where it stands
 * @param written what stands there
 * @param right what must stand there
 * @param isRight whether the gradient is right as it stands
 * @param expected what an audit has to say of it; "…" stands for anything
 * @param model builds the forward pass from the numbers of a point
 * @param points draws a point: numbers of all parameters, initial states and data, in f64
 * @param code the code by hand, new and never called
 */
public record Tutorial(
        String name,
        String source,
        String written,
        String right,
        boolean isRight,
        List<String> expected,
        Function<Map<String, Tensor>, Unrolled> model,
        Function<RandomKey, Map<String, NDArray>> points,
        Supplier<HandWritten> code) {

    public Tutorial {
        expected = List.copyOf(expected);
    }

    /** The same, of which an audit has to say this. */
    Tutorial expecting(String... names) {
        return new Tutorial(name, source, written, right, isRight, List.of(names), model, points, code);
    }

    /** Whether an audit finds it right if it is, and otherwise says all that is expected, and nothing else. */
    public boolean isNamedBy(AuditReport report) {
        if (isRight) {
            // One of them prints another loss than it differentiates.
            return report.explanations().isEmpty()
                    && report.gradients().stream().allMatch(AuditedGradient::isRight);
        }
        List<String> names =
                report.explanations().stream().map(Explanation::name).toList();
        List<Pattern> patterns = expected.stream().map(Tutorial::pattern).toList();
        return report.outcome() == AuditOutcome.EXPLAINED
                && names.stream()
                        .allMatch(each -> patterns.stream()
                                .anyMatch(pattern -> pattern.matcher(each).matches()))
                && patterns.stream()
                        .allMatch(pattern -> names.stream()
                                .anyMatch(each -> pattern.matcher(each).matches()));
    }

    private static Pattern pattern(String expected) {
        return Pattern.compile(Pattern.quote(expected).replace("…", "\\E.*\\Q"), Pattern.DOTALL);
    }

    /** Numbers by name, the same for the same key. */
    public Map<String, NDArray> point(RandomKey key) {
        return points.apply(key);
    }

    /** The code by hand, as it is before its first call. */
    public HandWritten handWritten() {
        return code.get();
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
