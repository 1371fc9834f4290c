package dev.clew.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What is computed again gives the bits of what is kept. */
final class RematTest {
    @Provide
    Arbitrary<String> networks() {
        return Arbitraries.of(Nets.all().keySet());
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE, shrinking = net.jqwik.api.ShrinkingMode.FULL)
    void segmentsGiveTheBitsOfTheWholePlan(
            @ForAll("networks") String name,
            @ForAll @IntRange(min = 1, max = 20) int steps,
            @ForAll @IntRange(min = 2, max = 6) int segments,
            @ForAll @IntRange(min = 1, max = 6) int kept,
            @ForAll boolean single,
            @ForAll long seed) {
        Capture capture = Capture.of(Nets.net(name, new Nets(single ? DType.F32 : DType.F64, seed), steps)
                .outputs());
        assertSameBits(capture, segments, Math.min(kept, segments));
    }

    private static void assertSameBits(Capture capture, int segments, int kept) {
        Compiler.Code whole = Compiler.compile(capture.program(), Compiler.ALL);
        List<NDArray> expected = Poisoned.run(whole, capture.numbers(), Draft.Form.PLAIN);
        Compiler.Code code = Budget.compile(capture.program(), List.of(), new BitSet(), segments, kept);
        Poisoned.assertApart(code);
        assertThat(BitsTest.bits(Poisoned.run(code, capture.numbers(), Draft.Form.PLAIN)))
                .isEqualTo(BitsTest.bits(expected));
    }

    @Property(tries = 1)
    void sizes() {
        for (String name : Nets.all().keySet()) {
            Capture capture = Capture.of(Nets.net(name, new Nets(DType.F64, 1, 0, 4), 200).outputs());
            StringBuilder line = new StringBuilder(name).append(' ').append(
                    Compiler.compile(capture.program(), Compiler.ALL).bytes());
            for (int n = 1; n <= 64; n *= 2) {
                Compiler.Code code = Budget.compile(capture.program(), List.of(), new BitSet(), n, 1);
                line.append("  ").append(n).append(": ").append(code.bytes()).append('/').append(code.drafts().size()).append('/').append(code.emitted().copies());
            }
            System.out.println("SIZE " + line);
        }
    }
}
