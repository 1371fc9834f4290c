package dev.clew.internal.compile;

import dev.clew.array.NDArray;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.compile.run.Tape;
import dev.clew.internal.compile.selfcheck.SelfCheck;
import dev.clew.internal.runtime.Groups;
import dev.clew.internal.runtime.Instruction;
import dev.clew.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** All ways from formulas to numbers that a plan has, for those who compare them. */
public final class Routes {
    private static final Set<Pass> UNMERGED = EnumSet.complementOf(EnumSet.of(Pass.MERGE));

    private static final int PARTS = 3;

    private final Capture capture;
    private final CompiledProgram code;

    private Routes(Capture capture, CompiledProgram code) {
        this.capture = capture;
        this.code = code;
    }

    /** With every pass. */
    public static Routes of(List<Tensor> outputs) {
        return of(outputs, Compiler.ALL);
    }

    /** Without the pass that adds in another order than the formulas say. */
    public static Routes unmerged(List<Tensor> outputs) {
        return of(outputs, UNMERGED);
    }

    private static Routes of(List<Tensor> outputs, Set<Pass> passes) {
        Capture capture = Capture.of(outputs);
        return new Routes(capture, Compiler.compile(capture.program(), passes));
    }

    /** Twice on one memory; the second time, it holds what the first left behind. */
    public List<NDArray> tape() {
        Tape tape = Tape.of(code);
        tape.run(capture.numbers());
        return tape.run(capture.numbers());
    }

    /** On a memory that is NaN wherever nothing is in use. */
    public List<NDArray> poisoned() {
        return Poisoned.run(code, capture.numbers(), RecordDraft.Form.PLAIN);
    }

    /** The same as vector code. */
    public List<NDArray> vectors() {
        return Poisoned.run(code, capture.numbers(), RecordDraft.Form.VECTOR);
    }

    /** All that may go side by side in three parts does, however little it is. */
    public List<NDArray> sideBySide() {
        double[] nanos = new double[code.drafts().size()];
        Arrays.fill(nanos, 1e9);
        List<Instruction> records = Groups.of(RecordDraft.made(code.drafts(), RecordDraft.Form.PLAIN), nanos, PARTS);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(code.bytes(), 64).fill((byte) -1);
            code.emitted().literals().forEach(literal -> literal.store(memory));
            for (int slot = 0; slot < capture.numbers().size(); slot++) {
                for (MemoryView place : code.emitted().leaves().get(slot)) {
                    place.store(capture.numbers().get(slot), memory);
                }
            }
            records.forEach(record -> record.run(memory));
            return code.emitted().outputs().stream()
                    .map(output -> output.load(memory))
                    .toList();
        }
    }

    /** One plan in two threads at once: what each gets. */
    public List<List<NDArray>> twice() {
        Tape tape = Tape.of(code);
        CompletableFuture<List<NDArray>> other = CompletableFuture.supplyAsync(() -> tape.run(capture.numbers()));
        return List.of(tape.run(capture.numbers()), other.join());
    }

    /** Compares every value that it materializes with the meaning, as {@code -Dclew.verify=true} does. */
    public void verify() {
        SelfCheck.of(code, capture.numbers());
    }
}
