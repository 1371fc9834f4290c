package dev.clew.audit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which array is wrong because of which explanation. */
final class Attribution {
    private final AuditReport report;

    Attribution(AuditReport report) {
        this.report = report;
    }

    List<AuditedGradient> right() {
        return report.gradients().stream().filter(AuditedGradient::isRight).toList();
    }

    List<AuditedGradient> wrong() {
        return report.gradients().stream().filter(each -> !each.isRight()).toList();
    }

    /** Wrong arrays that at least one of some explanations affects. */
    List<AuditedGradient> wrongOf(List<Explanation> explanations) {
        Set<String> affected =
                explanations.stream().flatMap(each -> each.affects().stream()).collect(Collectors.toSet());
        return wrong().stream().filter(each -> affected.contains(each.name())).toList();
    }

    /** Wrong arrays that no explanation affects. */
    List<AuditedGradient> unexplained() {
        List<AuditedGradient> explained = wrongOf(report.explanations());
        return wrong().stream().filter(each -> !explained.contains(each)).toList();
    }

    /** The numbers, from 1, of the explanations that affect an array. */
    List<Integer> explaining(AuditedGradient gradient) {
        List<Explanation> explanations = report.explanations();
        return IntStream.range(0, explanations.size())
                .filter(i ->
                        !gradient.isRight() && explanations.get(i).affects().contains(gradient.name()))
                .mapToObj(i -> i + 1)
                .toList();
    }

    /** What is on one line of a terminal. */
    List<List<AuditedGradient>> groups() {
        List<List<AuditedGradient>> groups = new ArrayList<>();
        if (report.outcome() == AuditOutcome.UNDECIDED) {
            groups.add(wrongOf(report.explanations()));
        } else {
            report.explanations().forEach(each -> groups.add(wrongOf(List.of(each))));
        }
        unexplained().forEach(each -> groups.add(List.of(each)));
        groups.add(right());
        return groups;
    }

    /** What an explanation affects apart from the arrays of the gradient: adjoints. */
    List<String> adjoints(Explanation explanation) {
        Set<String> arrays =
                report.gradients().stream().map(AuditedGradient::name).collect(Collectors.toSet());
        return explanation.affects().stream()
                .filter(name -> !arrays.contains(name))
                .toList();
    }

    /** The names of an explanation that makes no array wrong. */
    String onlySteps(Explanation explanation) {
        return explanation.affects().isEmpty()
                ? "the gradient"
                : explanation.affects().stream().map(name -> "d" + name).collect(Collectors.joining(", "));
    }

    /** Which other explanations act on the same arrays; empty if none does. */
    String together(int at) {
        Set<Integer> others = new LinkedHashSet<>();
        Set<String> shared = new LinkedHashSet<>();
        for (AuditedGradient gradient : wrongOf(List.of(report.explanations().get(at)))) {
            List<Integer> explaining = explaining(gradient);
            if (explaining.size() > 1) {
                others.addAll(explaining);
                shared.add(gradient.name());
            }
        }
        others.remove(at + 1);
        return others.isEmpty()
                ? ""
                : "with " + others.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")) + " on "
                        + String.join(", ", shared);
    }
}
