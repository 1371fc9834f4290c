package dev.clew.audit;

import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reports of audits as they may come out, one of every outcome, without an audit. */
final class WrittenReports {
    private static final Explanation LATE = new Explanation(
            Family.TIME,
            "h_t stands where h_{t−1} belongs",
            List.of("Wh"),
            "dWh = Σ_t  δ_t · h_tᵀ",
            "dWh = Σ_t  δ_t · h_{t−1}ᵀ",
            "use the state before the step; t = 0 uses the initial state",
            Optional.of("h = tanh(x·Wx + h·Wh + b), RnnCell.java:12"),
            3e-16,
            64);
    private static final Explanation NO_PATH = new Explanation(
            Family.TIME,
            "no recurrent path",
            List.of("Wh", "Wx", "b", "h"),
            "dh_t = Vᵀ·dy_t",
            "dh_t = Vᵀ·dy_t + Whᵀ·δ_{t+1}",
            "add what comes from the next step",
            Optional.empty(),
            2e-15,
            112);

    private WrittenReports() {}

    private static AuditedGradient right(String name, double error, int... shape) {
        return new AuditedGradient(name, Shape.of(shape), true, error, 1, List.of());
    }

    private static AuditedGradient wrong(String name, double error, double cosine, int... shape) {
        return new AuditedGradient(
                name,
                Shape.of(shape),
                false,
                error,
                cosine,
                List.of(
                        new AuditedGradient.Element(List.of(0, 1), 0.5, 0.25),
                        new AuditedGradient.Element(List.of(1, 1), -1, Double.NaN)));
    }

    /** Steps 9 to 0 of which the earlier ones are wrong, the last of them by its own mistake. */
    private static List<AuditedStep> steps(String quantity, int firstWrong) {
        List<AuditedStep> steps = new ArrayList<>();
        for (int t = 9; t >= 0; t--) {
            boolean isRight = t > firstWrong;
            double error = isRight ? 1e-16 * (10 - t) : Math.pow(0.3, t);
            steps.add(new AuditedStep(quantity, t, error, isRight, t != firstWrong));
        }
        return steps;
    }

    static AuditReport right() {
        return new AuditReport(
                AuditOutcome.RIGHT,
                Optional.empty(),
                List.of(right("Wh", 2e-16, 8, 8), right("V", 0, 3, 8)),
                steps("h", -1),
                List.of(),
                Optional.empty(),
                Double.POSITIVE_INFINITY,
                Optional.empty(),
                List.of(),
                1);
    }

    static AuditReport explained() {
        return new AuditReport(
                AuditOutcome.EXPLAINED,
                Optional.empty(),
                List.of(
                        right("Wx", 3e-16, 8, 3),
                        wrong("Wh", 1.35, 0.17, 8, 8),
                        right("V", 2e-16, 3, 8),
                        right("c", 1e-16, 3)),
                List.of(),
                List.of(LATE),
                Optional.of("the first step is left out"),
                0.8,
                Optional.empty(),
                List.of(),
                1);
    }

    static AuditReport twoMistakes() {
        List<AuditedStep> steps = new ArrayList<>(steps("h", 3));
        steps.addAll(steps("cell", 2));
        return new AuditReport(
                AuditOutcome.EXPLAINED,
                Optional.empty(),
                List.of(
                        wrong("Wx", 0.881, 0.72, 8, 3),
                        wrong("Wh", 1.35, 0.17, 8, 8),
                        wrong("b", 0.72, Double.NaN, 8),
                        right("V", 2e-16, 3, 8)),
                steps,
                List.of(LATE, NO_PATH),
                Optional.of("truncated at 2 steps"),
                0.0312,
                Optional.empty(),
                List.of("the initial state is 0, so that its gradient hides a missing factor; draw it at random"),
                7);
    }

    static AuditReport undecided() {
        return new AuditReport(
                AuditOutcome.UNDECIDED,
                Optional.empty(),
                List.of(wrong("Wh", 1.35, 0.17, 8, 8), wrong("b", Double.POSITIVE_INFINITY, Double.NaN, 8)),
                List.of(),
                List.of(NO_PATH, LATE),
                Optional.empty(),
                Double.POSITIVE_INFINITY,
                Optional.empty(),
                List.of("batch size 1: a missing sum over the batch is not to be seen; take 2 or more"),
                3);
    }

    static AuditReport unexplained() {
        return new AuditReport(
                AuditOutcome.UNEXPLAINED,
                Optional.empty(),
                List.of(wrong("Wh", 0.4, 0.91, 8, 8), right("V", 2e-16, 3, 8)),
                steps("h", 3),
                List.of(),
                Optional.of("the derivative of tanh is missing"),
                0.25,
                Optional.of(new Location(
                        "dh", OptionalInt.of(3), "Whᵀ·δ_{t+1}", List.of("Vᵀ·dy_t"), Optional.of("RnnCell.java:12"))),
                List.of(),
                1);
    }

    static AuditReport otherForward() {
        return new AuditReport(
                AuditOutcome.OTHER_FORWARD,
                Optional.of(new ForwardDifference("h", OptionalInt.of(2), 0.31, 0.5, 0.75)),
                List.of(wrong("Wh", 0.4, 0.91, 8, 8)),
                List.of(),
                List.of(),
                Optional.empty(),
                Double.POSITIVE_INFINITY,
                Optional.empty(),
                List.of(),
                1);
    }

    /** Names and texts that would be markup, and characters that no page may have. */
    static AuditReport hostile() {
        String text = "</style><script>alert('1')</script> & \"W\" \u0000\u001b[31m\uD800 http";
        return new AuditReport(
                AuditOutcome.UNDECIDED,
                Optional.of(new ForwardDifference(text, OptionalInt.empty(), Double.NaN, 1, 2)),
                List.of(wrong(text, Double.NaN, Double.NEGATIVE_INFINITY), right("\"><b>", 0)),
                List.of(new AuditedStep(text, 4, Double.POSITIVE_INFINITY, false, false)),
                List.of(new Explanation(
                        Family.GATE, text, List.of(text), text, "<i>" + text, text, Optional.of(text), Double.NaN, 1)),
                Optional.of(text),
                Double.NaN,
                Optional.of(new Location(text, OptionalInt.empty(), text, List.of(text), Optional.of(text))),
                List.of(text),
                Long.MIN_VALUE);
    }

    static List<AuditReport> all() {
        return List.of(right(), explained(), twoMistakes(), undecided(), unexplained(), otherForward(), hostile());
    }
}
