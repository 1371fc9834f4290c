package dev.clew.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("dev.clew.BytesDropped")
@Label("Bytes Dropped")
@Category("Clew")
@Description("Something that was kept to be used again is not any more")
@StackTrace(false)
final class BytesDropped extends Event {
    private static final BytesDropped ANY = new BytesDropped();

    @Label("What")
    @Description("Plans, or generated code")
    String what = "";

    @Label("Bytes")
    @Description("What it took, on the heap and beside it, about")
    @DataAmount
    long bytes;

    @Label("Makes Room")
    @Description("Whether it went for something else, and not since nobody can ask for it any more")
    boolean makesRoom;

    @Label("Total")
    @Description("What is still kept of the kind takes")
    @DataAmount
    long total;

    @Label("Limit")
    @Description("What all that is kept of the kind may take")
    @DataAmount
    long limit;

    static void say(String what, long bytes, boolean makesRoom, long total, long limit) {
        if (ANY.isEnabled()) {
            BytesDropped event = new BytesDropped();
            event.what = what;
            event.bytes = bytes;
            event.makesRoom = makesRoom;
            event.total = total;
            event.limit = limit;
            event.commit();
        }
    }
}
