package dev.clew.audit;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.audit.Diagnosis;
import dev.clew.internal.audit.TestPoint;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which line of this gradient, written by hand, is wrong?
 *
 * {@snippet lang=java :
 * Unrolled network = Unrolled.of(loss, Map.of("Wx", wx, "Wh", wh, "b", b)) // the forward pass, in Clew
 *         .withInitial("h0", h0)
 *         .withSteps("h", states);
 * ByHand numbers = ByHand.of(Map.of("Wx", dWx, "Wh", dWh, "b", db)) // what the code under audit computed
 *         .withAdjoints("h", dh);
 * IO.println(GradientAudit.of(network).withGradients(numbers).report());
 *
 * AuditReport called = GradientAudit.of(this::forward, point).withCode(myCode).report(); // of code that can be called
 * }
 *
 * <p>The automatic gradient is a graph, and so is a wrong one: the audit makes the mistakes that people make in it,
 * one by one and together, and looks for those that give the numbers by hand, all of them. What matches is named,
 * with the formula as written and as it should be. What nothing matches is called unexplained, and where it begins to
 * be wrong is told: a wrong name is worse than none. {@link GradientCheck} asks only whether a gradient is right, and
 * needs no forward pass but the values.
 *
 * <p>Gradients of parameters are enough; adjoints of every step make it sharp, since each is then compared with what
 * follows from the later ones by hand. Activations and the loss by hand, if they are given, are compared first: a
 * gradient of another forward pass is not called right. NaN and infinities by hand are wrong numbers like others.
 *
 * <p>Numbers in f64 agree if they differ by at most 1e-9 of the largest of their array, which resolves an ε of 1e-8
 * in a loss. If any array by hand is in f32, or the graph is, the tolerance is 1e-5. A function is called with an f32
 * point cast to f64, so that only the numbers by hand are inexact; one that insists on f32, with constants of its
 * own, is called with the point as it is. Code by hand is always called with the point as it is. Shapes may differ by
 * axes of length 1.
 *
 * <p>Immutable: every method gives another audit.
 */
@CheckReturnValue
public final class GradientAudit {
    private static final double TOLERANCE = 1e-9;
    private static final double SINGLE_TOLERANCE = 1e-5;
    private static final long SEED = 1;
    private static final String BY_HAND = "by hand";
    private static final String SECOND = "by hand in the second call";

    private final ForwardPass forward;
    /** Of the first call, and of the second; none if there is code. */
    private final List<ByHand> numbers;

    private final @Nullable HandWritten code;

    private GradientAudit(ForwardPass forward, List<ByHand> numbers, @Nullable HandWritten code) {
        this.forward = forward;
        this.numbers = List.copyOf(numbers);
        this.code = code;
    }

    /**
     * A forward pass at hand, at the numbers that its parameters hold when {@link #report} is called.
     *
     * @throws IllegalArgumentException if it depends on an input of a plan, which has no numbers
     */
    public static GradientAudit of(Unrolled forward) {
        Present.require("gradient audit", forward);
        return new GradientAudit(ForwardPass.of(forward), List.of(), null);
    }

    /**
     * A function that builds the forward pass from its numbers: then code can be called, and other points can be
     * tried. The function is called several times, and must compute the same at the same point.
     *
     * @param forward takes a parameter for every array of the point, and a constant for those of integers and truth
     *     values
     * @param point parameters, initial states, data, by name
     * @throws IllegalArgumentException if the forward pass depends on an input of a plan, which has no numbers
     */
    public static GradientAudit of(Function<Map<String, Tensor>, Unrolled> forward, Map<String, NDArray> point) {
        Present.require("gradient audit", forward, point);
        return new GradientAudit(ForwardPass.of(forward, ImmutableMap.copyOf(point)), List.of(), null);
    }

    /**
     * The numbers of code that was run elsewhere, at the same point.
     *
     * @throws IllegalArgumentException if there is no gradient and no adjoint; if one is of a name that the forward
     *     pass does not have, of integers, of another shape (but for axes of length 1) or of another number of steps;
     *     or if code was given
     */
    public GradientAudit withGradients(ByHand numbers) {
        Present.require("gradients by hand", numbers);
        requireNoCode("gradients by hand");
        ByHand fitted = new Fitting(forward, BY_HAND).fitted(numbers);
        return new GradientAudit(
                forward, calls(fitted, this.numbers.stream().skip(1).toList()), null);
    }

    /**
     * The numbers of a second call of the same code, at the same point: what was not reset shows there.
     *
     * @throws IllegalArgumentException as {@link #withGradients} does; if that was not called before; or if the two
     *     calls have gradients or adjoints of different names
     */
    public GradientAudit withSecondCall(ByHand numbers) {
        Present.require("gradients by hand", numbers);
        requireNoCode("gradients by hand in the second call");
        if (this.numbers.isEmpty()) {
            throw new IllegalArgumentException("gradients by hand in the second call: there are none of the"
                    + " first, and the two are compared; call withGradients first");
        }
        ByHand fitted = new Fitting(forward, SECOND).fitted(numbers);
        return new GradientAudit(forward, calls(this.numbers.getFirst(), List.of(fitted)), null);
    }

    private static List<ByHand> calls(ByHand first, List<ByHand> second) {
        second.forEach(each -> new SecondCall(first, each).requireSameNames());
        return Stream.concat(Stream.of(first), second.stream()).toList();
    }

