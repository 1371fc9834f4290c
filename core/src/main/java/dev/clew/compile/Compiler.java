package dev.clew.compile;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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
        if (Verify.IS_ON) {
            Verify.legal("Capture", captured);
        }
        Program simple = passes.contains(Pass.SIMPLIFY) ? Simplify.of(captured) : captured;
        if (Verify.IS_ON) {
            Verify.program("Simplify", captured, simple);
        }
        Program merged = passes.contains(Pass.MERGE) ? MergeGemms.of(simple) : simple;
        return placed(merged, passes, updates, staying, captured);
    }

    /** The passes after the merges. */
    static Code placed(
            Program merged, Set<Pass> passes, List<Training.Update> updates, BitSet staying, Program captured) {
        Program program = LongSums.of(merged, passes.contains(Pass.FUSE));
        if (Verify.IS_ON) {
            Verify.program("LongSums", merged, program);
        }
        Schedule schedule = schedule(program, passes);
        Homes homes = passes.contains(Pass.PLACE) ? Place.of(program) : Homes.apart(program);
        if (Verify.IS_ON) {
            VerifyMemory.homes("Place", program, homes);
        }
        Emit.Code emitted = Emit.of(schedule, homes, updates, staying);
        emitted = passes.contains(Pass.PLACE) ? emitted.with(Overlay.of(emitted.drafts(), emitted.blocks())) : emitted;
        Code code = new Code(captured, program, schedule, emitted, Arrange.of(emitted.blocks()));
        if (Verify.IS_ON) {
            VerifyMemory.code("Arrange", code, staying);
            VerifyWritten.code("Arrange", code);
            VerifyOverlay.code("Arrange", code);
        }
        return code;
    }

    private static Schedule schedule(Program program, Set<Pass> passes) {
        Schedule units = passes.contains(Pass.FUSE) ? Fuse.of(program) : Fuse.none(program);
        if (Verify.IS_ON) {
            Verify.units("Fuse", units);
        }
        Schedule ordered = passes.contains(Pass.ORDER) || passes.contains(Pass.FUSE) ? Order.of(units) : units;
        if (Verify.IS_ON) {
            Verify.order("Order", ordered);
        }
        Schedule schedule = passes.contains(Pass.FUSE) ? Rows.of(ordered) : ordered;
        if (Verify.IS_ON) {
            Verify.order("Rows", schedule);
        }
        return schedule;
    }

    /** A compiled program: everything that does not depend on numbers. */
    record Code(Program captured, Program program, Schedule schedule, Emit.Code emitted, long bytes) {
        List<Draft> drafts() {
            return emitted.drafts();
        }

        /** The loops with elementwise operations. */
        int loops() {
            int loops = 0;
            for (Schedule.Unit unit : schedule.units()) {
                loops += program.node(unit.last()).isElementwise() ? 1 : 0;
            }
            return loops;
        }
    }
}
