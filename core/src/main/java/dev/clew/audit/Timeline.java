package dev.clew.audit;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Findings of inputs that are the steps of sequences, such as h0 to h9, in the order of time. */
final class Timeline {
    private static final Pattern STEP = Pattern.compile("(.*?)[\\[(._-]?(\\d{1,9})[\\])]?");

    private Timeline() {}

    /** One step of one sequence: its input's name, and the worst that was found of it. */
    private record Step(String input, int number, Verdict verdict) {}

    /** A line for each boundary between wrong and right steps. */
    static List<String> lines(List<String> inputs, List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        for (int order = 1; order <= 2; order++) {
            int wanted = order;
            List<Finding> some =
                    findings.stream().filter(one -> one.order() == wanted).toList();
            lines.addAll(lines(sequences(inputs, some), order == 2 ? "order 2: " : ""));
        }
        return lines;
    }

    private static List<String> lines(Map<String, NavigableMap<Integer, Step>> sequences, String prefix) {
        SetMultimap<String, String> alike = LinkedHashMultimap.create();
        sequences.forEach((name, steps) -> {
            String wrong = wrong(steps);
            if (!wrong.isEmpty()) {
                alike.put(wrong, name);
            }
        });
        return alike.keySet().stream()
                .map(wrong -> prefix + String.join(", ", alike.get(wrong)) + " " + wrong
                        + others(alike.get(wrong).stream()
                                .flatMap(name -> sequences.getOrDefault(name, new TreeMap<>()).values().stream())
                                .toList()))
                .toList();
    }

    /** Names that differ in a number at their end only. */
    private static Map<String, NavigableMap<Integer, Step>> sequences(List<String> inputs, List<Finding> findings) {
        Map<String, Verdict> worst = new LinkedHashMap<>();
        findings.forEach(finding -> worst.merge(
                finding.input(), finding.verdict(), (one, other) -> one.compareTo(other) <= 0 ? one : other));
        Map<String, NavigableMap<Integer, Step>> sequences = new LinkedHashMap<>();
        for (String input : inputs) {
            Matcher matcher = STEP.matcher(input);
            Verdict verdict = worst.get(input);
            if (verdict != null && matcher.matches()) {
                int number = Integer.parseInt(matcher.group(2));
                sequences
                        .computeIfAbsent(matcher.group(1), name -> new TreeMap<>())
                        .put(number, new Step(input, number, verdict));
            }
        }
        sequences.values().removeIf(steps -> steps.size() < 2);
        return sequences;
    }

    /** Which steps are wrong, told backwards in time. */
    private static String wrong(NavigableMap<Integer, Step> steps) {
        List<Integer> wrong = steps.descendingMap().values().stream()
                .filter(step -> step.verdict() == Verdict.WRONG)
                .map(Step::number)
                .toList();
        if (wrong.isEmpty()) {
            return "";
        }
        boolean allBefore = steps.headMap(wrong.getFirst(), true).values().stream()
                .allMatch(step -> step.verdict() != Verdict.RIGHT);
        return allBefore && (wrong.size() > 1 || wrong.getFirst().equals(steps.firstKey()))
                ? "wrong from step " + wrong.getFirst() + " backwards"
                : "wrong at " + (wrong.size() == 1 ? "step " : "steps ")
                        + wrong.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** The steps that are not wrong, in the order of time. */
    private static String others(List<Step> steps) {
        List<Step> ordered =
                steps.stream().sorted(Comparator.comparingInt(Step::number)).toList();
        String right = names(
                ordered.stream().filter(step -> step.verdict() == Verdict.RIGHT).toList());
        String undecided = names(ordered.stream()
                .filter(step -> step.verdict() != Verdict.RIGHT && step.verdict() != Verdict.WRONG)
                .toList());
        return (right.isEmpty() ? "; none is right" : "; right: " + right)
                + (undecided.isEmpty() ? "" : "; undecided: " + undecided);
    }

    private static String names(List<Step> steps) {
        return steps.stream().map(Step::input).collect(Collectors.joining(", "));
    }
}
