package dev.clew.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.runtime.Instruction;
import dev.clew.runtime.WarmUp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A plan begins in plain code and goes on in vector code, record by record, and nobody can tell from the numbers. */
final class TiersTest {
    private static final long PATIENCE = 60_000_000_000L;

    @Test
    void theBitsStayWhileRecordsTakeTheirVectorForm() {
        Nets.Net net = Nets.net("LSTM", Nets.ofSize(DType.F32, 5, 4, 20), 12);
        Capture capture = Capture.of(List.of(net.loss()));
        Compiler.Code code = Compiler.compile(capture.program(), Compiler.ALL);
        Tape tape = Tape.of(code);
        List<String> first = BitsTest.bits(tape.run(capture.numbers()));
        List<Instruction> vector = Instructions.made(code.drafts(), Draft.Form.VECTOR);
        boolean hasVectors = vector.stream().anyMatch(record -> !record.trials().isEmpty());
        long end = System.nanoTime() + PATIENCE;
        boolean isFast = false;
        while (!isFast && System.nanoTime() < end) {
            for (int run = 0; run < 200; run++) {
                List<NDArray> values = tape.run(capture.numbers());
                assertThat(BitsTest.bits(values)).isEqualTo(first);
            }
            isFast = vector.stream().flatMap(record -> record.trials().stream()).allMatch(WarmUp::isFast);
        }
        assertThat(isFast || !hasVectors).isTrue();
        assertThat(BitsTest.bits(tape.run(capture.numbers()))).isEqualTo(first);
    }
}
