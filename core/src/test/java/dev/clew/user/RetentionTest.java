package dev.clew.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.HeapOfPlans;
import dev.clew.internal.compile.ManyStructures;
import dev.clew.internal.compile.Nets;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.compile.run.NativeMemory;
import dev.clew.internal.compile.run.RecompilationNotice;
import dev.clew.internal.runtime.OtherJava;
import dev.clew.internal.runtime.Retained;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepRule;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Stepped;
import dev.clew.testing.Tries;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans and compiled steps share one number of bytes; running into it costs time and nothing else. */
final class RetentionTest {
    private static final long MEGABYTE = 1 << 20;
    private static final boolean IS_LONG = Tries.FACTOR > 1;
    private static final double RATE = 0.125;

    /** For a Java that compiles much and computes little: C2 would take most of its time. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

    private CompilingEvaluator within(long bytes) {
        return new CompilingEvaluator(Compiler.ALL, warnings::add, new Retained(bytes));
    }

    private static double item(List<NDArray> values) {
        return values.getFirst().item();
    }

    /** The sum of 1 to n, as data; every n is a structure. */
    private static Tensor sum(int n) {
        double[] numbers = new double[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = i + 1;
        }
        return Tensor.of(numbers).sum();
    }

    private static double expected(int n) {
        return n * (n + 1.0) / 2;
    }

    /** w ← w − rate·2(w − 1). */
    private static StepRule descent(Parameter w, List<Integer> asked) {
        return outputs -> {
            asked.add(0);
            Tensor slope = Gradients.of(outputs.getFirst()).wrt(w);
            return new StepChange(ImmutableList.of(slope), ImmutableMap.of(w, w.minus(slope.times(RATE))));
        };
    }

