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
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.compile.run.Tape;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Tries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Recurrent networks on real data: to the bit what the walk gives, except where sums are merged. */
final class BitsTest {
    private static final Set<Pass> UNMERGED = EnumSet.complementOf(EnumSet.of(Pass.MERGE));
    private static final double CLOSE = 1e-12;

    @Provide
    Arbitrary<String> networks() {
        return Arbitraries.of(Nets.all().keySet());
    }

    static List<String> bits(List<NDArray> arrays) {
        return arrays.stream()
                .map(array -> array.dtype() + " " + array.shape() + " "
                        + Arrays.toString(Arrays.stream(array.toDoubles())
                                .mapToLong(Double::doubleToLongBits)
                                .toArray()))
                .toList();
    }

    static void assertClose(List<NDArray> found, List<NDArray> expected) {
        for (int i = 0; i < expected.size(); i++) {
            double[] numbers = expected.get(i).toDoubles();
            double scale = Arrays.stream(numbers).map(Math::abs).max().orElse(0);
            double[] others = found.get(i).toDoubles();
            double error = IntStream.range(0, numbers.length)
                    .mapToDouble(j -> Math.abs(numbers[j] - others[j]))
                    .max()
                    .orElse(0);
            assertThat(error).as("output %d", i).isLessThanOrEqualTo(CLOSE * scale);
        }
    }

    // ---------------------------------------------------------------------------------------------- the same as the
    // walk

