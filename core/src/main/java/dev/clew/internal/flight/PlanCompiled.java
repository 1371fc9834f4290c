package dev.clew.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

@Name("dev.clew.PlanCompiled")
@Label("Plan Compiled")
@Category("Clew")
@Description("A graph of tensors was compiled to a plan, by whoever the stack trace shows")
final class PlanCompiled extends Event implements Flight.Compiling {
    private static final PlanCompiled ANY = new PlanCompiled();

    @Label("Nodes")
    @Description("Nodes of the graph")
    int nodes;

    @Label("Records")
    @Description("What the plan does, one after the other: products, loops, copies")
    int records;

    @Label("Memory")
    @Description("The memory that the plan runs in")
    @DataAmount
    long bytes;

    @Label("Trains")
    @Description("Whether running it changes parameters")
    boolean trains;

    static @Nullable PlanCompiled begun() {
        if (!ANY.isEnabled()) {
            return null;
        }
        PlanCompiled event = new PlanCompiled();
        event.begin();
        return event;
    }

    @Override
    public void end(int ofNodes, int ofRecords, long ofBytes, boolean ofTraining) {
        nodes = ofNodes;
        records = ofRecords;
        bytes = ofBytes;
        trains = ofTraining;
        commit();
    }
}
