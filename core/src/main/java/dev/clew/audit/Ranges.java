package dev.clew.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Sets of whole numbers for people: {@code 0 to 3, 6}. */
final class Ranges {
    private Ranges() {}

    /** Consecutive numbers, from the first to the last one of them. */
    private record Range(int first, int last) {
        String text(boolean up) {
            int from = up ? first : last;
            int to = up ? last : first;
            return from == to ? String.valueOf(from) : from + (last - first == 1 ? ", " : " to ") + to;
        }
    }

    /** From the smallest up. */
    static String up(Collection<Integer> numbers) {
        return ranges(numbers).stream().map(range -> range.text(true)).collect(Collectors.joining(", "));
    }

    /** From the largest down. */
    static String down(Collection<Integer> numbers) {
        return ranges(numbers).reversed().stream()
                .map(range -> range.text(false))
                .collect(Collectors.joining(", "));
    }

    /** How long every run of consecutive numbers is. */
    static List<Integer> lengths(Collection<Integer> numbers) {
        return ranges(numbers).stream()
                .map(range -> range.last() - range.first() + 1)
                .toList();
    }

    private static List<Range> ranges(Collection<Integer> numbers) {
        List<Range> ranges = new ArrayList<>();
        numbers.stream().distinct().sorted().forEach(number -> {
            boolean goesOn = !ranges.isEmpty() && ranges.getLast().last() == number - 1;
            int first = goesOn ? ranges.removeLast().first() : number;
            ranges.add(new Range(first, number));
        });
        return ranges;
    }
}