    /** No product and no sum is merged here, so nothing may differ. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void loopsOverRowsKeepEveryBit(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 2, max = 300) int columns,
            @ForAll boolean single,
            @ForAll boolean plain,
            @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        DType type = single ? DType.F32 : DType.F64;
        Tensor x = Tensor.of(key.fold(0).normal(0, 1, type, Shape.of(rows, columns)));
        Tensor gain = Tensor.of(key.fold(1).normal(0, 1, type, Shape.of(columns)));
        Tensor centered = x.minus(x.mean(true, 1));
        Tensor normal =
                centered.times(centered.square().mean(true, 1).plus(1e-5).rsqrt());
        Tensor loss =
                normal.times(gain).sigmoid().softmax(1).times(x).logSumExp(1).sum();
        List<Tensor> outputs = List.of(loss, Gradients.of(loss).wrt(x));
        Capture capture = Capture.of(outputs);
        RecordDraft.Form form = plain ? RecordDraft.Form.PLAIN : RecordDraft.Form.VECTOR;
        assertThat(bits(Poisoned.run(Compiler.compile(capture.program(), Compiler.ALL), capture.numbers(), form)))
                .isEqualTo(bits(Evaluator.plain().evaluate(outputs)));
    }

    @Test
    void longSumsAddInTheirOrder() {
        RandomKey key = RandomKey.of(5);
        List<Tensor> terms = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Tensor x = Tensor.of(key.fold(i).normal(0, 1, DType.F64, Shape.of(3, 7)));
            terms.add(i % 5 == 0 ? x : x.exp().times(x));
        }
        List<Tensor> outputs = List.of(Tensor.sum(terms), terms.get(7));
        assertThat(bits(new CompilingEvaluator(Compiler.ALL).evaluate(outputs)))
                .isEqualTo(bits(Evaluator.plain().evaluate(outputs)));
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void withoutMergesEveryBitIsThatOfTheWalk(
            @ForAll("networks") String name,
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll boolean single,
            @ForAll long seed) {
        List<Tensor> outputs = Nets.net(name, new Nets(single ? DType.F32 : DType.F64, seed), steps)
                .outputs();
        assertThat(bits(new CompilingEvaluator(UNMERGED).evaluate(outputs)))
                .isEqualTo(bits(Evaluator.plain().evaluate(outputs)));
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void mergesOfRowsAndColumnsKeepEveryBit(
            @ForAll("networks") String name,
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll boolean single,
            @ForAll long seed) {
        Tensor last = Nets.net(name, new Nets(single ? DType.F32 : DType.F64, seed), steps)
                .last();
        assertThat(bits(new CompilingEvaluator(Compiler.ALL).evaluate(List.of(last))))
                .isEqualTo(bits(Evaluator.plain().evaluate(List.of(last))));
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void mergedSumsAreCloseToTheWalk(
            @ForAll("networks") String name, @ForAll @IntRange(min = 1, max = 12) int steps, @ForAll long seed) {
        List<Tensor> outputs = Nets.net(name, new Nets(DType.F64, seed), steps).outputs();
        assertClose(
                new CompilingEvaluator(Compiler.ALL).evaluate(outputs),
                Evaluator.plain().evaluate(outputs));
    }

    // -------------------------------------------------------------------------------------------------------- memory

    @Provide
    Arbitrary<Set<Pass>> passes() {
        return Arbitraries.subsetOf(Pass.values());
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void nothingIsReadThatIsNotInUse(
            @ForAll("networks") String name,
            @ForAll @IntRange(min = 1, max = 9) int steps,
            @ForAll("passes") Set<Pass> passes,
            @ForAll boolean single,
            @ForAll long seed) {
        Capture capture = Capture.of(Nets.net(name, new Nets(single ? DType.F32 : DType.F64, seed), steps)
                .outputs());
        CompiledProgram code = Compiler.compile(capture.program(), passes);
        Poisoned.assertApart(code);
        assertThat(bits(Poisoned.run(code, capture.numbers(), RecordDraft.Form.PLAIN)))
                .isEqualTo(bits(Tape.of(code).run(capture.numbers())));
    }

    @Test
    void plainAndVectorFormsGiveTheSameBitsAndReadNothingElse() {
        for (Map.Entry<String, BiFunction<Nets, Integer, Nets.Net>> each :
                Nets.all().entrySet()) {
            for (int i = 0; i < Tries.times(2); i++) {
                Nets nets = new Nets(i % 2 == 0 ? DType.F32 : DType.F64, 3 + i / 2);
                Capture capture = Capture.of(each.getValue().apply(nets, 6).outputs());
                CompiledProgram code = Compiler.compile(capture.program(), Compiler.ALL);
                assertThat(bits(Poisoned.run(code, capture.numbers(), RecordDraft.Form.VECTOR)))
                        .as("%s, seed %d", each.getKey(), 3 + i / 2)
                        .isEqualTo(bits(Poisoned.run(code, capture.numbers(), RecordDraft.Form.PLAIN)));
            }
        }
    }

    // --------------------------------------------------------------------------------------------- the same otherwise

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void rowsDoNotDependOnEachOther(
            @ForAll("networks") String name,
            @ForAll @IntRange(min = 1, max = 5) int steps,
            @ForAll @IntRange(min = 1, max = Nets.MOST_ROWS - 1) int cut,
            @ForAll long seed) {
        Nets.Net whole = Nets.net(name, new Nets(DType.F64, seed, 0, Nets.MOST_ROWS), steps);
        Nets.Net above = Nets.net(name, new Nets(DType.F64, seed, 0, cut), steps);
        Nets.Net below = Nets.net(name, new Nets(DType.F64, seed, cut, Nets.MOST_ROWS), steps);
        CompilingEvaluator compiled = new CompilingEvaluator(Compiler.ALL);
        List<NDArray> all = compiled.evaluate(whole.outputs());
        List<NDArray> first = compiled.evaluate(above.outputs());
        List<NDArray> second = compiled.evaluate(below.outputs());
        assertThat(all.get(1).toDoubles())
                .containsExactly(DoubleStream.concat(
                                Arrays.stream(first.get(1).toDoubles()),
                                Arrays.stream(second.get(1).toDoubles()))
                        .toArray());
        for (int i = 2; i < all.size(); i++) {
            NDArray sum = Tensor.of(first.get(i)).plus(Tensor.of(second.get(i))).value();
            assertClose(List.of(all.get(i)), List.of(sum));
        }
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void theOrderOfCreationDoesNotMatter(
            @ForAll List<@IntRange(max = 5) Integer> order, @ForAll long seed, @ForAll boolean readoutsFirst) {
        List<Tensor> one = Reordered.outputs(seed, List.of(), false);
        List<Tensor> other = Reordered.outputs(seed, order, readoutsFirst);
        CompilingEvaluator compiled = new CompilingEvaluator(Compiler.ALL);
        List<NDArray> expected = compiled.evaluate(one);
        List<NDArray> found = compiled.evaluate(other);
        assertThat(bits(found.subList(0, 1))).isEqualTo(bits(expected.subList(0, 1)));
        assertClose(found, expected);
        assertThat(products(other)).isEqualTo(products(one));
    }

    private static long products(List<Tensor> outputs) {
        return Compiler.compile(Capture.of(outputs).program(), Compiler.ALL).drafts().stream()
                .filter(draft -> draft.text().startsWith("product"))
                .count();
    }

    @Test
    void runsOfOnePlanInTwoThreadsDoNotTouch() {
        Nets.Net net = Nets.net("LSTM", new Nets(DType.F64, 5), 4);
        Capture capture = Capture.of(net.outputs());
        Tape tape = Tape.of(Compiler.compile(capture.program(), Compiler.ALL));
        List<NDArray> negated = capture.numbers().stream()
                .map(numbers -> numbers.dtype().isFloating()
                        ? Tensor.of(numbers).negate().value()
                        : numbers)
                .toList();
        List<String> expected = bits(tape.run(capture.numbers()));
        List<String> other = bits(tape.run(negated));
        assertThat(other).isNotEqualTo(expected);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CompletableFuture<Void> first =
                    CompletableFuture.runAsync(() -> repeat(tape, capture.numbers(), expected), threads);
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> repeat(tape, negated, other), threads);
            CompletableFuture.allOf(first, second).join();
        }
    }

    private static void repeat(Tape tape, List<NDArray> numbers, List<String> expected) {
        for (int i = 0; i < Tries.times(200); i++) {
            assertThat(bits(tape.run(numbers))).isEqualTo(expected);
        }
    }
}
