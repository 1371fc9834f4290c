package dev.clew.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

@Name("dev.clew.StepRun")
@Label("Step Run")
@Category("Clew")
@Description("The records of a plan ran once, without what brings data in and out")
@StackTrace(false)
@Threshold("20 ms")
final class StepRun extends Event implements Flight.Running {
    private static final StepRun ANY = new StepRun();

    @Label("Records")
    @Description("Records that ran")
    int records;

    @Label("Vector Records")
    @Description("Those among them whose generated code was ready")
    int vectorRecords;

    static @Nullable StepRun begun() {
        if (!ANY.isEnabled()) {
            return null;
        }
        StepRun event = new StepRun();
        event.begin();
        return event;
    }

    @Override
    public void end(int all, int vectors) {
        end();
        if (shouldCommit()) {
            records = all;
            vectorRecords = vectors;
            commit();
        }
    }
}
