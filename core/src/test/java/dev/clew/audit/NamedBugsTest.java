package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every bug of every cell is named as in the table {@code audit/names.tsv}, whose rows were read and judged by what the bug says of
 * itself. When names change for a reason, write it anew with {@code -Dclew.writeGoldens=true} and read the difference.
 */
class NamedBugsTest {
    /** All of them take long: a run that is not long tries every so many, and that of another day begins elsewhere. */
    private static final int STRIDE = Tries.FACTOR == 1 ? 79 : 1;

    private static final int OFFSET =
            Math.floorMod(Long.getLong("clew.seed", System.currentTimeMillis() / 86_400_000), STRIDE);

    @Test
    void bugsAreNamedAsInTheTable() {
        List<TriedBug> all = TriedBug.all();
        if (Boolean.getBoolean("clew.writeGoldens")) {
            NamesTable.write(all.parallelStream().map(TriedBug::row).toList());
            return;
        }
        System.out.printf("every %dth bug from -Dclew.seed=%d on%n", STRIDE, OFFSET);
        Map<String, String> table = NamesTable.rows();
        List<TriedBug> tried = new ArrayList<>();
        for (int i = OFFSET; i < all.size(); i += STRIDE) {
            tried.add(all.get(i));
        }
        List<String> found = tried.parallelStream().map(TriedBug::row).toList();
        assertThat(found)
                .containsExactlyElementsOf(tried.stream()
                        .map(bug -> table.getOrDefault(bug.key(), "no row of " + bug.key()))
                        .toList());
    }

    @Test
    void everyBugHasARowInTheTableAndNoOtherDoes() {
        assertThat(NamesTable.rows().keySet())
                .containsExactlyElementsOf(
                        TriedBug.all().stream().map(TriedBug::key).toList());
    }
}
