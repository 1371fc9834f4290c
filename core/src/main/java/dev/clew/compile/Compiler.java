package dev.clew.compile;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes a program through the passes. */
final class Compiler {
    static final Set<Pass> ALL = EnumSet.allOf(Pass.class);

    private Compiler() {}

    static Code compile(Program captured, Set<Pass> passes) {
        return compile(captured, passes, List.of(), new BitSet());
    }

    /**
     * The same for a training step: outputs become new values of leaves.
     *
     * @param staying the slots of leaves that are written before some runs only, and so keep their places
     */
    static Code compile(Program captured, Set<Pass> passes, List<Training.Update> updates, BitSet staying) {
        Program program = passes.contains(Pass.SIMPLIFY) ? Simplify.of(captured) : captured;
        program = passes.contains(Pass.MERGE) ? MergeGemms.of(program) : program;
        return placed(program, passes, updates, staying);
    }

    /** The passes after the merges. */
    static Code placed(Program merged, Set<Pass> passes, List<Training.Update> updates, BitSet staying) {
        Program program = passes.contains(Pass.PLACE) ? Place.prepared(merged) : merged;
        Schedule units = passes.contains(Pass.FUSE) ? Fuse.of(program) : Fuse.none(program);
        Schedule schedule = passes.contains(Pass.ORDER) || passes.contains(Pass.FUSE) ? Order.of(units) : units;
        @Nullable View[] homes = passes.contains(Pass.PLACE) ? Place.of(program) : Place.apart(program);
        Emit.Code code = Emit.of(schedule, homes, updates, staying);
        return new Code(program, schedule, code, Arrange.of(code.blocks()));
    }

    /** A compiled program: everything that does not depend on numbers. */
    record Code(Program program, Schedule schedule, Emit.Code emitted, long bytes) {
        List<Draft> drafts() {
            return emitted.drafts();
        }
    }
}
