package dev.clew.internal.compile;

import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.verify.Verify;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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
        return Pipeline.run(Pipeline.STAGES, Compilation.of(captured, passes, updates, staying))
                .code();
    }
}
