package dev.clew.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("dev.clew.BytesKept")
@Label("Bytes Kept")
@Category("Clew")
@Description("Something is kept to be used again, or takes more than it did")
@StackTrace(false)
final class BytesKept extends Event {
    private static final BytesKept ANY = new BytesKept();

    @Label("What")
    @Description("Plans, or generated code")
    String what = "";

    @Label("Bytes")
    @Description("What it takes, on the heap and beside it, about")
    @DataAmount
    long bytes;

    @Label("Total")
    @Description("What all that is kept of the kind takes now")
    @DataAmount
    long total;

    @Label("Limit")
    @Description("What all that is kept of the kind may take")
    @DataAmount
    long limit;

    static void say(String what, long bytes, long total, long limit) {
        if (ANY.isEnabled()) {
            BytesKept event = new BytesKept();
            event.what = what;
            event.bytes = bytes;
            event.total = total;
            event.limit = limit;
            event.commit();
        }
    }
}
