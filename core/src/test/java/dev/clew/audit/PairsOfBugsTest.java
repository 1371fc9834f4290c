package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.audit.bug.AuditedCell;
import dev.clew.audit.bug.Bug;
import dev.clew.testing.Tries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two mistakes of different kinds at once: with adjoints both are named. */
class PairsOfBugsTest {
    private static final int PAIRS = Tries.FACTOR == 1 ? 8 : 100;
    private static final long FIRST = Long.getLong("clew.seed", 1);
    private static final double NAMED = 0.85;

    /** What was said of a pair, and what the table says of its parts. */
    private record Said(TriedBug pair, AuditOutcome outcome, Set<String> names, Set<String> wanted) {
        boolean isRight() {
            return outcome == AuditOutcome.EXPLAINED && names.equals(wanted);
        }

        boolean isWrong() {
            return outcome == AuditOutcome.EXPLAINED && !names.equals(wanted);
        }

        @Override
        public String toString() {
            return pair.cell() + ": " + pair.label() + ": " + outcome + " " + names + ", not " + wanted;
        }
    }

    @Test
    void pairsOfBugsAreNamedByBothNames() {
        Map<String, String> table = NamesTable.rows();
        List<Said> said = LongStream.range(FIRST, FIRST + PAIRS)
                .parallel()
                .mapToObj(seed -> said(drawn(new Random(seed), table), table))
                .toList();
        long right = said.stream().filter(Said::isRight).count();
        List<Said> wrong = said.stream().filter(Said::isWrong).toList();
        System.out.printf("pairs of bugs: %d of %d named, %d otherwise%n", right, said.size(), wrong.size());
        said.stream().filter(each -> !each.isRight()).forEach(each -> System.out.println("  " + each));
        assertThat(wrong).as("named, but otherwise").isEmpty();
        assertThat(right).isGreaterThanOrEqualTo((long) Math.ceil(NAMED * said.size()));
    }

    private static Said said(TriedBug pair, Map<String, String> table) {
        AuditReport report = pair.report();
        Set<String> names =
                report.explanations().stream().map(Explanation::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> wanted = pair.bugs().stream()
                .flatMap(bug -> names(pair.cell(), bug, table).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return new Said(pair, report.outcome(), names, wanted);
    }

    /** Of different families, each named by itself; neither hides the other. */
    private static TriedBug drawn(Random random, Map<String, String> table) {
        random.nextLong();
        while (true) {
            List<AuditedCell> cells = AuditedCell.all();
            AuditedCell cell = cells.get(random.nextInt(cells.size()));
            Bug one = cell.bugs().get(random.nextInt(cell.bugs().size()));
            Bug other = cell.bugs().get(random.nextInt(cell.bugs().size()));
            if (one.family() != other.family()
                    && !names(cell, one, table).isEmpty()
                    && !names(cell, other, table).isEmpty()
                    && !isLastInOtherOrder(one, other)
                    && !isLastInOtherOrder(other, one)
                    && !hides(cell, one, other)
                    && !hides(cell, other, one)) {
                return new TriedBug(cell, one + " + " + other, Set.of(one, other), true);
            }
        }
    }

    /** What the table calls it; empty if it does not. */
    private static List<String> names(AuditedCell cell, Bug bug, Map<String, String> table) {
        TriedBug alone = TriedBug.of(cell, bug, true);
        String row = table.getOrDefault(alone.key(), "");
        String start = alone.key() + "\t" + AuditOutcome.EXPLAINED.name() + "\t";
        return row.startsWith(start) ? List.of(row.substring(start.length()).split(" \\| ")) : List.of();
    }

    /** What is assigned keeps the step that is done last, which is another one where the loop counts up: the name is another, too. */
    private static boolean isLastInOtherOrder(Bug one, Bug other) {
        return one.name().endsWith(" assigned") && other.name().equals("backward steps run in forward order");
    }

    /** Whether the numbers with both are those with one alone. */
    private static boolean hides(AuditedCell cell, Bug one, Bug other) {
        Map<String, NDArray> point = cell.point(TriedBug.SEED);
        return numbers(cell.run(point, Set.of(one))).equals(numbers(cell.run(point, Set.of(one, other))));
    }

    private static List<List<Double>> numbers(ByHand hand) {
        List<List<Double>> numbers = new ArrayList<>();
        Stream.concat(
                        hand.gradients().values().stream(),
                        hand.adjoints().values().stream().flatMap(List::stream))
                .forEach(array -> numbers.add(Arrays.stream(array.toDoubles())
                        .map(x -> x + 0.0)
                        .boxed()
                        .toList()));
        return numbers;
    }
}
