package dev.clew.internal.compile.emit;

import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.schedule.Schedule;
import java.util.List;

/** A compiled program: everything that does not depend on numbers. */
public record CompiledProgram(Program captured, Program program, Schedule schedule, Emitted emitted, long bytes) {
    public List<RecordDraft> drafts() {
        return emitted.drafts();
    }

    /** The loops with elementwise operations. */
    public int loops() {
        int loops = 0;
        for (Schedule.Unit unit : schedule.units()) {
            loops += program.node(unit.last()).isElementwise() ? 1 : 0;
        }
        return loops;
    }
}
