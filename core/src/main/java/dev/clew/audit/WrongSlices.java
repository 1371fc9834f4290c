package dev.clew.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Arrays that are wrong in whole rows, columns or stretches, as those are that hold the gates of a cell in blocks. */
final class WrongSlices {
    /** More runs than a cell has gates are no blocks. */
    private static final int MOST_RUNS = 4;
    /** Of a vector a single element may be wrong by itself. */
    private static final int SHORTEST_RUN = 2;

    private WrongSlices() {}

    /** A line for every array of which whole slices are wrong and others right. */
    static List<String> lines(List<String> inputs, List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        for (int order = 1; order <= 2; order++) {
            int wanted = order;
            String prefix = order == 2 ? "order 2: " : "";
            inputs.forEach(input -> pattern(elements(input, wanted, findings))
                    .ifPresent(pattern -> lines.add(prefix + input + ": " + pattern)));
        }
        return lines;
    }

    /** The worst that was found of each element. */
    private static Map<List<Integer>, Verdict> elements(String input, int order, List<Finding> findings) {
        Map<List<Integer>, Verdict> elements = new LinkedHashMap<>();
        findings.stream()
                .filter(one ->
                        one.order() == order && !one.direction() && one.input().equals(input))
                .forEach(one -> elements.merge(one.index(), one.verdict(), WrongSlices::worse));
        return elements;
    }

    private static Verdict worse(Verdict one, Verdict other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Optional<String> pattern(Map<List<Integer>, Verdict> elements) {
        int rank = elements.keySet().stream().mapToInt(List::size).max().orElse(0);
        for (int axis = 0; axis < rank; axis++) {
            Cut cut = Cut.along(axis, rank, elements);
            if (cut.isPattern()) {
                return Optional.of(cut.text());
            }
        }
        return Optional.empty();
    }

    /** What is said of every position along one axis. */
    private record Cut(int axis, int rank, NavigableMap<Integer, Kind> kinds) {
        static Cut along(int axis, int rank, Map<List<Integer>, Verdict> elements) {
            NavigableMap<Integer, Kind> kinds = new TreeMap<>();
            elements.forEach((index, verdict) -> kinds.merge(index.get(axis), Kind.of(verdict), Kind::with));
            return new Cut(axis, rank, kinds);
        }

        boolean isPattern() {
            List<Integer> wrong = at(Kind.WRONG);
            List<Integer> right = at(Kind.RIGHT);
            return !wrong.isEmpty()
                    && !right.isEmpty()
                    && at(Kind.MIXED).isEmpty()
                    && Ranges.lengths(wrong).size() <= MOST_RUNS
                    && (rank > 1 || (isBlocks(wrong) && isBlocks(right)));
        }

        private static boolean isBlocks(Collection<Integer> positions) {
            return Ranges.lengths(positions).stream().allMatch(length -> length >= SHORTEST_RUN);
        }

        String text() {
            String along = rank > 2 ? " along axis " + axis : "";
            List<String> parts = new ArrayList<>();
            for (Kind kind : List.of(Kind.RIGHT, Kind.WRONG, Kind.UNDECIDED)) {
                List<Integer> positions = at(kind);
                if (!positions.isEmpty()) {
                    parts.add(word(positions.size()) + " " + Ranges.up(positions) + along + " " + kind.word);
                }
            }
            return String.join(", ", parts);
        }

        private String word(int count) {
            String one = rank == 1 ? "element" : rank > 2 ? "slice" : axis == 0 ? "row" : "column";
            return count == 1 ? one : one + "s";
        }

        private List<Integer> at(Kind kind) {
            return kinds.entrySet().stream()
                    .filter(entry -> entry.getValue() == kind)
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    /** All elements of a slice together. */
    private enum Kind {
        RIGHT("right"),
        WRONG("wrong"),
        UNDECIDED("undecided"),
        MIXED("mixed");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        static Kind of(Verdict verdict) {
            return verdict == Verdict.RIGHT ? RIGHT : verdict == Verdict.WRONG ? WRONG : UNDECIDED;
        }

        /** What is undecided agrees with everything. */
        Kind with(Kind other) {
            if (this == other || other == UNDECIDED) {
                return this;
            }
            return this == UNDECIDED ? other : MIXED;
        }
    }
}
