package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.testing.Tries;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which records threads may do side by side, and in how many parts. */
final class GroupsTest {
    private static final double LONG = 1e6;
    private static final int ROWS = 48;

    /** Rows of {@code width} bytes, {@code stride} apart, of what it reads and of what it writes. */
    private record Rows(long reads, long writes, long width, long stride, int rows) implements Divided {
        Rows(long reads, long writes) {
            this(reads, writes, 2, 2, ROWS);
        }

        @Override
        public void run(MemorySegment memory, int part, int parts) {}

        @Override
        public int pieces() {
            return rows;
        }

        @Override
        public void reach(int part, int parts, Reach reach) {
            int from = Split.share(rows, part, parts);
            int to = Split.share(rows, part + 1, parts);
            reach.reads(reads + from * stride, reads + (to - 1) * stride + width);
            reach.writes(writes + from * stride, writes + (to - 1) * stride + width);
        }
    }

    private static int handedOver(int parts, Instruction... records) {
        double[] nanos = new double[records.length];
        Arrays.fill(nanos, LONG);
        return Groups.of(List.of(records), nanos, parts).size();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16, 64})
    void aChainOfTheSameRowsGoesTogether(int parts) {
        assertThat(handedOver(parts, new Rows(0, 100), new Rows(100, 200), new Rows(200, 300)))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16})
    void columnsOfTheSameRowsGoTogether(int parts) {
        Rows gates = new Rows(0, 1000, 8, 8, ROWS);
        Rows first = new Rows(1000, 2000, 4, 8, ROWS);
        Rows second = new Rows(1004, 2004, 4, 8, ROWS);
        assertThat(handedOver(parts, gates, first, second)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16})
    void whatReadsAnotherPartWaits(int parts) {
        assertThat(handedOver(parts, new Rows(0, 100), new Rows(110, 300))).isEqualTo(2);
        assertThat(handedOver(parts, new Rows(0, 100), new Rows(90, 300))).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16})
    void whatOverwritesAnotherPartWaits(int parts) {
        assertThat(handedOver(parts, new Rows(0, 100), new Rows(300, 110))).isEqualTo(2);
        assertThat(handedOver(parts, new Rows(0, 100), new Rows(300, 20))).isEqualTo(2);
        assertThat(handedOver(parts, new Rows(0, 100), new Rows(300, 0))).isEqualTo(1);
    }

    @Test
    void whatIsReadByAnEarlierRecordOfTheGroupCountsToo() {
        assertThat(handedOver(2, new Rows(0, 100), new Rows(200, 300), new Rows(400, 40)))
                .isEqualTo(2);
    }

    @Test
    void whatCannotBeDividedStandsBetween() {
        Instruction whole = memory -> {};
        Rows oneRow = new Rows(100, 200, 2, 2, 1);
        double[] nanos = {LONG, LONG, LONG};
        for (Instruction between : List.of(whole, oneRow)) {
            List<Instruction> shared = Groups.of(List.of(new Rows(0, 100), between, new Rows(100, 200)), nanos, 2);
            assertThat(shared).hasSize(3);
            assertThat(shared.get(1)).isSameAs(between);
        }
    }

    @Test
    void littleIsNotHandedOver() {
        Divided little = new Rows(0, 100);
        assertThat(Groups.of(List.of(little), new double[] {1000}, 8)).containsExactly(little);
        assertThat(Groups.apart(List.of(little), new double[] {1000}, 8)).containsExactly(little);
        assertThat(Groups.apart(List.of(little), new double[] {LONG}, 1)).containsExactly(little);
        assertThat(Groups.apart(List.of(little), new double[] {LONG}, 8).getFirst())
                .isInstanceOf(SharedInstruction.class);
    }

    @Test
    void thereAreAsManyPartsAsAreWorthItAndAsThereIsWorkFor() {
        assertThat(parts(new double[] {20_000, 15_500}, 64)).isEqualTo(7);
        assertThat(parts(new double[] {20_000, 15_500}, 4)).isEqualTo(4);
        assertThat(parts(new double[] {LONG, LONG}, 64)).isEqualTo(ROWS);
        assertThat(parts(new double[] {LONG, LONG}, Integer.MAX_VALUE)).isEqualTo(ROWS);
    }

    private static int parts(double[] nanos, int threads) {
        List<Instruction> shared = Groups.of(List.of(new Rows(0, 100), new Rows(100, 200)), nanos, threads);
        assertThat(shared).hasSize(1);
        return ((SharedInstruction) shared.getFirst()).parts();
    }

    /** Any records at all: in a group, no part may touch what another part of another record writes. */
    @Test
    void noPartTouchesWhatAnotherPartOfAnotherRecordWrites() {
        int together = 0;
        for (int seed = 0; seed < Tries.times(300); seed++) {
            Random random = new Random(seed);
            List<Instruction> records = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int width = 1 + random.nextInt(4);
                int rows = 1 + random.nextInt(9);
                records.add(new Rows(
                        random.nextInt(40) * 10L, random.nextInt(40) * 10L, width, width + random.nextInt(3), rows));
            }
            double[] nanos = random.doubles(records.size(), 0, 20_000).toArray();
            for (Instruction each : Groups.of(records, nanos, 2 + random.nextInt(8))) {
                if (each instanceof SharedInstruction group) {
                    together += group.records().size() - 1;
                    assertIndependent(seed, group);
                }
            }
        }
        assertThat(together).isGreaterThan(100);
    }

    private static void assertIndependent(int seed, SharedInstruction group) {
        List<Reached> all = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < group.records().size(); i++) {
            List<Reached> reached = Reached.of(group.records().get(i), group.parts());
            all.addAll(reached);
            for (int j = 0; j < reached.size(); j++) {
                owners.add(i);
            }
        }
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                if (!owners.get(i).equals(owners.get(j)) && all.get(i).isWritten()) {
                    assertApart(seed, all.get(i), all.get(j));
                }
            }
        }
    }

    private static void assertApart(int seed, Reached written, Reached other) {
        for (int part = 0; part < written.from().length; part++) {
            for (int of = 0; of < written.from().length; of++) {
                boolean meet =
                        Math.max(written.from()[part], other.from()[of]) < Math.min(written.to()[part], other.to()[of]);
                assertThat(part != of && meet)
                        .as("seed %d: part %d of %s and part %d of %s", seed, part, written, of, other)
                        .isFalse();
            }
        }
    }

    @Test
    void aPartThatTouchesOtherThingsThanTheFirstIsFound() {
        Divided wrong = new Divided() {
            @Override
            public void run(MemorySegment memory, int part, int parts) {}

            @Override
            public int pieces() {
                return 2;
            }

            @Override
            public void reach(int part, int parts, Reach reach) {
                if (part == 0) {
                    reach.reads(0, 1);
                } else {
                    reach.writes(0, 1);
                }
            }
        };
        assertThatThrownBy(() -> handedOver(2, wrong)).isInstanceOf(IllegalStateException.class);
    }
}