    /**
     * Code to be called by {@link #report}, twice in a row at the point: what it keeps between calls shows in the second,
     * as with {@link #withSecondCall}.
     *
     * @throws IllegalArgumentException if the forward pass is no function, so that there is no point to call the code
     *     at, or if numbers were given
     */
    public GradientAudit withCode(HandWritten code) {
        Present.require("code by hand", code);
        if (forward.model() == null) {
            throw new IllegalArgumentException("code by hand beside " + forward.unrolled()
                    + ": the code is called at a point, and a graph has none; give a function that builds the graph, and"
                    + " the point: GradientAudit.of(function, point)");
        }
        if (!numbers.isEmpty()) {
            throw new IllegalArgumentException("code by hand beside gradients of "
                    + numbers.getFirst().gradients().keySet()
                    + ": the code computes the numbers; leave out withGradients, or withCode");
        }
        return new GradientAudit(forward, List.of(), code);
    }

    private void requireNoCode(String asked) {
        if (code != null) {
            throw new IllegalArgumentException(
                    asked + " beside code by hand: the code computes the numbers; leave out one of them");
        }
    }

    /**
     * Compares, and looks for the mistakes; in a test, {@link GradientAssert} does so and throws.
     *
     * @throws IllegalArgumentException if neither numbers nor code were given, if the function computes something
     *     else when it is called again, or if what the code gives does not fit, as {@link #withGradients} says
     */
    public AuditReport report() {
        ForwardPass pass = forward.inDoublePrecision();
        pass.requireRepeatable(pass.isSinglePrecision() ? SINGLE_TOLERANCE : TOLERANCE);
        List<ByHand> calls = code == null ? numbers : called(code);
        if (calls.isEmpty()) {
            throw new IllegalArgumentException("gradient audit of " + forward.unrolled()
                    + ": there is nothing by hand to compare; give withGradients(numbers) or withCode(code)");
        }
        AuditReport report = report(pass, calls);
        return code == null || !isOpen(report) ? report : atBetterPoint(code, report);
    }

    /** Whether the numbers at this point leave something undecided. */
    private static boolean isOpen(AuditReport report) {
        return report.outcome() == AuditOutcome.UNDECIDED
                || (report.isRight() && !report.remarks().isEmpty());
    }

    /** The same code at another point, where mistakes show that the point at hand hides. */
    private AuditReport atBetterPoint(HandWritten code, AuditReport report) {
        ForwardPass pass = forward.at(TestPoint.better(forward.point(), forward.unrolled(), SEED));
        AuditReport better;
        try {
            ByHand first = new Fitting(pass, BY_HAND)
                    .fitted(Present.given("gradient audit", "the code by hand", code.run(pass.point())));
            better = report(pass.inDoublePrecision(), List.of(first));
        } catch (RuntimeException notThere) {
            List<String> remarks = new ArrayList<>(report.remarks());
            remarks.add("at a better point the code by hand, or the model, fails: " + notThere.getMessage());
            return with(report, report.outcome(), report.forward(), remarks);
        }
        if (report.isRight() && better.isRight()) {
            return with(report, report.outcome(), report.forward(), List.of());
        }
        if (isOpen(better) || better.outcome() == AuditOutcome.UNEXPLAINED) {
            return report.isRight() ? better : report;
        }
        List<String> remarks = new ArrayList<>(better.remarks());
        remarks.add(
                "this report is of another point, with other weights and initial states: at the point given, the numbers cannot decide");
        return with(better, better.outcome(), better.forward(), remarks);
    }

    private static AuditReport report(ForwardPass pass, List<ByHand> calls) {
        boolean isSingle = pass.isSinglePrecision() || calls.stream().anyMatch(GradientAudit::isSinglePrecision);
        double tolerance = isSingle ? SINGLE_TOLERANCE : TOLERANCE;
        Diagnosis diagnosis = new Diagnosis(pass.unrolled(), pass.inputs(), calls.getFirst(), tolerance, SEED);
        AuditReport report = calls.size() == 1
                ? diagnosis.report()
                : diagnosis.report(
                        calls.getLast(), new SecondCall(calls.getFirst(), calls.getLast()).differing(tolerance));
        Optional<ForwardDifference> other = ForwardAgreement.first(pass.unrolled(), calls.getFirst(), tolerance)
                .or(() -> ForwardAgreement.first(pass.unrolled(), calls.getLast(), tolerance));
        return other.isEmpty() ? report : with(report, AuditOutcome.OTHER_FORWARD, other, report.remarks());
    }

    private List<ByHand> called(HandWritten code) {
        ByHand first = new Fitting(forward, BY_HAND).fitted(run(code));
        ByHand second = new Fitting(forward, SECOND).fitted(run(code));
        return calls(first, List.of(second));
    }

    private ByHand run(HandWritten code) {
        return Present.given("gradient audit", "the code by hand", code.run(forward.point()));
    }

    private static boolean isSinglePrecision(ByHand hand) {
        return Stream.of(hand.adjoints(), hand.activations())
                        .flatMap(each -> each.values().stream())
                        .flatMap(Collection::stream)
                        .anyMatch(array -> array.dtype() == DType.F32)
                || hand.gradients().values().stream().anyMatch(array -> array.dtype() == DType.F32);
    }

    private static AuditReport with(
            AuditReport report, AuditOutcome outcome, Optional<ForwardDifference> forward, List<String> remarks) {
        return new AuditReport(
                outcome,
                forward,
                report.gradients(),
                report.steps(),
                report.explanations(),
                report.next(),
                report.nextDistance(),
                report.location(),
                remarks,
                report.seed());
    }

    /** What is audited, and what it is compared with. */
    @Override
    public String toString() {
        String hand = numbers.isEmpty()
                ? ""
                : ", with gradients by hand of "
                        + numbers.getFirst().gradients().keySet() + " and adjoints of "
                        + numbers.getFirst().adjoints().keySet() + (numbers.size() > 1 ? " in two calls" : "");
        return "GradientAudit of " + forward.unrolled() + hand + (code == null ? "" : ", with code by hand");
    }
}
