package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.audit.HeldOutCell.Mistake;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cells and mistakes that the audit was not written for: what is right stays so, what is named is what it is, and noise has no name. */
class HeldOutAuditsTest {
    /** Their state comes back in several ways, so that no single line is the recurrent path. */
    private static final List<String> HAVE_SEVERAL_CARRIES = List.of("minimal gated unit", "Euler");

    static List<HeldOutCell> cells() {
        return HeldOutCells.all();
    }

    private record Named(Mistake mistake, String name) {}

    /** Mistakes in the derivative of tanh, and what they are to be called. */
    private static List<Named> slopes() {
        UnaryOperator<Tensor> one = like -> like.times(0).plus(1);
        return List.of(
                new Named(
                        Mistake.slope(
                                "tanh", (a, h) -> one.apply(a).minus(h.tanh().square())),
                        "tanh′\\(.*\\) stands where tanh′"),
                new Named(
                        Mistake.slope("tanh", (a, h) -> one.apply(a).minus(a.square())),
                        "taken at the pre-activation: 1 −"),
                new Named(Mistake.slope("tanh", (a, h) -> one.apply(a).minus(h)), "the square is missing"),
                new Named(
                        Mistake.slope("tanh", (a, h) -> h.times(one.apply(a).minus(h))),
                        "the derivative of σ in place of that of tanh"));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aRightGradientIsRightWhateverIsNamed(HeldOutCell cell) {
        for (long seed = 0; seed < 3; seed++) {
            Map<String, Tensor> parameters = cell.draw(seed);
            ByHand right = cell.gradient(parameters, Mistake.NONE, false);
            Random random = new Random(seed);
            for (ByHand each : List.of(
                    right,
                    cell.gradient(parameters, Mistake.NONE, true),
                    ByHand.of(mapped(right.gradients(), x -> x * (1 + 1e-12 * random.nextGaussian()))))) {
                assertThat(audit(cell, parameters, each, true).outcome()).isEqualTo(AuditOutcome.RIGHT);
            }
            assertThat(audit(cell, parameters, right, false).outcome()).isEqualTo(AuditOutcome.RIGHT);
        }
    }

    @ParameterizedTest
    @MethodSource("cells")
    void noiseHasNoName(HeldOutCell cell) {
        Map<String, Tensor> parameters = cell.draw(1);
        Map<String, NDArray> right =
                cell.gradient(parameters, Mistake.NONE, false).gradients();
        Random random = new Random(3);
        List<DoubleUnaryOperator> distortions = List.of(
                x -> random.nextGaussian(),
                x -> 0.3,
                x -> Double.NaN,
                x -> x + 1e-6,
                Math::sin,
                x -> x * random.nextDouble());
        for (DoubleUnaryOperator each : distortions) {
            String first = parameters.keySet().iterator().next();
            if (Objects.requireNonNull(parameters.get(first)).shape().elements() > 1) {
                Map<String, NDArray> wrong = new LinkedHashMap<>(right);
                wrong.put(first, mapped(right, each).get(first));
                assertThat(audit(cell, parameters, ByHand.of(wrong), true).outcome())
                        .isEqualTo(AuditOutcome.UNEXPLAINED);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cells")
    void oneWrongNumberHasNoName(HeldOutCell cell) {
        Map<String, Tensor> parameters = cell.draw(2);
        Map<String, NDArray> right =
                cell.gradient(parameters, Mistake.NONE, false).gradients();
        right.forEach((name, array) -> {
            if (array.shape().elements() > 1) {
                Map<String, NDArray> wrong = new LinkedHashMap<>(right);
                double[] numbers = array.toDoubles();
                numbers[1] = -numbers[1];
                wrong.put(name, NDArray.of(array.shape(), numbers));
                assertThat(audit(cell, parameters, ByHand.of(wrong), true).outcome())
                        .as(name)
                        .isEqualTo(AuditOutcome.UNEXPLAINED);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aWrongDerivativeOfAnActivationIsNamed(HeldOutCell cell) {
        List<String> misnamed = new ArrayList<>();
        for (Named each : cell.name().equals("linear") ? List.<Named>of() : slopes()) {
            for (boolean withAdjoints : new boolean[] {false, true}) {
                Map<String, Tensor> parameters = cell.draw(4);
                AuditReport report =
                        audit(cell, parameters, cell.gradient(parameters, each.mistake(), withAdjoints), true);
                boolean isNamed = report.outcome() == AuditOutcome.EXPLAINED
                        && report.explanations().size() == 1
                        && report.explanations().getFirst().name().matches(".*" + each.name() + ".*");
                if (!isNamed) {
                    misnamed.add(each.name() + ": " + report.outcome() + " " + report.explanations());
                }
            }
        }
        assertThat(misnamed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aCarryThatIsLostOrNegatedIsNamed(HeldOutCell cell) {
        Map<String, Tensor> parameters = cell.draw(5);
        if (HAVE_SEVERAL_CARRIES.contains(cell.name())) {
            return;
        }
        for (boolean withAdjoints : new boolean[] {false, true}) {
            AuditReport lost = audit(
                    cell,
                    parameters,
                    cell.gradient(parameters, Mistake.instead("carry", Tensor::stopGradient), withAdjoints),
                    true);
            assertThat(lost.explanations().getFirst().name()).startsWith("no recurrent path");
            AuditReport negated = audit(
                    cell,
                    parameters,
                    cell.gradient(parameters, Mistake.instead("carry", Tensor::negate), withAdjoints),
                    true);
            assertThat(negated.explanations()).hasSize(1);
            assertThat(negated.explanations().getFirst().name()).matches("the term .* of dh_t is negated");
        }
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aGradientThatIsScaledNegatedOrDroppedIsNamed(HeldOutCell cell) {
        Map<String, Tensor> parameters = cell.draw(6);
        Map<String, NDArray> right =
                cell.gradient(parameters, Mistake.NONE, false).gradients();
        for (String name : right.keySet()) {
            assertThat(named(cell, parameters, right, name, x -> 2 * x)).isEqualTo("d" + name + " is multiplied by 2");
            assertThat(named(cell, parameters, right, name, x -> -x))
                    .isEqualTo("the gradient of " + name + " is negated");
            assertThat(named(cell, parameters, right, name, x -> 0))
                    .isEqualTo("the gradient of " + name + " is dropped: it stays 0");
        }
    }

    private static String named(
            HeldOutCell cell,
            Map<String, Tensor> parameters,
            Map<String, NDArray> right,
            String name,
            DoubleUnaryOperator as) {
        Map<String, NDArray> wrong = new LinkedHashMap<>(right);
        wrong.put(name, mapped(right, as).get(name));
        return audit(cell, parameters, ByHand.of(wrong), true)
                .explanations()
                .getFirst()
                .name();
    }

    /** Of code without a name for its states, in the form of a function, and as a report. */
    private static AuditReport audit(HeldOutCell cell, Map<String, Tensor> parameters, ByHand byHand, boolean isNamed) {
        AuditReport report = GradientAudit.of(cell.model(parameters, isNamed))
                .withGradients(byHand)
                .report();
        assertThat(report.toString()).isNotBlank();
        assertThat(report.toJson()).startsWith("{");
        return report;
    }

    private static Map<String, NDArray> mapped(Map<String, NDArray> arrays, DoubleUnaryOperator function) {
        Map<String, NDArray> mapped = new LinkedHashMap<>();
        arrays.forEach((name, array) -> mapped.put(
                name,
                NDArray.of(
                        array.shape(),
                        Arrays.stream(array.toDoubles()).map(function).toArray())));
        return mapped;
    }
}
