package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.DType;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.verify.VerifyWritten;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans with one record too few: each reads what nobody has written, and is told. */
final class VerifyWrittenTest {
    static Set<String> nets() {
        return Nets.all().keySet();
    }

    private static CompiledProgram step(Tensor loss, List<Parameter> parameters) {
        List<Tensor> all = new ArrayList<>(List.of(loss));
        Gradients gradients = Gradients.of(loss);
        parameters.forEach(parameter -> all.add(parameter.minus(gradients.wrt(parameter))));
        Capture capture = Capture.withInputs(all);
        List<StepRecords.Update> updates = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            updates.add(new StepRecords.Update(capture.leaves().indexOf(parameters.get(i)), i + 1));
        }
        return Compiler.compile(
                capture.program(), Compiler.ALL, updates, StepRecords.staying(capture.program(), _ -> false));
    }

    private static CompiledProgram without(CompiledProgram code, int record) {
        List<RecordDraft> drafts = new ArrayList<>(code.drafts());
        drafts.remove(record);
        return OtherRecords.of(code, drafts);
    }

    @ParameterizedTest
    @MethodSource("nets")
    void aRecordThatIsMissingIsFoundByWhoReadsWhatItWrites(String name) {
        Nets.Net net = Nets.net(name, Nets.ofSize(DType.F64, 1, 2, 4), 3);
        CompiledProgram code = step(net.loss(), net.parameters());
        assertThat(VerifyWritten.code("Test", code)).isTrue();
        Set<String> unnoticed = new TreeSet<>();
        for (int record = 0; record < code.drafts().size(); record++) {
            CompiledProgram mutant = without(code, record);
            Throwable error = catchThrowable(() -> VerifyWritten.code("Test", mutant));
            if (error == null) {
                unnoticed.add(record + " " + code.drafts().get(record).text());
            } else {
                assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .message()
                        .matches(
                                "after Test: (record \\d+ \\(.*\\)|commit \\(.*\\)|output \\d+|a check) reads element \\d+"
                                        + " of a block of \\d+ bytes, .*, that nobody has written");
            }
        }
        // What adds to what is there leaves nothing that nobody has written.
        unnoticed.removeIf(record -> record.contains(" unpick ") || record.contains(" scatterAdd "));
        assertThat(unnoticed).as(name + ", of " + code.drafts().size()).isEmpty();
    }

    /** What number 2 of the silent wrong numbers was: of two parts joined, one is never put into its place. */
    @Test
    void aPartOfAJoinedArrayThatIsNotThereIsNamedByItsFirstElement() {
        Tensor x = Tensor.input("x", DType.F64, 3);
        Tensor y = Tensor.concat(0, List.of(x, x.flip())).tanh();
        CompiledProgram code =
                Compiler.compile(Capture.withInputs(List.of(y)).program(), Compiler.ALL, List.of(), new BitSet());
        int copy = -1;
        for (int record = 0; record < code.drafts().size(); record++) {
            copy = code.drafts().get(record).text().startsWith("copy") ? record : copy;
        }
        CompiledProgram mutant = without(code, copy);
        assertThatThrownBy(() -> VerifyWritten.code("Test", mutant))
                .hasMessage("after Test: record 0 (loop tanh (6)) reads element 3 of a block of 48 bytes,"
                        + " (6) f64 at 0 by [1], that nobody has written");
    }
}
