package dev.clew.examples.api;

import dev.clew.array.Shape;
import dev.clew.audit.AuditOutcome;
import dev.clew.audit.AuditReport;
import dev.clew.audit.AuditedGradient;
import dev.clew.audit.AuditedStep;
import dev.clew.audit.ByHand;
import dev.clew.audit.Explanation;
import dev.clew.audit.Family;
import dev.clew.audit.ForwardDifference;
import dev.clew.audit.GradientAssert;
import dev.clew.audit.GradientAudit;
import dev.clew.audit.HandWritten;
import dev.clew.audit.Location;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Something of every type of audits of gradients by hand. */
final class SamplesOfAudits {
    private SamplesOfAudits() {}

    static Map<Class<?>, Object> values() {
        Map<Class<?>, Object> values = new LinkedHashMap<>();
        Parameter w = Parameter.of(new double[][] {{1, 2}, {3, 4}});
        Unrolled forward = Unrolled.of(w.square().sum(), Map.of("w", w));
        ByHand numbers = ByHand.of(Map.of("w", w.value()));
        HandWritten code = _ -> numbers;
        AuditReport report = GradientAudit.of(forward).withGradients(numbers).report();
        AuditedGradient gradient = new AuditedGradient("w", Shape.of(2), false, 1, 1, List.of());
        for (Object each : List.of(
                forward,
                numbers,
                GradientAudit.of(forward),
                GradientAssert.assertThat(numbers),
                GradientAssert.assertThat(code),
                report,
                gradient,
                new AuditedGradient.Element(List.of(1), 0.5, 0.25),
                new AuditedStep("h", 3, 1, false, true),
                new Explanation(
                        Family.SCALE,
                        "half of it",
                        List.of("w"),
                        "dw = w",
                        "dw = 2·w",
                        "multiply by 2",
                        Optional.empty(),
                        0,
                        4),
                new ForwardDifference("loss", OptionalInt.empty(), 1, 2, 1),
                new Location("h", OptionalInt.of(1), "Whᵀ·δ", List.of(), Optional.empty()))) {
            values.put(each.getClass(), each);
        }
        values.put(AuditOutcome.class, AuditOutcome.RIGHT);
        values.put(Family.class, Family.SCALE);
        values.put(HandWritten.class, code);
        return values;
    }
}
