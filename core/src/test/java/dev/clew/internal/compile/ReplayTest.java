package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.selfcheck.SelfCheck;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Machine;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans one of whose records, in one of its forms, writes a number that is a little off: each is found where it is written. */
final class ReplayTest {
    private static final String DIFFERS = "a plan differs from the meaning of its formulas: ";

    private final List<NDArray> numbers;
    private final CompiledProgram step;

    /** A step of training, with a value on the way that is asked for, and one that only the new value needs. */
    ReplayTest() {
        Parameter w = Parameter.of(new double[][] {{0.5, -1.25}, {2, 0.75}});
        Tensor x = Tensor.of(new double[][] {{1, 3, -2}, {0.25, -1, 4}}).transpose(1, 0);
        Tensor h = x;
        for (int t = 0; t < 3; t++) {
            h = h.matmul(w).tanh();
        }
        Tensor loss = h.square().softmax(1).times(x).sum();
        Tensor next = w.minus(Gradients.of(loss).wrt(w).maximum(-1).times(0.1));
        Capture capture = Capture.withInputs(List.of(loss, h, next));
        this.numbers = new ArrayList<>(capture.numbers());
        numbers.set(capture.leaves().indexOf(w), w.value());
        this.step = Compiler.compile(
                capture.program(),
                Compiler.ALL,
                List.of(new StepRecords.Update(capture.leaves().indexOf(w), 2)),
                new BitSet());
    }

    /** A record that changes a middle bit of the first number that it has written, in one form. */
    private static RecordDraft mistaken(RecordDraft draft, RecordDraft.Form in) {
        MemoryView written = draft.touched().getLast();
        return new RecordDraft(draft.text(), draft.touched(), draft.written(), draft.nanos(), draft.reach(), form -> {
            Instruction right = draft.maker().make(form);
            return form == in
                    ? memory -> {
                        right.run(memory);
                        change(memory, written);
                    }
                    : right;
        });
    }

    private static void change(MemorySegment memory, MemoryView view) {
        assertThat(view.type()).isEqualTo(DType.F64);
        long at = view.address();
        memory.set(ValueLayout.JAVA_LONG, at, memory.get(ValueLayout.JAVA_LONG, at) ^ (1L << 20));
    }

    @Test
    void aRightStepRaisesNoAlarm() {
        assertThatCode(() -> SelfCheck.of(step, numbers)).doesNotThrowAnyException();
        assertThat(step.emitted().training().commits()).isNotEmpty();
    }

    @Test
    void everyWrongRecordIsFoundInEitherForm() {
        assumeTrue(Machine.VECTOR_BITS > 0, "without vectors there is one form");
        for (RecordDraft.Form form : RecordDraft.Form.values()) {
            for (int record = 0; record < step.drafts().size(); record++) {
                if (step.drafts().get(record).text().startsWith("pack ")) {
                    continue; // Small products read what is not packed.
                }
                List<RecordDraft> drafts = new ArrayList<>(step.drafts());
                drafts.set(record, mistaken(drafts.get(record), form));
                CompiledProgram wrong = OtherRecords.of(step, drafts);
                assertThat(catchThrowable(() -> SelfCheck.of(wrong, numbers)))
                        .as("%s, record %d, %s", form, record, drafts.get(record))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith(DIFFERS)
                        .hasMessageContaining(form == RecordDraft.Form.PLAIN ? "in plain code" : "in vector code");
            }
        }
    }

    @Test
    void aNewValueThatIsPutInPlaceWronglyIsFound() {
        List<RecordDraft> commits = new ArrayList<>(step.emitted().training().commits());
        commits.set(0, mistaken(commits.getFirst(), RecordDraft.Form.PLAIN));
        CompiledProgram wrong = OtherRecords.of(step, step.drafts(), commits);
        assertThatThrownBy(() -> SelfCheck.of(wrong, numbers))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(DIFFERS + "minus (2, 2) f64, in plain code, is ");
    }

    /** No pass leaves such a value; if one did, it could not hide. */
    @Test
    void aWrongValueThatReachesNoOutputIsFound() {
        Capture capture = Capture.of(List.of(Tensor.of(new double[] {0.25, 0.5}).square()));
        Program.Builder builder = new Program.Builder(4);
        int x = builder.leaf(capture.program().node(0));
        int y = builder.add(Unary.SQUARE, Shape.of(2), DType.F64, x);
        builder.add(new Reduction.Sum(IntTuple.of(0)), Shape.of(1), DType.F64, y);
        CompiledProgram code = Compiler.compile(builder.whole(y), EnumSet.noneOf(Pass.class));
        List<RecordDraft> drafts = new ArrayList<>(code.drafts());
        drafts.set(drafts.size() - 1, mistaken(drafts.getLast(), RecordDraft.Form.PLAIN));
        assertThatThrownBy(() -> SelfCheck.of(OtherRecords.of(code, drafts), capture.numbers()))
                .hasMessage(DIFFERS + "sum (1) f64, in plain code, is 0.31250000005820766 at [0], and computed from the"
                        + " plan's own values before it, it is 0.3125. This is a mistake in Clew, not in your program:"
                        + " please report it, with these lines; meanwhile, Evaluator.plain() computes what is meant.\n"
                        + "%1 = f64 (2) [0.0625, 0.25]\n%2 = Sum[axes=[0]] [1] gives (1) f64\n");
    }
}
