package dev.clew.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks that lie upon each other, and records that use the lower one too late or in the wrong way. */
final class VerifyOverlayTest {
    private final Block lower = new Block(64);
    private final Block upper = new Block(64);

    private static View row(Block block, int row) {
        return new View(block, 2 * row, Shape.of(2), View.rowMajor(Shape.of(2)), DType.F64);
    }

    private static Draft draft(String text, Draft.Reach reach, View... touched) {
        return new Draft(text, List.of(touched), _ -> {
                    throw new IllegalStateException("not to be run");
                })
                .reaching(reach);
    }

    private static CompiledProgram code(Draft... drafts) {
        CompiledProgram any = Compiler.compile(
                Capture.withInputs(List.of(Tensor.input("x", DType.F64, 2).tanh()))
                        .program(),
                Compiler.ALL,
                List.of(),
                new BitSet());
        List<Draft> all = new ArrayList<>(any.drafts());
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
                                draft("forth", Draft.Reach.VIEWS, row(lower, 0), row(lower, 1)),
                                draft("back", Draft.Reach.IN_PLACE, row(lower, 1), row(upper, 1)),
                                draft("back", Draft.Reach.VIEWS, row(lower, 0), row(upper, 1), row(upper, 2)),
                                draft("all", Draft.Reach.BLOCKS, row(upper, 0)))))
                .isTrue();
    }

    @Test
    void whatIsUsedAfterSomethingWasPutThereIsNamed() {
        lay();
        Draft put = draft("put", Draft.Reach.VIEWS, row(upper, 1));
        for (Draft late : List.of(
                draft("late", Draft.Reach.VIEWS, row(lower, 1)), draft("late", Draft.Reach.BLOCKS, row(lower, 3)))) {
            assertThatThrownBy(() -> VerifyOverlay.code("Test", code(put, late)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("after Test: record \\d+ \\(late\\) uses element 2 of a block of 64 bytes, .*,"
                            + " where a block upon it has put another");
        }
    }

    @Test
    void whatIsWrittenOverWhatTheSameRecordReadsIsNamed() {
        lay();
        for (Draft both : List.of(
                draft("both", Draft.Reach.VIEWS, row(lower, 1), row(upper, 1)),
                draft("both", Draft.Reach.IN_PLACE, row(lower, 1).window(0, 0, Shape.of(1)), row(upper, 1)),
                draft("both", Draft.Reach.BLOCKS, row(lower, 0), row(upper, 3)))) {
            assertThatThrownBy(() -> VerifyOverlay.code("Test", code(both)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("after Test: record \\d+ \\(both\\) uses two blocks that lie upon each other,"
                            + " .*, and not in place");
        }
    }
}
