package dev.clew.internal.compile;

import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.verify.Verify;
import dev.clew.internal.flight.Flight;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Takes programs through the {@link Pipeline}. */
public final class Compiler {
    public static final Set<Pass> ALL = EnumSet.allOf(Pass.class);

    private Compiler() {}

    public static CompiledProgram compile(Program captured, Set<Pass> passes) {
        return compile(captured, passes, List.of(), new BitSet());
    }

    /**
     * The same for a training step: outputs become new values of leaves.
     *
     * @param staying the slots of leaves that are written before some runs only, and so keep their places
     */
    public static CompiledProgram compile(
            Program captured, Set<Pass> passes, List<StepRecords.Update> updates, BitSet staying) {
        if (Verify.IS_ON) {
            Verify.legal("capture", captured);
        }
        return recorded(
                captured,
                updates,
                () -> Pipeline.run(Pipeline.STAGES, Compilation.of(captured, passes, updates, staying))
                        .code());
    }

    /** What is compiled, of which the JVM's flight recorder is told. */
    static CompiledProgram recorded(
            Program captured, List<StepRecords.Update> updates, Supplier<CompiledProgram> compiling) {
        Flight.Compiling event = Flight.compiling();
        CompiledProgram code = compiling.get();
        if (event != null) {
            event.end(captured.size(), code.drafts().size(), code.bytes(), !updates.isEmpty());
        }
        return code;
    }
}
