package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which records two threads may do side by side. */
final class SharedInstructionTest {
    private static final double LONG = 1e6;

    /** Half h of 100 bytes of what it reads, and of what it writes. */
    private record Halves(long reads, long writes) implements Divided {
        @Override
        public void run(MemorySegment memory, int part, int parts) {}

        @Override
        public void reach(int part, int parts, Reach reach) {
            reach.reads(reads + 50L * part, reads + 50L * (part + 1));
            reach.writes(writes + 50L * part, writes + 50L * (part + 1));
        }
    }

    private static int handedOver(Instruction... records) {
        double[] nanos = new double[records.length];
        Arrays.fill(nanos, LONG);
        return SharedInstruction.of(List.of(records), nanos).size();
    }

    @Test
    void aChainOfTheSameHalvesGoesTogether() {
        assertThat(handedOver(new Halves(0, 100), new Halves(100, 200), new Halves(200, 300)))
                .isEqualTo(1);
    }

    @Test
    void whatReadsTheOtherHalfWaits() {
        assertThat(handedOver(new Halves(0, 100), new Halves(110, 300))).isEqualTo(2);
        assertThat(handedOver(new Halves(0, 100), new Halves(90, 300))).isEqualTo(2);
    }

    @Test
    void whatOverwritesTheOtherHalfWaits() {
        assertThat(handedOver(new Halves(0, 100), new Halves(300, 110))).isEqualTo(2);
        assertThat(handedOver(new Halves(0, 100), new Halves(300, 40))).isEqualTo(2);
        assertThat(handedOver(new Halves(0, 100), new Halves(300, 0))).isEqualTo(1);
    }

    @Test
    void whatIsReadByAnEarlierRecordOfTheGroupCountsToo() {
        assertThat(handedOver(new Halves(0, 100), new Halves(200, 300), new Halves(400, 40)))
                .isEqualTo(2);
    }

    @Test
    void whatCannotBeDividedStandsBetween() {
        Instruction whole = memory -> {};
        List<Instruction> shared = SharedInstruction.of(
                List.of(new Halves(0, 100), whole, new Halves(100, 200)), new double[] {LONG, LONG, LONG});
        assertThat(shared).hasSize(3);
        assertThat(shared.get(1)).isSameAs(whole);
    }

    @Test
    void littleIsNotHandedOver() {
        Divided little = new Halves(0, 100);
        assertThat(SharedInstruction.of(List.of(little), new double[] {1000})).containsExactly(little);
        assertThat(SharedInstruction.apart(List.of(little), new double[] {1000}))
                .containsExactly(little);
        assertThat(SharedInstruction.apart(List.of(little), new double[] {LONG}).getFirst())
                .isInstanceOf(SharedInstruction.class);
    }
}
