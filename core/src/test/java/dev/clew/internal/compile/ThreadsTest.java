package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.run.RecordList;
import dev.clew.internal.runtime.Groups;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.OtherJava;
import dev.clew.internal.runtime.SharedInstruction;
import dev.clew.internal.runtime.Workers;
import dev.clew.plan.Plan;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Tries;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks trained by one thread and by many, in the plain form and in the vector form: the same bits. */
final class ThreadsTest {
    private static final int[] THREADS = {2, 3, 4, 7, 16};
    private static final int ROWS = 16;
    private static final int UNITS = 32;
    private static final int STEPS = 3;
    private static final int TRAINED = 2;
    private static final int SEEDS = Tries.longer(1);

    private final int usual = Workers.threads();

    @AfterEach
    void asBefore() {
        Workers.use(usual, null);
    }

    static Set<String> networks() {
        return Nets.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void threadsAndFormsGiveTheSameParameters(String name) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Descent descent = descent(name, seed);
            CompiledProgram code = descent.compiled();
            List<String> one = trained(descent, code, RecordList.of(code.drafts(), RecordDraft.Form.PLAIN, 1)::run);
            for (RecordDraft.Form form : RecordDraft.Form.values()) {
                List<Instruction> records = RecordDraft.made(code.drafts(), form);
                for (int threads : THREADS) {
                    Workers.use(threads, null);
                    assertThat(trained(descent, code, new RecordList(records, dear(records), threads)::run))
                            .as("%s, seed %d, %s, %d threads", name, seed, form, threads)
                            .isEqualTo(one);
                }
            }
        }
    }

    /** One thread that does the parts of every group in any order, each to its end: that none waits for another. */
    @ParameterizedTest
    @MethodSource("networks")
    void partsInAnyOrderGiveTheSameParameters(String name) {
        Descent descent = descent(name, 0);
        CompiledProgram code = descent.compiled();
        List<String> one = trained(descent, code, RecordList.of(code.drafts(), RecordDraft.Form.PLAIN, 1)::run);
        for (RecordDraft.Form form : RecordDraft.Form.values()) {
            List<Instruction> records = RecordDraft.made(code.drafts(), form);
            for (int threads : THREADS) {
                List<Instruction> groups = Groups.of(records, dear(records), threads);
                assertThat(groups)
                        .as("%s, %d threads", form, threads)
                        .hasAtLeastOneElementOfType(SharedInstruction.class);
                Random random = new Random(threads);
                assertThat(trained(descent, code, memory -> groups.forEach(each -> inAnyOrder(each, memory, random))))
                        .as("%s, %s, %d parts", name, form, threads)
                        .isEqualTo(one);
            }
        }
    }

    @Test
    void recordsGoTogetherInAnyNumberOfParts() {
        for (int threads : THREADS) {
            int together = 0;
            for (String name : networks()) {
                List<Instruction> records =
                        RecordDraft.made(descent(name, 0).compiled().drafts(), RecordDraft.Form.VECTOR);
                together += records.size()
                        - Groups.of(records, dear(records), threads).size();
            }
            assertThat(together)
                    .as("%d threads", threads)
                    .isGreaterThan(networks().size());
        }
    }

    private static void inAnyOrder(Instruction record, MemorySegment memory, Random random) {
        if (record instanceof SharedInstruction group) {
            List<Integer> order = IntStream.range(0, group.parts()).boxed().collect(Collectors.toList());
            Collections.shuffle(order, random);
            order.forEach(part -> group.run(memory, part, group.parts()));
        } else {
            record.run(memory);
        }
    }

    private static Descent descent(String name, int seed) {
        DType type = name.length() % 2 == 0 ? DType.F32 : DType.F64;
        return Descent.of(Nets.net(name, Nets.ofSize(type, seed, ROWS, UNITS), STEPS));
    }

    /** So dear that all is handed over that can be. */
    private static double[] dear(List<Instruction> records) {
        double[] nanos = new double[records.size()];
        Arrays.fill(nanos, 1e9);
        return nanos;
    }

    private static List<String> trained(Descent descent, CompiledProgram code, Consumer<MemorySegment> run) {
        List<NDArray> trained = descent.byHand(code, TRAINED, run, _ -> {});
        return BitsTest.bits(trained);
    }

    @Test
    void theSettingSaysHowManyThreadsThereAre() throws Exception {
        String one = OtherJava.run(ThreadsTest.class, "-Dclew.threads=1");
        assertThat(one).startsWith("threads 1, ");
        assertThat(OtherJava.run(ThreadsTest.class, "-Dclew.threads=5"))
                .isEqualTo(one.replace("threads 1", "threads 5"));
        assertThat(OtherJava.run(ThreadsTest.class, "-XX:ActiveProcessorCount=3"))
                .isEqualTo(one.replace("threads 1", "threads 3"));
    }

    @Test
    void aWrongSettingIsAnErrorOfWhoeverComputes() throws Exception {
        assertThat(OtherJava.run(ThreadsTest.class, "-Dclew.threads=many"))
                .contains("-Dclew.threads=many: it must be a whole number above 0");
    }

    @Test
    void threadsComeAndGoWhileAPlanRuns() {
        Workers.use(2, null);
        Descent descent = descent("RNN", 0);
        List<Tensor> loss = List.of(
                Nets.net("RNN", Nets.ofSize(DType.F32, 0, 64, 128), STEPS).loss());
        assertThat(descent.parameters()).isNotEmpty();
        Plan plan = Plan.compile(loss);
        List<NDArray> first = plan.run(Map.of());
        for (int threads : new int[] {1, 4, 2, 7, 1, 3}) {
            Workers.use(threads, null);
            for (int run = 0; run < 5; run++) {
                assertThat(plan.run(Map.of())).isEqualTo(first);
            }
        }
        assertThatThrownBy(() -> Workers.use(-1, null)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Prints how many threads there are, and a loss after some steps; or why it cannot. */
    public static void main(String[] arguments) {
        try {
            Tensor loss =
                    Nets.net("LSTM", Nets.ofSize(DType.F32, 1, 64, 128), STEPS).loss();
            Plan plan = Plan.compile(List.of(loss));
            System.out.println("threads " + Workers.threads() + ", " + BitsTest.bits(plan.run(Map.of())));
        } catch (IllegalArgumentException error) {
            System.out.println(error.getMessage());
        }
    }
}
