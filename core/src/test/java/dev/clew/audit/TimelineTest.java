package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A report tells where agreement ends going backwards in time. */
final class TimelineTest {
    private static final int STEPS = 5;

    /** A report on gradients by hand of three states over five steps, of which some are doubled. */
    private static GradientReport report(String form, Set<String> doubled) {
        Parameter w = Parameter.of(0.7);
        Tensor h = w;
        Tensor c = w.times(2);
        Tensor n = w.times(3);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int t = 0; t < STEPS; t++) {
            Tensor next = h.plus(c.times(0.3)).tanh();
            n = n.times(0.5).plus(next);
            c = c.times(0.9).plus(next.times(n).sin());
            h = next;
            inputs.put(form.formatted("h", t), h);
            inputs.put(form.formatted("c", t), c);
            inputs.put(form.formatted("n", t), n);
        }
        inputs.put("w", w);
        Tensor loss = Tensor.sum(List.of(h, c, n)).square();
        Gradients gradients = Gradients.of(loss);
        Map<String, NDArray> byHand = new LinkedHashMap<>();
        inputs.forEach((name, x) -> byHand.put(
                name, gradients.wrt(x).times(doubled.contains(name) ? 2 : 1).value()));
        return GradientCheck.of(loss, inputs).withGradients(byHand).report();
    }

    @Test
    void sequencesThatPartAtOneStepShareALine() {
        GradientReport report =
                report("%s%d", Set.of("h0", "h1", "h2", "h3", "c0", "c1", "c2", "c3", "n0", "n1", "n2", "n3", "w"));
        assertThat(report.inTimeOrder()).containsExactly("h, c, n wrong from step 3 backwards; right: h4, c4, n4");
        assertThat(report.toString())
                .startsWith("gradient check: 13 wrong; 3 right\n"
                        + "  h, c, n wrong from step 3 backwards; right: h4, c4, n4\n  ");
    }

    @Test
    void eachBoundaryHasItsLine() {
        GradientReport report = report("%s[%d]", Set.of("h[0]", "h[1]", "c[3]", "c[2]", "c[1]", "c[0]", "n[2]"));
        assertThat(report.inTimeOrder())
                .containsExactly(
                        "h wrong from step 1 backwards; right: h[2], h[3], h[4]",
                        "c wrong from step 3 backwards; right: c[4]",
                        "n wrong at step 2; right: n[0], n[1], n[3], n[4]");
        assertThat(report("%s_%d", Set.of("h_4", "h_1")).inTimeOrder())
                .containsExactly("h wrong at steps 4, 1; right: h_0, h_2, h_3");
        assertThat(report("%s.%d", Set.of("c.0", "c.1", "c.2", "c.3", "c.4")).inTimeOrder())
                .containsExactly("c wrong from step 4 backwards; none is right");
    }

    @Test
    void nothingWrongAndNoSequenceHaveNoLine() {
        assertThat(report("%s%d", Set.of()).toString()).isEqualTo("gradient check: 16 right\n  seed 1");
        assertThat(report("%s%d", Set.of("w")).inTimeOrder()).isEmpty();
        assertThat(report("%s%dth", Set.of("h2th")).inTimeOrder()).isEmpty();
    }

    @Test
    void stepsThatCannotBeDecidedAreNamedApart() {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        Tensor h = Parameter.of(0.0);
        Tensor kink = h.abs();
        inputs.put("h0", h);
        inputs.put("h1", kink);
        inputs.put("h2", kink.plus(1));
        Tensor loss = kink.plus(1).exp();
        inputs.put("h2", loss.input(0));
        Map<String, NDArray> byHand = Map.of("h0", NDArray.of(0.0), "h1", NDArray.of(1.0), "h2", NDArray.of(Math.E));
        assertThat(GradientCheck.of(loss, inputs).withGradients(byHand).report().inTimeOrder())
                .containsExactly("h wrong at step 1; right: h2; undecided: h0");
    }
}
