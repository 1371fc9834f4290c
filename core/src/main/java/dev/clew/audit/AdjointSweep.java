package dev.clew.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The adjoints of one quantity, as the backward pass goes through them.
 *
 * @param quantity which of {@link Unrolled#steps}
 * @param steps the last one first
 */
record AdjointSweep(String quantity, List<AuditedStep> steps) {
    AdjointSweep {
        steps = steps.stream()
                .sorted(Comparator.comparingInt(AuditedStep::step).reversed())
                .toList();
    }

    /** One for every quantity, in the order in which they were given. */
    static List<AdjointSweep> of(List<AuditedStep> steps) {
        Map<String, List<AuditedStep>> byQuantity = new LinkedHashMap<>();
        steps.forEach(step -> byQuantity
                .computeIfAbsent(step.quantity(), quantity -> new ArrayList<>())
                .add(step));
        return byQuantity.entrySet().stream()
                .map(entry -> new AdjointSweep(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Where the agreement ends. */
    Optional<AuditedStep> firstWrong() {
        return steps.stream().filter(step -> !step.isRight()).findFirst();
    }

    /** {@code right at steps 9 to 4; first wrong, going backwards: h3; wrong at 3 to 0, carried on at 2 to 0}. */
    String story() {
        List<Integer> right = numbers(AuditedStep::isRight);
        List<Integer> wrong = numbers(step -> !step.isRight());
        if (wrong.isEmpty()) {
            return "right at " + steps(right);
        }
        String most = right.isEmpty() ? "right nowhere" : "right at " + steps(right);
        List<Integer> carried = numbers(step -> !step.isRight() && step.followsFromLater());
        return most + "; first wrong, going backwards: " + quantity + wrong.getFirst() + "; wrong at " + steps(wrong)
                + (carried.isEmpty() ? "" : ", carried on at " + Ranges.down(carried));
    }

    private static String steps(List<Integer> numbers) {
        return (numbers.size() == 1 ? "step " : "steps ") + Ranges.down(numbers);
    }

    private List<Integer> numbers(Predicate<AuditedStep> which) {
        return steps.stream().filter(which).map(AuditedStep::step).toList();
    }
}
