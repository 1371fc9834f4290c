package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is computed again, in however many segments, has the bits of what is kept. */
final class RematTest {
    /**
     * How a program is cut.
     *
     * @param kept of the segments, how many stay
     * @param small sums over no more bytes stay whole
     */
    record Cut(int segments, int kept, long small) {}

    @Provide
    Arbitrary<Cut> cuts() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 7),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.of(0L, 1L << 7, 1L << 10))
                .as((segments, recomputed, small) -> new Cut(segments, Math.max(1, segments - recomputed), small));
    }

    @Provide
    Arbitrary<String> networks() {
        return Arbitraries.of(Nets.all().keySet());
    }

    @Provide
    Arbitrary<MergesTest.Net> loops() {
        return MergesTest.loops();
    }

    @Provide
    Arbitrary<List<CompiledTest.Step>> graphs() {
        return CompiledTest.graphs();
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void networksInSegmentsHaveTheSameBits(
            @ForAll("networks") String name,
            @ForAll @IntRange(min = 1, max = 20) int steps,
            @ForAll("cuts") Cut cut,
            @ForAll boolean single,
            @ForAll long seed) {
        assertSameBits(
                Nets.net(name, new Nets(single ? DType.F32 : DType.F64, seed), steps)
                        .outputs(),
                cut);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void randomLoopsInSegmentsHaveTheSameBits(
            @ForAll("loops") MergesTest.Net net, @ForAll("cuts") Cut cut, @ForAll boolean single, @ForAll long seed) {
        assertSameBits(MergesTest.outputs(net, single ? DType.F32 : DType.F64, seed), cut);
    }

    /** A product of joined columns is a sum of two terms, but computed again it needs the joined whole, as its gradient does. */
    @Test
    void joinedColumnsAreThereWhenTheirProductIsComputedAgain() {
        MergesTest.Net net = new MergesTest.Net(List.of(gene(8, 3, 0, 0), gene(0, 1, 0, 0)), 1, 1, List.of());
        assertSameBits(MergesTest.outputs(net, DType.F32, 0), new Cut(2, 1, 0));
    }

    /** Rows that are joined for early sums alone are joined again where one of those is computed again. */
    @Test
    void rowsJoinedForASumAreThereWhenItIsComputedAgain() {
        List<MergesTest.Gene> after = List.of(
                gene(0, 1, 0, 0),
                gene(2, 1, 0, 0),
                gene(0, 0, 0, 0),
                gene(0, 0, 0, 2),
                gene(0, 0, 0, 0),
                gene(1, 1, 1, 0),
                gene(3, 8, 0, 0));
        MergesTest.Net net = new MergesTest.Net(List.of(gene(0, 0, 0, 0)), 1, 0, after);
        assertSameBits(MergesTest.outputs(net, DType.F32, 0), new Cut(2, 1, 1 << 7));
    }

    private static MergesTest.Gene gene(int operation, int left, int right, int parameter) {
        return new MergesTest.Gene(operation, left, right, parameter);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void randomGraphsOfRealNumbersInSegmentsHaveTheSameBits(
            @ForAll("graphs") List<CompiledTest.Step> steps,
            @ForAll("cuts") Cut cut,
            @ForAll boolean single,
            @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        List<Tensor> leaves = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            NDArray numbers = key.fold(i).normal(0, 1, single ? DType.F32 : DType.F64, Shape.of(3, 3));
            leaves.add(i < 2 ? Parameter.of(numbers) : Tensor.of(numbers));
        }
        Tensor y = CompiledTest.graph(steps, leaves);
        Gradients gradients = Gradients.of(y.sum());
        assertSameBits(List.of(y, gradients.wrt(leaves.get(0)), gradients.wrt(leaves.get(1))), cut);
    }

    private static void assertSameBits(List<Tensor> outputs, Cut cut) {
        Capture capture = Capture.of(outputs);
        CompiledProgram whole = Compiler.compile(capture.program(), Compiler.ALL);
        CompiledProgram code = Budget.inSegments(capture.program(), cut.segments, cut.kept, cut.small);
        Poisoned.assertApart(code);
        assertThat(BitsTest.bits(Poisoned.run(code, capture.numbers(), RecordDraft.Form.PLAIN)))
                .isEqualTo(BitsTest.bits(Poisoned.run(whole, capture.numbers(), RecordDraft.Form.PLAIN)));
    }
}
