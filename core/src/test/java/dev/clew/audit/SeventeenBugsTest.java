package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.audit.bug.ZoneoutRnn;
import dev.clew.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The mistakes that are seen most are named at any point, not only at that of the table. */
class SeventeenBugsTest {
    private static final int POINTS = Tries.FACTOR == 1 ? 2 : 20;
    private static final long FIRST = Long.getLong("clew.seed", 100);
    private static final double NAMED = 0.99;

    /** A bug at a point, and what was said of it. */
    private record Said(TriedBug bug, long seed, String row) {}

    @Test
    void seventeenBugsAreNamedAtEveryPoint() {
        Map<String, String> table = NamesTable.rows();
        List<Said> said = tried().parallel().toList();
        List<String> wrong = new ArrayList<>();
        List<String> unnamed = new ArrayList<>();
        for (Said each : said) {
            if (!each.row().equals(table.get(each.bug().key()))) {
                boolean isNamed = each.row().contains("\t" + AuditOutcome.EXPLAINED.name() + "\t");
                (isNamed ? wrong : unnamed).add("seed " + each.seed() + ": " + each.row());
            }
        }
        int named = said.size() - wrong.size() - unnamed.size();
        System.out.printf("seventeen bugs: %d of %d named%n", named, said.size());
        assertThat(wrong).as("named, but otherwise").isEmpty();
        assertThat(named).as("named; not: %s", unnamed).isGreaterThanOrEqualTo((int) Math.ceil(NAMED * said.size()));
    }

    private static Stream<Said> tried() {
        ZoneoutRnn cell = ZoneoutRnn.squared();
        return cell.seventeen().stream()
                .flatMap(bug -> Stream.of(TriedBug.of(cell, bug, true), TriedBug.of(cell, bug, false)))
                .flatMap(bug -> LongStream.range(FIRST, FIRST + POINTS)
                        .mapToObj(seed -> new Said(bug, seed, bug.row(bug.report(seed)))));
    }
}
