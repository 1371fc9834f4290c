package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
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

    @Test
    void everySequenceHasASummaryInTheOrderOfTime() {
        GradientReport report = report("%s%d", Set.of("h0", "h1", "h2", "h3", "c1", "c4", "w"));
        assertThat(report.summary())
                .containsExactly(
                        "h: right at step 4; first wrong in sweep order: h3; wrong at 0 to 3",
                        "c: right at steps 0, 2, 3; first wrong in sweep order: c4; wrong at 1, 4",
                        "n: right at steps 0 to 4");
        assertThat(report.toString()).startsWith("""
                gradient check: 7 wrong; 9 right
                  h wrong from step 3 backwards; right: h4
                  c wrong at steps 4, 1; right: c0, c2, c3
                  h: right at step 4; first wrong in sweep order: h3; wrong at 0 to 3
                  c: right at steps 0, 2, 3; first wrong in sweep order: c4; wrong at 1, 4
                  n: right at steps 0 to 4
                """);
        assertThat(report("%s[%d]", Set.of("c[0]", "c[1]", "c[2]", "c[3]", "c[4]"))
                        .summary())
                .containsExactly("h, n: right at steps 0 to 4", "c: first wrong in sweep order: c[4]; wrong at 0 to 4");
    }

    /** What is right before a parameter says that the mistake is in the parameter's own formula. */
    @Test
    void sequencesThatAreRightAreToldIfAnythingIsWrong() {
        assertThat(report("%s%d", Set.of("w")).summary()).containsExactly("h, c, n: right at steps 0 to 4");
        assertThat(report("%s%d", Set.of()).summary()).isEmpty();
        assertThat(report("%s%dth", Set.of("h2th")).summary()).isEmpty();
    }

    private static Finding finding(int order, String input, Verdict verdict, Integer... index) {
        return new Finding(order, input, List.of(index), false, List.of(), 1, 2, 1e-9, verdict, "");
    }

    private static GradientReport report(Finding... findings) {
        List<String> inputs =
                Arrays.stream(findings).map(Finding::input).distinct().toList();
        return new GradientReport(List.of(findings), 1, "", "", inputs);
    }

    @Test
    void aGateIsASequenceOfItsOwn() {
        assertThat(report(
                                finding(1, "a0.f", Verdict.WRONG),
                                finding(1, "a1.f", Verdict.WRONG),
                                finding(1, "a2.f", Verdict.RIGHT),
                                finding(1, "a0.i", Verdict.RIGHT),
                                finding(1, "a1.i", Verdict.RIGHT),
                                finding(1, "a2.i", Verdict.KINK),
                                finding(1, "o_0", Verdict.RIGHT),
                                finding(1, "o_1", Verdict.RIGHT))
                        .summary())
                .containsExactly(
                        "a.f: right at step 2; first wrong in sweep order: a1.f; wrong at 0, 1",
                        "a.i: right at steps 0, 1; undecided at 2",
                        "o: right at steps 0, 1");
        assertThat(report(finding(1, "gates[0]_input", Verdict.RIGHT), finding(1, "gates[1]_input", Verdict.WRONG))
                        .inTimeOrder())
                .containsExactly("gates.input wrong at step 1; right: gates[0]_input");
    }

    /** Numbers count other things than steps. */
    @Test
    void layersAreNoSteps() {
        assertThat(report(
                                finding(1, "layer0.weight", Verdict.RIGHT),
                                finding(1, "layer1.weight", Verdict.WRONG),
                                finding(1, "cells[0].f", Verdict.RIGHT),
                                finding(1, "cells[1].f", Verdict.WRONG))
                        .summary())
                .isEmpty();
    }

    @Test
    void secondDerivativesHaveASummaryApart() {
        assertThat(report(
                                finding(1, "h0", Verdict.RIGHT),
                                finding(1, "h1", Verdict.RIGHT),
                                finding(2, "h0", Verdict.WRONG),
                                finding(2, "h1", Verdict.RIGHT))
                        .summary())
                .containsExactly("order 2: h: right at step 1; first wrong in sweep order: h0; wrong at 0");
    }

    /** A report on the gradient of Σ (W·x)² by W and by a vector, in which a block is doubled. */
    private static List<String> ofBlocks(int axis, int from, int to) {
        Parameter w = Parameter.of(RandomKey.of(3).uniform(0.5, 1, DType.F64, Shape.of(8, 6)));
        Parameter b = Parameter.of(RandomKey.of(4).uniform(0.5, 1, DType.F64, Shape.of(8)));
        Tensor x = Tensor.of(RandomKey.of(5).uniform(0.5, 1, DType.F64, Shape.of(6, 2)));
        Tensor loss = w.matmul(x).plus(b.expandDims(1)).square().sum();
        Gradients gradients = Gradients.of(loss);
        double[] factors = new double[48];
        double[] ofVector = new double[8];
        for (int i = 0; i < 48; i++) {
            int at = axis == 0 ? i / 6 : i % 6;
            factors[i] = at >= from && at < to ? 2 : 1;
            ofVector[i / 6] = i / 6 >= from && i / 6 < to ? 2 : 1;
        }
        Map<String, NDArray> byHand = Map.of(
                "W",
                        gradients
                                .wrt(w)
                                .times(Tensor.of(NDArray.of(Shape.of(8, 6), factors)))
                                .value(),
                "b", gradients.wrt(b).times(Tensor.of(ofVector)).value());
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("W", w);
        inputs.put("b", b);
        return GradientCheck.of(loss, inputs).withGradients(byHand).report().summary();
    }

    @Test
    void wrongRowsAndColumnsAreTold() {
        assertThat(ofBlocks(0, 4, 8))
                .containsExactly(
                        "W: rows 0 to 3 right, rows 4 to 7 wrong", "b: elements 0 to 3 right, elements 4 to 7 wrong");
        assertThat(ofBlocks(0, 2, 4))
                .containsExactly(
                        "W: rows 0, 1, 4 to 7 right, rows 2, 3 wrong",
                        "b: elements 0, 1, 4 to 7 right, elements 2, 3 wrong");
        assertThat(ofBlocks(1, 3, 4)).containsExactly("W: columns 0 to 2, 4, 5 right, column 3 wrong");
        assertThat(ofBlocks(0, 0, 8)).isEmpty();
    }

    @Test
    void whatIsUndecidedSpoilsNoPatternAndWhatIsMixedDoes() {
        Finding[] all = {
            finding(1, "W", Verdict.RIGHT, 0, 0),
            finding(1, "W", Verdict.FLAT, 0, 1),
            finding(1, "W", Verdict.FLAT, 1, 0),
            finding(1, "W", Verdict.WRONG, 1, 1),
            finding(1, "W", Verdict.KINK, 2, 0),
            finding(1, "W", Verdict.FLAT, 2, 1)
        };
        assertThat(report(all).summary()).containsExactly("W: row 0 right, row 1 wrong, row 2 undecided");
        all[1] = finding(1, "W", Verdict.WRONG, 0, 1);
        assertThat(report(all).summary()).containsExactly("W: column 0 right, column 1 wrong");
        all[2] = finding(1, "W", Verdict.WRONG, 1, 0);
        assertThat(report(all).summary()).isEmpty();
        assertThat(report(finding(2, "k", Verdict.RIGHT, 0, 0, 0), finding(2, "k", Verdict.WRONG, 0, 0, 1))
                        .summary())
                .containsExactly("order 2: k: slice 0 along axis 2 right, slice 1 along axis 2 wrong");
        assertThat(report(finding(1, "scalar", Verdict.WRONG), finding(1, "other", Verdict.RIGHT))
                        .summary())
                .isEmpty();
    }

    @Test
    void singleElementsOfAVectorAreNoBlock() {
        assertThat(report(
                                finding(1, "b", Verdict.RIGHT, 0),
                                finding(1, "b", Verdict.WRONG, 1),
                                finding(1, "b", Verdict.RIGHT, 2),
                                finding(1, "b", Verdict.RIGHT, 3))
                        .summary())
                .isEmpty();
    }
}
