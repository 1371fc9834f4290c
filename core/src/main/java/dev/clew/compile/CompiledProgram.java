package dev.clew.compile;

import java.util.List;

/** A compiled program: everything that does not depend on numbers. */
record CompiledProgram(Program captured, Program program, Schedule schedule, Emitted emitted, long bytes) {
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
