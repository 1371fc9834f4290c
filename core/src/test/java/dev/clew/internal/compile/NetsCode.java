package dev.clew.internal.compile;

import dev.clew.array.DType;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Capture;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import dev.clew.testing.Tries;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/** Calls all generated code of the networks until C2 has compiled it. */
public final class NetsCode {
    private static final int STEPS = 8;
    /** For the short run, those that have the most different code. */
    private static final Set<String> SOME =
            Set.of("LSTM", "minimal gated unit with layer norm", "encoder-decoder with attention");

    private static final int CALLS = 300;

    private NetsCode() {}

    public static void main(String[] arguments) {
        Set<Object> called = new HashSet<>();
        // Of f64 there is more code; f32 and the other networks are for the long run.
        for (DType type : Tries.FACTOR > 1 ? new DType[] {DType.F32, DType.F64} : new DType[] {DType.F64}) {
            for (String net : Tries.FACTOR > 1 ? Nets.all().keySet() : SOME) {
                Nets.Net made = Nets.net(net, new Nets(type, 1), STEPS);
                CompiledProgram code =
                        Compiler.compile(Capture.of(made.outputs()).program(), Compiler.ALL);
                for (Instruction record : RecordDraft.made(code.drafts(), RecordDraft.Form.VECTOR)) {
                    for (Trial trial : record.trials()) {
                        if (called.add(trial.code())) {
                            call(trial);
                        }
                    }
                }
            }
        }
        System.out.println("called " + called.size());
    }

    private static void call(Trial trial) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(trial.bytes(), Machine.LINE);
            for (int call = 0; call < CALLS; call++) {
                trial.generated().accept(memory);
            }
        }
    }
}
