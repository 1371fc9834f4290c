package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.run.RecordList;
import dev.clew.internal.compile.run.Tape;
import dev.clew.internal.compile.run.Tiers;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Trial;
import dev.clew.testing.Patience;
import dev.clew.testing.Tries;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan begins in plain code and goes on in vector code, record by record, and nobody can tell from the numbers. */
final class TiersTest {
    private static final int STEPS = 6;
    private static final int TRAINED = 2;

    @Test
    void theBitsStayWhileRecordsTakeTheirVectorForm() {
        Capture capture = Capture.of(
                List.of(Nets.net("RNN", Nets.ofSize(DType.F32, 5, 4, 20), 4).loss()));
        CompiledProgram code = Compiler.compile(capture.program(), Compiler.ALL);
        Tape tape = Tape.of(code);
        List<String> first = BitsTest.bits(tape.run(capture.numbers()));
        assertThat(tape.tiers().vectors()).isZero();
        int all = Tiers.vectors(RecordDraft.made(code.drafts(), RecordDraft.Form.VECTOR));
        Patience.await("records in their plain form", () -> {
            for (int run = 0; run < 200; run++) {
                assertThat(BitsTest.bits(tape.run(capture.numbers()))).isEqualTo(first);
            }
            return (long) all - tape.tiers().vectors();
        });
        assertThat(BitsTest.bits(tape.run(capture.numbers()))).isEqualTo(first);
    }

    static Set<String> networks() {
        return Nets.all().keySet();
    }

    /** Which kernels become fast first is left to the JVM. */
    @ParameterizedTest
    @MethodSource("networks")
    void anyMixOfFormsTrainsToTheSameBits(String name) {
        for (int seed = 0; seed < Tries.times(3); seed++) {
            Random random = new Random(seed);
            Descent descent = Descent.of(Nets.net(name, Nets.ofSize(DType.F32, seed, 3, 20), STEPS));
            CompiledProgram code = descent.compiled();
            List<Instruction> plain = RecordDraft.made(code.drafts(), RecordDraft.Form.PLAIN);
            List<Instruction> vector = RecordDraft.made(code.drafts(), RecordDraft.Form.VECTOR);
            Set<Object> slow = new HashSet<>();
            vector.stream()
                    .flatMap(record -> record.trials().stream())
                    .map(Trial::code)
                    .distinct()
                    .filter(each -> random.nextBoolean())
                    .forEach(slow::add);
            List<Instruction> mixed = Tiers.mixed(plain, vector, slow);
            double[] nanos = RecordList.nanos(code.drafts());
            assertThat(BitsTest.bits(descent.byHand(code, TRAINED, new RecordList(mixed, nanos)::run, _ -> {})))
                    .as("%s, seed %d", name, seed)
                    .isEqualTo(
                            BitsTest.bits(descent.byHand(code, TRAINED, new RecordList(plain, nanos)::run, _ -> {})));
        }
    }
}
