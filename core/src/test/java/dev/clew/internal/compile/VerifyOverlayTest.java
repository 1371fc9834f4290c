package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.verify.VerifyOverlay;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks that lie upon each other, and records that use the lower one too late or in the wrong way. */
final class VerifyOverlayTest {
    private final MemoryBlock lower = new MemoryBlock(64);
    private final MemoryBlock upper = new MemoryBlock(64);

    private static MemoryView row(MemoryBlock block, int row) {
        return new MemoryView(block, 2 * row, Shape.of(2), MemoryView.rowMajor(Shape.of(2)), DType.F64);
    }

    private static RecordDraft draft(String text, RecordDraft.Reach reach, MemoryView... touched) {
        return new RecordDraft(text, List.of(touched), _ -> {
                    throw new IllegalStateException("not to be run");
                })
                .reaching(reach);
    }

    private static CompiledProgram code(RecordDraft... drafts) {
        CompiledProgram any = Compiler.compile(
                Capture.withInputs(List.of(Tensor.input("x", DType.F64, 2).tanh()))
                        .program(),
                Compiler.ALL,
                List.of(),
                new BitSet());
        List<RecordDraft> all = new ArrayList<>(any.drafts());
        all.addAll(List.of(drafts));
        return OtherRecords.of(any, all);
    }

    private void lay() {
        for (int record = 0; record < 9; record++) {
            lower.use(record);
            upper.use(record);
        }
        upper.layOn(lower);
    }

    @Test
    void stacksThatGoBackStepByStepAreLeftAlone() {
        lay();
        assertThat(VerifyOverlay.code(
                        "Test",
                        code(
                                draft("forth", RecordDraft.Reach.VIEWS, row(lower, 0), row(lower, 1)),
                                draft("back", RecordDraft.Reach.IN_PLACE, row(lower, 1), row(upper, 1)),
                                draft("back", RecordDraft.Reach.VIEWS, row(lower, 0), row(upper, 1), row(upper, 2)),
                                draft("all", RecordDraft.Reach.BLOCKS, row(upper, 0)))))
                .isTrue();
    }

    @Test
    void whatIsUsedAfterSomethingWasPutThereIsNamed() {
        lay();
        RecordDraft put = draft("put", RecordDraft.Reach.VIEWS, row(upper, 1));
        for (RecordDraft late : List.of(
                draft("late", RecordDraft.Reach.VIEWS, row(lower, 1)),
                draft("late", RecordDraft.Reach.BLOCKS, row(lower, 3)))) {
            assertThatThrownBy(() -> VerifyOverlay.code("Test", code(put, late)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("after Test: record \\d+ \\(late\\) uses element 2 of a block of 64 bytes, .*,"
                            + " where a block upon it has put another");
        }
    }

    @Test
    void whatIsWrittenOverWhatTheSameRecordReadsIsNamed() {
        lay();
        for (RecordDraft both : List.of(
                draft("both", RecordDraft.Reach.VIEWS, row(lower, 1), row(upper, 1)),
                draft("both", RecordDraft.Reach.IN_PLACE, row(lower, 1).window(0, 0, Shape.of(1)), row(upper, 1)),
                draft("both", RecordDraft.Reach.BLOCKS, row(lower, 0), row(upper, 3)))) {
            assertThatThrownBy(() -> VerifyOverlay.code("Test", code(both)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("after Test: record \\d+ \\(both\\) uses two blocks that lie upon each other,"
                            + " .*, and not in place");
        }
    }
}
