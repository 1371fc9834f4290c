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
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Findings of inputs that are the steps of sequences, such as h0 to h9, in the order of time. */
final class Timeline {
    /** A name, the number of a step, and perhaps a gate: {@code h3}, {@code h[3]}, {@code a_3.f}. */
    private static final Pattern STEP = Pattern.compile("(.*?)[\\[(._-]?(\\d{1,9})[\\])]?(?:[._](" + gates() + "))?");

    /** What is counted before a gate in the names of parameters. */
    private static final Pattern LAYER =
            Pattern.compile("(?i)(layer|cell|block|stack|level|lstm|gru|rnn|encoder|decoder)s?$");

    private Timeline() {}

    /** One step of one sequence: its input's name, and the worst that was found of it. */
    private record Step(String input, int number, Verdict verdict) {}

    /** A number with any other suffix counts something else, such as {@code layer1.weight}. */
    private static String gates() {
        return "i|f|g|o|c|z|r|n|h|u|input|forget|output|cell|update|reset|candidate|new|hidden";
    }

    /** A line for each boundary between wrong and right steps. */
    static List<String> lines(List<String> inputs, List<Finding> findings) {
        return ofEachOrder(findings, (some, prefix) -> lines(sequences(inputs, some), prefix));
    }

    /** A line for every sequence with what is right and wrong of it; none if nothing is wrong. */
    static List<String> summary(List<String> inputs, List<Finding> findings) {
        return ofEachOrder(
                findings,
                (some, prefix) -> some.stream().noneMatch(one -> one.verdict() == Verdict.WRONG)
                        ? List.of()
                        : summary(sequences(inputs, some), prefix));
    }

    private static List<String> ofEachOrder(
            List<Finding> findings, BiFunction<List<Finding>, String, List<String>> lines) {
        List<String> all = new ArrayList<>();
        for (int order = 1; order <= 2; order++) {
            int wanted = order;
            List<Finding> some =
                    findings.stream().filter(one -> one.order() == wanted).toList();
            all.addAll(lines.apply(some, order == 2 ? "order 2: " : ""));
        }
        return all;
    }

    /** Sequences of which the same is to be said share a line. */
    private static List<String> summary(Map<String, NavigableMap<Integer, Step>> sequences, String prefix) {
        SetMultimap<String, String> alike = LinkedHashMultimap.create();
        sequences.forEach((name, steps) -> alike.put(story(steps), name));
        return alike.keySet().stream()
                .map(story -> prefix + String.join(", ", alike.get(story)) + ": " + story)
                .toList();
    }

    /** In the order of time; which step is the first wrong one is told in the order of the backward sweep. */
    private static String story(NavigableMap<Integer, Step> steps) {
        List<String> parts = new ArrayList<>();
        List<Integer> right = with(steps, verdict -> verdict == Verdict.RIGHT);
        List<Integer> wrong = with(steps, verdict -> verdict == Verdict.WRONG);
        List<Integer> undecided = with(steps, verdict -> !verdict.isDecided());
        if (!right.isEmpty()) {
            parts.add("right at " + (right.size() == 1 ? "step " : "steps ") + Ranges.up(right));
        }
        steps.descendingMap().values().stream()
                .filter(step -> step.verdict() == Verdict.WRONG)
                .findFirst()
                .ifPresent(first -> {
                    parts.add("first wrong in sweep order: " + first.input());
                    parts.add("wrong at " + Ranges.up(wrong));
                });
        if (!undecided.isEmpty()) {
            parts.add("undecided at " + Ranges.up(undecided));
        }
        return String.join("; ", parts);
    }

    private static List<Integer> with(NavigableMap<Integer, Step> steps, Predicate<Verdict> which) {
        return steps.values().stream()
                .filter(step -> which.test(step.verdict()))
                .map(Step::number)
                .toList();
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

    /** Names that differ in a number only, at their end or before a gate. */
    private static Map<String, NavigableMap<Integer, Step>> sequences(List<String> inputs, List<Finding> findings) {
        Map<String, Verdict> worst = new LinkedHashMap<>();
        findings.forEach(finding -> worst.merge(
                finding.input(), finding.verdict(), (one, other) -> one.compareTo(other) <= 0 ? one : other));
        Map<String, NavigableMap<Integer, Step>> sequences = new LinkedHashMap<>();
        for (String input : inputs) {
            Matcher matcher = STEP.matcher(input);
            Verdict verdict = worst.get(input);
            if (verdict != null && matcher.matches() && !countsLayers(matcher)) {
                int number = Integer.parseInt(matcher.group(2));
                sequences
                        .computeIfAbsent(name(matcher), name -> new TreeMap<>())
                        .put(number, new Step(input, number, verdict));
            }
        }
        sequences.values().removeIf(steps -> steps.size() < 2);
        return sequences;
    }

    private static String name(Matcher matcher) {
        return matcher.group(1) + (matcher.group(3) == null ? "" : "." + matcher.group(3));
    }

    private static boolean countsLayers(Matcher matcher) {
        return matcher.group(3) != null && LAYER.matcher(matcher.group(1)).find();
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
