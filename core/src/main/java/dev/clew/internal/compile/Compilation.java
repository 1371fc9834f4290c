package dev.clew.internal.compile;

import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.layout.Placement;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.schedule.Schedule;
import dev.clew.internal.compile.verify.Verify;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A program on its way through the {@link Pipeline}: what it began as, what it shall become, and what the stages have left so far. */
final class Compilation {
    private final Program captured;
    private final Set<Pass> passes;
    private final List<StepRecords.Update> updates;
    private final BitSet staying;
    private final boolean isWithinBytes;
    private final UnaryOperator<Program> phases;

    private Program program;
    private boolean hasChanged;
    private @Nullable Schedule schedule;
    private @Nullable Placement places;
    private @Nullable Emitted emitted;
    private long bytes;

    private Compilation(
            Program captured,
            Program program,
            Set<Pass> passes,
            List<StepRecords.Update> updates,
            BitSet staying,
            boolean isWithinBytes,
            UnaryOperator<Program> phases) {
        this.captured = captured;
        this.program = program;
        this.passes = passes;
        this.updates = updates;
        this.staying = staying;
        this.isWithinBytes = isWithinBytes;
        this.phases = phases;
    }

    /**
     * Of a program as it was captured.
     *
     * @param updates what outputs become new values of
     * @param staying the slots of leaves that are written before some runs only, and so keep their places
     */
    static Compilation of(Program captured, Set<Pass> passes, List<StepRecords.Update> updates, BitSet staying) {
        return new Compilation(captured, captured, passes, updates, staying, false, UnaryOperator.identity());
    }

    /** The same where bytes are short: its sums are made ready to be taken in phases. */
    Compilation withinBytes() {
        return new Compilation(captured, program, passes, updates, staying, true, phases);
    }

    /** The same from here on, in phases that some function makes. */
    Compilation inPhases(UnaryOperator<Program> cut) {
        return new Compilation(captured, program, passes, updates, staying, true, cut);
    }

    boolean does(Pass pass) {
        return passes.contains(pass);
    }

    boolean isWithinBytes() {
        return isWithinBytes;
    }

    BitSet staying() {
        return staying;
    }

    Program program() {
        return program;
    }

    /** Whether the stage before has changed the program. */
    boolean hasChanged() {
        return hasChanged;
    }

    /** Lets a stage do its work. */
    @SuppressWarnings("ReferenceEquality") // A pass that changes nothing gives the same program back.
    void go(Stage stage) {
        Program before = program;
        stage.work().accept(this);
        hasChanged = program != before;
        if (Verify.IS_ON) {
            stage.makes().verify(stage.name(), before, this);
        }
    }

    void take(Program next) {
        program = next;
    }

    void cutIntoPhases() {
        take(phases.apply(program));
    }

    void take(Schedule next) {
        schedule = next;
    }

    void take(Placement next) {
        places = next;
    }

    void take(Emitted next) {
        emitted = next;
    }

    void takeBytes(long size) {
        bytes = size;
    }

    Schedule schedule() {
        return there(schedule, "schedule");
    }

    Placement places() {
        return there(places, "places");
    }

    Emitted emitted() {
        return there(emitted, "records");
    }

    List<StepRecords.Update> updates() {
        return updates;
    }

    /** What came out. */
    CompiledProgram code() {
        return new CompiledProgram(captured, program, schedule(), emitted(), bytes);
    }

    private static <T> T there(@Nullable T made, String what) {
        if (made == null) {
            throw new IllegalStateException("no stage has made the " + what + " yet");
        }
        return made;
    }

    /** Where values live, to be read. */
    String placesText() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < program.size(); i++) {
            int node = i;
            Optional.ofNullable(places().of()[i])
                    .ifPresent(home -> lines.add("%" + node + " lies at " + home + " of a block of "
                            + home.block().bytes() + " bytes"));
        }
        return String.join("\n", lines);
    }
}
