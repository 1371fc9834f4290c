package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.PlaceValues;
import dev.clew.internal.compile.layout.Placement;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.verify.VerifyMemory;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Homes and records broken by hand, each in one way: the error names the pass, the node or record, and the rule. */
final class VerifyMemoryTest {
    private static final Shape SHAPE = Shape.of(2, 3);

    /** Leaves x and y, tanh x, exp y, and the two joined: positions 0 to 4. */
    private static Program joined() {
        Tensor x = Tensor.input("x", DType.F64, 2, 3);
        Tensor y = Tensor.input("y", DType.F64, 2, 3);
        return Capture.withInputs(List.of(Tensor.concat(0, List.of(x.tanh(), y.exp()))))
                .program();
    }

    private static int position(Program program, String operation) {
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).op().label().equals(operation)) {
                return i;
            }
        }
        throw new IllegalArgumentException(operation);
    }

    private static void assertIllegal(Program program, Placement homes, String why) {
        assertThatThrownBy(() -> VerifyMemory.homes("Test", program, homes))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("after Test: ")
                .hasMessageContaining(why);
    }

    /** The homes that are found, changed. */
    private static Placement changed(Program program, Consumer<@Nullable MemoryView[]> change) {
        Placement found = PlaceValues.of(program);
        @Nullable MemoryView[] homes = found.of().clone();
        change.accept(homes);
        return new Placement(homes, found.also());
    }

    private static MemoryView contiguous(int... shape) {
        return MemoryView.contiguous(Shape.of(shape), DType.F64);
    }

    @Test
    void homesAreOfTheirNodesShapesAndTypes() {
        Program program = joined();
        int tanh = position(program, "tanh");
        assertThat(VerifyMemory.homes("Test", program, PlaceValues.of(program))).isTrue();
        assertIllegal(program, changed(program, homes -> homes[tanh] = null), "(tanh (2, 3) f64) has no home");
        assertIllegal(program, changed(program, homes -> homes[tanh] = contiguous(3, 2)), "has a home of (3, 2) f64");
        assertIllegal(
                program,
                changed(program, homes -> homes[tanh] = MemoryView.contiguous(SHAPE, DType.F32)),
                "has a home of (2, 3) f32");
        MemoryView small = new MemoryView(new MemoryBlock(40), 0, SHAPE, MemoryView.rowMajor(SHAPE), DType.F64);
        assertIllegal(program, changed(program, homes -> homes[tanh] = small), "reaches out of its block of 40 bytes");
    }

    @Test
    void aViewHasNoHome() {
        Program program = Capture.withInputs(
                        List.of(Tensor.input("x", DType.F64, 2, 3).transpose().exp()))
                .program();
        int view = position(program, "transpose");
        assertIllegal(
                program,
                changed(program, homes -> homes[view] = contiguous(3, 2)),
                "(transpose (3, 2) f64) has a home");
    }

    @Test
    void twoValuesDoNotShareAHome() {
        Program program = joined();
        int tanh = position(program, "tanh");
        int exp = position(program, "exp");
        assertIllegal(
                program,
                changed(program, homes -> homes[exp] = homes[tanh]),
                "node " + exp + " (exp (2, 3) f64) has element 0 where node " + tanh
                        + " (tanh (2, 3) f64) has another");
    }

    // ------------------------------------------------------------------------------------------------------ records

    /** One record after another, each on what the one before made. */
    private static CompiledProgram compiled() {
        Tensor x = Tensor.input("x", DType.F64, 16, 16);
        Tensor y = x;
        for (int i = 0; i < 4; i++) {
            y = y.matmul(y).tanh();
        }
        return Compiler.compile(Capture.withInputs(List.of(y)).program(), Compiler.ALL);
    }

    private static CompiledProgram longer(CompiledProgram code, MemoryView... touched) {
        List<RecordDraft> drafts = new ArrayList<>(code.drafts());
        drafts.add(new RecordDraft("more", List.of(touched), 0, _ -> _ -> {}));
        return OtherRecords.of(code, drafts);
    }

    private static void assertIllegal(CompiledProgram code, String why) {
        assertIllegal(code, new BitSet(), why);
    }

    private static void assertIllegal(CompiledProgram code, BitSet staying, String why) {
        assertThatThrownBy(() -> VerifyMemory.code("Test", code, staying))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("after Test: ")
                .hasMessageContaining(why);
    }

    @Test
    void recordsUseBlocksWhileTheyAreInUse() {
        CompiledProgram code = compiled();
        int end = code.drafts().size();
        assertThat(VerifyMemory.code("Test", code, new BitSet())).isTrue();
        MemoryView first = code.drafts().getFirst().touched().getLast();
        assertIllegal(longer(code, first), "record " + end + " (more) uses a block that is in use from 0 to 1");
        assertIllegal(longer(code, contiguous(2, 2)), "record " + end + " (more) uses a block that has no place");
        assertIllegal(longer(code), "output 0 uses a block that is in use from " + (end - 1) + " to " + end);
    }

    @Test
    void recordsStayWithinTheirBlocks() {
        CompiledProgram code = compiled();
        MemoryView output = code.emitted().outputs().getFirst();
        MemoryView beyond = new MemoryView(output.block(), 1, output.shape(), output.strides(), output.type());
        assertIllegal(longer(code, beyond), "(more) reaches out of its block of 2048 bytes: (16, 16) f64 at 1");
        MemoryView before = new MemoryView(output.block(), -1, output.shape(), output.strides(), output.type());
        assertIllegal(longer(code, before), "(more) reaches out of its block of 2048 bytes: (16, 16) f64 at -1");
        MemoryView large = contiguous(16, 17);
        large.block().layOn(output.block());
        assertIllegal(longer(code, large), "(more) uses a block upon a smaller one");
    }

    @Test
    void leavesThatStayAreNotOverwritten() {
        BitSet staying = new BitSet();
        staying.set(0);
        assertIllegal(compiled(), staying, "leaf 0 uses a block that is in use from 0 to 1");
    }

    @Test
    void blocksInUseAtATimeLieApartAndInTheMemory() {
        CompiledProgram tight = compiled();
        assertIllegal(
                new CompiledProgram(tight.captured(), tight.program(), tight.schedule(), tight.emitted(), 2047),
                "in a memory of 2047");
        CompiledProgram crooked = compiled();
        crooked.emitted().outputs().getFirst().block().put(8);
        assertIllegal(crooked, "a block of 2048 bytes at 8 in a memory of");
        CompiledProgram overlapping = compiled();
        List<MemoryView> views = overlapping.drafts().getFirst().touched();
        views.getLast().block().put(views.getFirst().block().base() + 1024);
        assertIllegal(overlapping, "are in use at a time and overlap");
        CompiledProgram same = compiled();
        List<MemoryView> both = same.drafts().getFirst().touched();
        both.getLast().block().put(both.getFirst().block().base());
        assertIllegal(same, "are in use at a time and overlap");
    }
}