    /** The mean of (w − x)² over as many x of 1/2 as of 3/2: exact for a power of two of them. */
    private static Tensor loss(Parameter w, int n) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = i % 2 + 0.5;
        }
        return w.minus(Tensor.of(x)).square().mean();
    }

    @Test
    void aPlanLargerThanAllThatMayBeKeptIsCompiledOnce() {
        CompilingEvaluator small = within(1000);
        for (int run = 0; run < 10; run++) {
            assertThat(item(small.evaluate(List.of(sum(100_000))))).isEqualTo(expected(100_000));
        }
        assertThat(small.compilations()).isEqualTo(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aStepLargerThanAllThatMayBeKeptIsCompiledOnce() {
        CompilingEvaluator small = within(1000);
        List<Integer> asked = new ArrayList<>();
        Parameter w = Parameter.of(3.0);
        StepRule rule = descent(w, asked);
        for (int step = 0; step < 10; step++) {
            Stepped.by(small, List.of(loss(w, 50_000)), rule);
        }
        assertThat(asked).hasSize(1);
        assertThat(small.compilations()).isEqualTo(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void plansAndStepsAreDroppedInTheOrderOfTheirLastUse() {
        CompilingEvaluator compiled = within(5 * MEGABYTE / 2);
        List<Integer> asked = new ArrayList<>();
        Parameter w = Parameter.of(3.0);
        StepRule rule = descent(w, asked);
        compiled.evaluate(List.of(sum(100_000)));
        Stepped.by(compiled, List.of(loss(w, 1 << 17)), rule);
        compiled.evaluate(List.of(sum(100_000)));
        assertThat(compiled.compilations()).isEqualTo(2);
        compiled.evaluate(List.of(sum(150_000))); // In the place of the step, not of the plan.
        compiled.evaluate(List.of(sum(100_000)));
        assertThat(compiled.compilations()).isEqualTo(3);
        Stepped.by(compiled, List.of(loss(w, 1 << 17)), rule);
        assertThat(compiled.compilations()).isEqualTo(4);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aParameterKeepsItsNumbersWhenTheStepThatHasThemIsDropped() {
        long before = NativeMemory.open();
        CompilingEvaluator compiled = within(MEGABYTE);
        Parameter w = Parameter.of(3.0);
        Stepped.by(compiled, List.of(loss(w, 1024)), descent(w, new ArrayList<>()));
        long version = w.version();
        for (int n = 1; n < 40; n++) {
            compiled.evaluate(List.of(sum(10_000 + n)));
        }
        assertThat(NativeMemory.open() - before).isLessThanOrEqualTo(MEGABYTE);
        assertThat(w.value().item()).isEqualTo(2.5); // 3 − 1/8·2·(3 − 1)
        assertThat(w.version()).isEqualTo(version);
        Stepped.by(compiled, List.of(loss(w, 2048)), descent(w, new ArrayList<>()));
        assertThat(w.value().item()).isEqualTo(2.125);
    }

    /** Every step is dropped by the next, so the parameter moves from memory to memory. */
    @Test
    void trainingIsTheSameWhenEveryStepDropsTheOneBefore() {
        CompilingEvaluator compiled = within(1);
        Parameter w = Parameter.of(3.0);
        StepRule rule = descent(w, new ArrayList<>());
        double right = 3;
        for (int step = 0; step < 60; step++) {
            Stepped.by(compiled, List.of(loss(w, 2 << step % 4)), rule);
            right -= RATE * 2 * (right - 1);
            if (step % 3 == 0) {
                assertThat(w.value().item()).isEqualTo(right);
            }
        }
        assertThat(w.value().item()).isEqualTo(right);
    }

    @Test
    void threadsThatDropEachOthersPlansGetTheRightNumbers() throws InterruptedException {
        CompilingEvaluator compiled = within(MEGABYTE / 2);
        List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int first = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    Parameter w = Parameter.of(3.0);
                    StepRule rule = descent(w, new ArrayList<>());
                    double right = 3;
                    for (int run = 0; run < Tries.times(40); run++) {
                        int n = 10_000 + (first + 3 * run) % 8;
                        assertThat(item(compiled.evaluate(List.of(sum(n))))).isEqualTo(expected(n));
                        Stepped.by(compiled, List.of(loss(w, 2 << (first + run) % 4)), rule);
                        right -= RATE * 2 * (right - 1);
                        assertThat(w.value().item()).isEqualTo(right);
                    }
                } catch (Throwable error) {
                    errors.add(error);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(errors).isEmpty();
    }

    @Test
    void whatIsDroppedGivesItsMemoryBackAtOnce() {
        long before = NativeMemory.open();
        CompilingEvaluator compiled = within(2 * MEGABYTE);
        for (int n = 0; n < 100; n++) {
            compiled.evaluate(List.of(sum(50_000 + n)));
            assertThat(NativeMemory.open() - before).isLessThanOrEqualTo(2 * MEGABYTE);
        }
    }

    @Test
    void aRuleThatNobodyHoldsGoesWithItsSteps() {
        Retained retained = new Retained(100 * MEGABYTE);
        CompilingEvaluator compiled = new CompilingEvaluator(Compiler.ALL, warnings::add, retained);
        Parameter w = Parameter.of(3.0);
        WeakReference<StepRule> rule = stepped(compiled, w);
        assertThat(retained.bytes()).isGreaterThan(4 * MEGABYTE);
        for (int tries = 0; tries < 500 && retained.bytes() > MEGABYTE; tries++) {
            System.gc();
            Parameter other = Parameter.of(3.0);
            Stepped.by(compiled, List.of(loss(other, 8)), descent(other, new ArrayList<>()));
        }
        assertThat(rule.get()).isNull();
        assertThat(retained.bytes()).isLessThan(MEGABYTE);
        assertThat(w.value().item()).isEqualTo(2.5);
    }

    private static WeakReference<StepRule> stepped(CompilingEvaluator compiled, Parameter w) {
        StepRule rule = descent(w, new ArrayList<>());
        Stepped.by(compiled, List.of(loss(w, 1 << 19)), rule);
        return new WeakReference<>(rule);
    }

    @Test
    void plansThatAreCompiledAgainAndAgainAreSaidWithWhatToDo() {
        CompilingEvaluator compiled = within(2 * MEGABYTE);
        for (int run = 0; run < RecompilationNotice.AGAIN + 2; run++) {
            assertThat(warnings).isEmpty();
            compiled.evaluate(List.of(sum(200_000 + run % 2)));
        }
        compiled.evaluate(List.of(sum(200_000)));
        assertThat(warnings)
                .singleElement()
                .satisfies(message -> assertThat(message.replaceAll("\\(RetentionTest.java:\\d+\\)", ""))
                        .isEqualTo(
                                RecompilationNotice.AGAIN + " plans have been dropped and compiled again, the last for"
                                        + " dev.clew.user.RetentionTest.plansThatAreCompiledAgainAndAgainAreSaidWithWhatToDo:"
                                        + " together, plans that are kept to be used again may take 2 MB, and the structures in use need"
                                        + " more. Compiling takes longer than running: allow more, -Dclew.memory="
                                        + 2 * Retained.setting() / MEGABYTE
                                        + "m for twice as much as now (half of -Xmx is the default), or use fewer lengths and batch"
                                        + " sizes."));
    }

    /** The rule is another, the structure is not: many optimizers in one loop are no variety of structures. */
    @Test
    void oneStructureForManyRulesIsNoVariety() {
        CompilingEvaluator compiled = within(100 * MEGABYTE);
        Parameter w = Parameter.of(3.0);
        for (int run = 0; run < 2 * RecompilationNotice.MANY; run++) {
            Stepped.by(compiled, List.of(loss(w, 8)), descent(w, new ArrayList<>()));
        }
        assertThat(warnings).isEmpty();
    }

    /** Kept for ever, or within a limit that a small heap does not have, these take all there is. */
    @Test
    void anyNumberOfStructuresRunsInASmallHeap() throws IOException, InterruptedException {
        requireAll("PLANS", IS_LONG ? 20_000 : 600, IS_LONG ? "-Xmx128m" : "-Xmx20m");
    }

    @Test
    void anyNumberOfBatchSizesRunsInASmallHeap() throws IOException, InterruptedException {
        requireAll("BATCHES", IS_LONG ? 200 : 40, IS_LONG ? "-Xmx256m" : "-Xmx64m");
    }

    @Test
    void anyNumberOfLengthsRunsInASmallHeap() throws IOException, InterruptedException {
        requireAll("LENGTHS", IS_LONG ? 200 : 30, IS_LONG ? "-Xmx512m" : "-Xmx64m");
    }

    private static void requireAll(String kind, int count, String heap) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-Dkind=" + kind, "-Dcount=" + count, heap, "-ea"));
        options.addAll(IS_LONG ? List.of() : QUICK);
        assertThat(OtherJava.run(ManyStructures.class, options.toArray(new String[0])))
                .contains("all of them");
    }

    /** An estimate that is too low fills the heap, one that is too high drops what there is room for. */
    @Test
    void theEstimateOfWhatAPlanTakesOfTheHeapIsNearWhatItTakes() throws IOException, InterruptedException {
        // Without its ratio, this collector leaves a few dead objects where they are, and they count.
        String said = OtherJava.run(
                HeapOfPlans.class,
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:MarkSweepDeadRatio=0");
        assertThat(said.lines().filter(line -> line.contains(" estimated ")))
                .hasSize(2 * Nets.all().size())
                .allSatisfy(line -> {
                    List<String> words = Splitter.on(' ').splitToList(line);
                    double part = Double.parseDouble(words.getLast()) / Double.parseDouble(words.getFirst());
                    assertThat(part).as(line).isBetween(0.7, 1.4);
                });
    }

    @Test
    void aSettingThatIsNoNumberIsSaidWhenSomethingIsEvaluated() throws IOException, InterruptedException {
        assertThat(OtherJava.run(Setting.class, "-XX:TieredStopAtLevel=1", "-Dclew.memory=plenty"))
                .contains("-Dclew.memory=plenty: it must be a number of bytes above 0");
        assertThat(OtherJava.run(Setting.class, "-XX:TieredStopAtLevel=1", "-Dclew.memory=3m"))
                .contains("1.0 within 3145728");
    }

    /** Prints a value, or why there is none, twice. */
    public static final class Setting {
        private Setting() {}

        public static void main(String[] arguments) {
            for (int run = 0; run < 2; run++) {
                try {
                    System.out.println(Tensor.of(0.0).exp().value().item() + " within " + Retained.setting());
                } catch (IllegalArgumentException error) {
                    System.out.println(error.getMessage());
                }
            }
        }
    }
}
