package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What goes into an audit and comes out of it, beside the mistakes that it names. */
final class GradientAuditTest {
    private static final int STEPS = 5;

    /** a_t = W_x·x_t + W_h·h_{t−1}, h_t = tanh(a_t), and the sum of squares of all states. */
    private static Unrolled network(Map<String, Tensor> point) {
        Tensor wx = at(point, "Wx");
        Tensor wh = at(point, "Wh");
        Tensor h0 = at(point, "h0");
        Tensor h = h0;
        List<Tensor> inputs = new ArrayList<>();
        List<Tensor> states = new ArrayList<>();
        Tensor loss = h0.sum().times(0);
        for (int t = 0; t < STEPS; t++) {
            Tensor a = wx.matmul(at(point, "x").get(t)).plus(wh.matmul(h));
            h = a.tanh();
            inputs.add(a);
            states.add(h);
            loss = loss.plus(h.square().sum());
        }
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("Wx", wx);
        parameters.put("Wh", wh);
        return Unrolled.of(loss, parameters)
                .withInitial("h0", h0)
                .withSteps("h", states)
                .withSteps("a", inputs);
    }

    private static <T> T at(Map<String, T> map, String name) {
        T found = map.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no " + name + " among " + map.keySet());
        }
        return found;
    }

    private static Map<String, NDArray> point(DType type) {
        Map<String, NDArray> point = new LinkedHashMap<>();
        point.put("Wx", drawn(1, type, 3, 2));
        point.put("Wh", drawn(2, type, 3, 3));
        point.put("x", drawn(3, type, STEPS, 2, 2));
        point.put("h0", drawn(4, type, 3, 2));
        return point;
    }

    private static NDArray drawn(int which, DType type, int... lengths) {
        return RandomKey.of(5).fold(which).uniform(-1, 1, type, Shape.of(lengths));
    }

    private static Unrolled network(DType type) {
        return network(ImmutableMap.copyOf(Maps.transformValues(point(type), Parameter::of)));
    }

    /** The automatic gradient, the adjoints and the activations, all in another type. */
    private static ByHand right(Unrolled network, DType type) {
        Gradients gradients = Gradients.of(network.loss());
        Map<String, Tensor> inputs = new TreeMap<>(network.parameters());
        inputs.putAll(network.initial());
        ByHand hand = ByHand.of(Maps.transformValues(
                inputs, input -> gradients.wrt(input).value().cast(type)));
        for (String name : network.steps().keySet()) {
            List<Tensor> steps = at(network.steps(), name);
            hand = hand.withAdjoints(
                            name, values(steps.stream().map(gradients::wrt).toList(), type))
                    .withActivations(name, values(steps, type));
        }
        return hand.withLoss(network.loss().item());
    }

    private static List<NDArray> values(List<Tensor> tensors, DType type) {
        return Evaluator.plain().evaluate(tensors).stream()
                .map(each -> each.cast(type))
                .toList();
    }

    private static NDArray changed(NDArray array, int at, DoubleUnaryOperator change) {
        double[] numbers = array.toDoubles();
        numbers[at] = change.applyAsDouble(numbers[at]);
        return NDArray.of(array.shape(), numbers).cast(array.dtype());
    }

    private static NDArray times(NDArray array, double factor) {
        double[] numbers = array.toDoubles();
        Arrays.setAll(numbers, i -> factor * numbers[i]);
        return NDArray.of(array.shape(), numbers).cast(array.dtype());
    }

    private static ByHand withGradient(ByHand hand, String name, NDArray array) {
        Map<String, NDArray> gradients = new LinkedHashMap<>(hand.gradients());
        gradients.put(name, array);
        return new ByHand(gradients, hand.adjoints(), hand.activations(), hand.loss());
    }

    private static AuditReport report(Unrolled network, ByHand hand) {
        return GradientAudit.of(network).withGradients(hand).report();
    }

    private static AuditedGradient gradient(AuditReport report, String name) {
        return report.gradients().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void arraysComeInTheOrderOfTheForwardPassAndStepsBackwards() {
        Unrolled network = network(DType.F64);
        AuditReport report = report(network, right(network, DType.F64));
        assertThat(report.outcome()).isEqualTo(AuditOutcome.RIGHT);
        assertThat(report.forward()).isEmpty();
        assertThat(report.gradients().stream().map(AuditedGradient::name)).containsExactly("Wx", "Wh", "h0");
        assertThat(report.steps().stream()
                        .filter(step -> step.quantity().equals("h"))
                        .map(AuditedStep::step))
                .containsExactly(4, 3, 2, 1, 0);
        assertThat(report.remarks()).isEmpty();
    }

    @Test
    void aParameterOfWhichNothingIsComputedHasAGradientOfZero() {
        Map<String, NDArray> point = Map.of("w", NDArray.of(new double[] {1, 2}), "unused", NDArray.of(3.0));
        GradientAudit audit = GradientAudit.of(
                numbers -> Unrolled.of(at(numbers, "w").square().sum().reshape(1, 1), numbers), point);
        NDArray right = NDArray.of(new double[] {2, 4});
        ByHand zero = ByHand.of(Map.of("w", right, "unused", NDArray.of(0.0)));
        assertThat(audit.withGradients(zero).report().isRight()).isTrue();
        AuditReport wrong = audit.withGradients(ByHand.of(Map.of("w", right, "unused", NDArray.of(1.0))))
                .report();
        assertThat(gradient(wrong, "unused").isRight()).isFalse();
        assertThat(gradient(wrong, "w").isRight()).isTrue();
    }

    @Test
    void axesOfLengthOneAreNoDifference() {
        Parameter w = Parameter.of(new double[] {1, 2, 3});
        Unrolled squares = Unrolled.of(w.square().sum(), Map.of("w", w));
        NDArray column = NDArray.of(Shape.of(3, 1), 2.0, 4.0, 6.0);
        assertThat(report(squares, ByHand.of(Map.of("w", column))).isRight()).isTrue();
        AuditReport wrong = report(squares, ByHand.of(Map.of("w", changed(column, 1, x -> x + 1))));
        assertThat(gradient(wrong, "w").worst())
                .containsExactly(
                        new AuditedGradient.Element(List.of(1, 0), 5, 4),
                        new AuditedGradient.Element(List.of(0, 0), 2, 2),
                        new AuditedGradient.Element(List.of(2, 0), 6, 6));
    }

    @Test
    void whatIsNotFiniteIsAWrongNumberWithItsIndex() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F64);
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            AuditReport report =
                    report(network, withGradient(right, "Wh", changed(at(right.gradients(), "Wh"), 5, _ -> number)));
            assertThat(report.outcome()).isEqualTo(AuditOutcome.UNEXPLAINED);
            assertThat(gradient(report, "Wh").isRight()).isFalse();
            assertThat(gradient(report, "Wh").relativeError()).isInfinite();
            assertThat(gradient(report, "Wh").worst().getFirst().index()).containsExactly(1, 2);
            assertThat(gradient(report, "Wh").worst().getFirst().yours()).isEqualTo(Double.valueOf(number));
            assertThat(gradient(report, "Wx").isRight()).isTrue();
            assertThat(report.toString()).contains("Wh").contains("[1, 2]");
        }
    }

    @Test
    void anAdjointThatIsNotFiniteIsAWrongStep() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F64);
        List<NDArray> adjoints = new ArrayList<>(at(right.adjoints(), "h"));
        adjoints.set(2, changed(adjoints.get(2), 0, _ -> Double.NaN));
        AuditReport report = report(network, right.withAdjoints("h", adjoints));
        assertThat(report.outcome()).isEqualTo(AuditOutcome.UNEXPLAINED);
        assertThat(report.steps().stream().filter(step -> !step.isRight()))
                .singleElement()
                .satisfies(step -> assertThat(step.quantity() + step.step()).isEqualTo("h2"));
        assertThat(report.gradients()).allMatch(AuditedGradient::isRight);
    }

    @Test
    void doublePrecisionIsComparedToNineDigits() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F64);
        NDArray wh = at(right.gradients(), "Wh");
        assertThat(report(network, withGradient(right, "Wh", times(wh, 1 + 1e-10)))
                        .isRight())
                .isTrue();
        assertThat(report(network, withGradient(right, "Wh", times(wh, 1 + 1e-8)))
                        .isRight())
                .isFalse();
    }

    @Test
    void numbersInSinglePrecisionAreComparedToFive() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F32);
        assertThat(report(network, right).outcome()).isEqualTo(AuditOutcome.RIGHT);
        ByHand doubled = withGradient(right, "Wh", times(at(right.gradients(), "Wh"), 2));
        AuditReport report = report(network, doubled);
        assertThat(report.outcome()).isEqualTo(AuditOutcome.EXPLAINED);
        assertThat(report.explanations())
                .singleElement()
                .satisfies(one -> assertThat(one.affects()).containsExactly("Wh"));
        assertThat(report(network, withGradient(right, "Wh", times(at(right.gradients(), "Wh"), 1.0001)))
                        .isRight())
                .isFalse();
        // One array in f32 makes all of it inexact: code that rounds once may round everywhere.
        ByHand mixed = withGradient(right(network, DType.F64), "Wx", at(right.gradients(), "Wx"));
        assertThat(report(network, mixed).isRight()).isTrue();
    }

    @Test
    void aModelInSinglePrecisionIsAuditedToo() {
        Unrolled network = network(DType.F32);
        for (DType type : List.of(DType.F32, DType.F64)) {
            ByHand right = right(network, type);
            assertThat(report(network, right).outcome()).isEqualTo(AuditOutcome.RIGHT);
            ByHand negated = withGradient(right, "Wx", times(at(right.gradients(), "Wx"), -1));
            AuditReport report = report(network, negated);
            assertThat(report.outcome()).isEqualTo(AuditOutcome.EXPLAINED);
            assertThat(report.gradients().stream()
                            .filter(each -> !each.isRight())
                            .map(AuditedGradient::name))
                    .containsExactly("Wx");
        }
    }

    @Test
    void aFunctionIsBuiltInDoublePrecisionForAPointInSingle() {
        List<DType> built = new ArrayList<>();
        ByHand right = right(network(DType.F32), DType.F32);
        AuditReport report = GradientAudit.of(
                        point -> {
                            built.add(at(point, "Wx").dtype());
                            return network(point);
                        },
                        point(DType.F32))
                .withGradients(right)
                .report();
        assertThat(report.outcome()).isEqualTo(AuditOutcome.RIGHT);
        assertThat(built).startsWith(DType.F32).endsWith(DType.F64, DType.F64);
    }

    @Test
    void aFunctionThatInsistsOnSinglePrecisionHasItsWay() {
        AuditReport report = GradientAudit.of(
                        point -> {
                            Tensor w = at(point, "w");
                            return Unrolled.of(w.times(Tensor.of(3f)).sum(), Map.of("w", w));
                        },
                        Map.of("w", NDArray.of(new float[] {1, 2})))
                .withGradients(ByHand.of(Map.of("w", NDArray.of(new double[] {3.000001, 3}))))
                .report();
        assertThat(report.isRight()).isTrue();
    }

    @Test
    void codeIsCalledWithThePointAsItIs() {
        List<DType> seen = new ArrayList<>();
        AuditReport report = GradientAudit.of(GradientAuditTest::network, point(DType.F32))
                .withCode(point -> {
                    seen.add(at(point, "Wx").dtype());
                    return right(network(DType.F32), DType.F32);
                })
                .report();
        assertThat(report.isRight()).isTrue();
        assertThat(seen).containsExactly(DType.F32, DType.F32);
    }

    @Test
    void theFirstActivationThatDiffersIsToldInTheOrderOfTheForwardPass() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F64);
        List<NDArray> states = new ArrayList<>(at(right.activations(), "h"));
        List<NDArray> before = new ArrayList<>(at(right.activations(), "a"));
        states.set(2, changed(states.get(2), 3, x -> x + 0.5));
        before.set(3, changed(before.get(3), 0, x -> x + 0.5));
        ByHand other =
                right.withActivations("h", states).withActivations("a", before).withLoss(7);
        AuditReport report = report(network, other);
        assertThat(report.outcome()).isEqualTo(AuditOutcome.OTHER_FORWARD);
        assertThat(report.isRight()).isFalse();
        ForwardDifference difference = report.forward().orElseThrow();
        assertThat(difference.quantity()).isEqualTo("h");
        assertThat(difference.step()).isEqualTo(OptionalInt.of(2));
        double graph = at(network.steps(), "h").get(2).value().get(1, 1);
        assertThat(difference.graph()).isEqualTo(graph);
        assertThat(difference.yours()).isCloseTo(graph + 0.5, within(1e-12));
        assertThat(difference.relativeError()).isBetween(0.1, 1.0);
        before.set(2, changed(before.get(2), 0, x -> x + 0.5));
        assertThat(report(network, other.withActivations("a", before)).forward().orElseThrow())
                .satisfies(first -> assertThat(first.quantity() + first.step().orElseThrow())
                        .isEqualTo("a2"));
    }

    @Test
    void aLossOfItsOwnIsAnotherForwardPass() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F64);
        double loss = network.loss().item();
        AuditReport report = report(network, right.withLoss(loss / 2));
        assertThat(report.outcome()).isEqualTo(AuditOutcome.OTHER_FORWARD);
        ForwardDifference difference = report.forward().orElseThrow();
        assertThat(difference)
                .isEqualTo(
                        new ForwardDifference("loss", OptionalInt.empty(), difference.relativeError(), loss / 2, loss));
        assertThat(difference.relativeError()).isCloseTo(0.5, within(1e-12));
        assertThat(report(network, right.withLoss(Double.NaN)).forward()).isPresent();
        assertThat(report(network, right.withLoss(loss * (1 + 1e-13))).isRight())
                .isTrue();
    }

    @Test
    void mistakesInTheGradientAreToldBesideAnotherForwardPass() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F64).withLoss(-1);
        AuditReport report = report(network, withGradient(right, "Wh", times(at(right.gradients(), "Wh"), -1)));
        assertThat(report.outcome()).isEqualTo(AuditOutcome.OTHER_FORWARD);
        assertThat(report.explanations()).isNotEmpty();
        assertThat(gradient(report, "Wh").isRight()).isFalse();
        assertThat(report.toString()).contains("the forward pass by hand computes something else");
    }

    @Test
    void aSecondCallOfOtherNumbersIsRemarkedAndIsWhatThereIsToExplain() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F64);
        ByHand doubled = withGradient(right, "Wh", times(at(right.gradients(), "Wh"), 2));
        GradientAudit first = GradientAudit.of(network).withGradients(right);
        assertThat(first.withSecondCall(right).report()).isEqualTo(first.report());
        AuditReport report = first.withSecondCall(doubled).report();
        assertThat(report.isRight()).isFalse();
        assertThat(gradient(report, "Wh").isRight()).isFalse();
        assertThat(report.remarks())
                .anyMatch(remark -> remark.contains("a second call at the same point gives other numbers for Wh:"));
    }

    @Test
    void codeThatKeepsSomethingIsFoundAtTheSecondCall() {
        ByHand right = right(network(DType.F64), DType.F64);
        AtomicInteger calls = new AtomicInteger();
        GradientAudit audit = GradientAudit.of(GradientAuditTest::network, point(DType.F64))
                .withCode(_ -> withGradient(right, "Wh", times(at(right.gradients(), "Wh"), calls.incrementAndGet())));
        AuditReport report = audit.report();
        assertThat(calls).hasValue(2);
        assertThat(report.isRight()).isFalse();
        assertThat(report.remarks()).anyMatch(remark -> remark.contains("other numbers for Wh: something is kept"));
    }

    @Test
    void activationsAndLossOfTheSecondCallAreComparedToo() {
        Unrolled network = network(DType.F64);
        ByHand right = right(network, DType.F64);
        ByHand moved = right.withActivations(
                        "h",
                        at(right.activations(), "h").stream()
                                .map(each -> times(each, 1.1))
                                .toList())
                .withAdjoints(
                        "a",
                        at(right.adjoints(), "a").stream()
                                .map(each -> times(each, 1.1))
                                .toList())
                .withLoss(3);
        AuditReport report = GradientAudit.of(network)
                .withGradients(right)
                .withSecondCall(moved)
                .report();
        assertThat(report.outcome()).isEqualTo(AuditOutcome.OTHER_FORWARD);
        assertThat(report.remarks())
                .anyMatch(remark -> remark.contains(
                        "other numbers for the adjoints of a, the activations of h, the loss: something is kept"));
    }

    @Test
    void numbersByHandAreAsTheyWereWhenTheyWereHandedOver() {
        Map<String, NDArray> gradients = new LinkedHashMap<>(Map.of("w", NDArray.of(1.0)));
        List<NDArray> steps = new ArrayList<>(List.of(NDArray.of(2.0)));
        ByHand hand = new ByHand(
                gradients,
                Map.of("h", steps),
                Map.of(),
                right(network(DType.F64), DType.F64).loss());
        gradients.clear();
        steps.clear();
        assertThat(hand.gradients()).containsKey("w");
        assertThat(hand.adjoints()).containsEntry("h", List.of(NDArray.of(2.0)));
    }
}
