package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.run.RecordList;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.OtherJava;
import dev.clew.internal.runtime.SharedInstruction;
import dev.clew.internal.runtime.Workers;
import dev.clew.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks trained by one thread and by two, in the plain form and in the vector form: the same bits. */
final class ThreadsTest {
    private static final int ROWS = 64;
    private static final int UNITS = 96;
    private static final int STEPS = 2;
    private static final int TRAINED = 2;
    private static final int SEEDS = Tries.longer(1);

    @Test
    void threadsAndFormsGiveTheSameParameters() throws Exception {
        List<String> one = digests(1);
        assertThat(one).hasSize(2 * Nets.all().size() * SEEDS);
        assertThat(digests(2)).isEqualTo(one);
        for (int i = 0; i < one.size(); i += 2) {
            String plain = one.get(i);
            assertThat(one.get(i + 1)).isEqualTo(plain.replace("PLAIN", "VECTOR"));
        }
    }

    private static List<String> digests(int threads) throws Exception {
        List<String> said = OtherJava.run(
                        ThreadsTest.class, "-Dclew.threads=" + threads, "--add-modules", "jdk.incubator.vector")
                .lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator"))
                .toList();
        assertThat(said.getFirst()).isEqualTo("threads " + threads);
        return said.subList(1, said.size());
    }

    /** Prints a digest of all parameters after some steps, of every network, type and form. */
    public static void main(String[] arguments) {
        System.out.println("threads " + Workers.THREADS);
        int together = 0;
        for (String name : Nets.all().keySet()) {
            DType type = name.length() % 2 == 0 ? DType.F32 : DType.F64;
            for (int seed = 0; seed < SEEDS; seed++) {
                Descent descent = Descent.of(Nets.net(name, Nets.ofSize(type, seed, ROWS, UNITS), STEPS));
                CompiledProgram code = descent.compiled();
                for (RecordDraft.Form form : RecordDraft.Form.values()) {
                    together += shared(name, code, form);
                    RecordList instructions = RecordList.of(code.drafts(), form);
                    List<NDArray> trained = descent.byHand(code, TRAINED, instructions::run, _ -> {});
                    System.out.println(name + " " + type + " seed " + seed + " " + form + " "
                            + BitsTest.bits(trained).hashCode());
                }
            }
        }
        if (together == 0) {
            throw new IllegalStateException("no records are together");
        }
    }

    /** Two threads must have something to do, else nothing is tested; how many records are with others. */
    private static int shared(String name, CompiledProgram code, RecordDraft.Form form) {
        List<Instruction> records = new ArrayList<>();
        double[] nanos = new double[code.drafts().size()];
        for (RecordDraft draft : code.drafts()) {
            nanos[records.size()] = draft.nanos();
            records.add(draft.maker().make(form));
        }
        List<Instruction> shared = SharedInstruction.of(records, nanos);
        if (shared.stream().noneMatch(record -> record instanceof SharedInstruction)) {
            throw new IllegalStateException(name + " " + form + ": nothing for two threads");
        }
        return records.size() - shared.size();
    }
}
