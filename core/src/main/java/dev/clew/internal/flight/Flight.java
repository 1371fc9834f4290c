package dev.clew.internal.flight;

import org.jspecify.annotations.Nullable;

/** Tells the JVM's flight recorder what happens. No class of {@code jdk.jfr} is touched before it is known to be there. */
public final class Flight {
    private static final boolean IS_THERE = ModuleLayer.boot()
            .findModule("jdk.jfr")
            .filter(Flight.class.getModule()::canRead)
            .isPresent();

    private Flight() {}

    /** A plan that is being compiled. */
    public interface Compiling {
        /** It is done. */
        void end(int nodes, int records, long bytes, boolean trains);
    }

    /** A plan that runs. */
    public interface Running {
        /** It has run, or failed to. */
        void end(int records, int vectors);
    }

    /** Begins to compile; nothing if nobody records that. */
    public static @Nullable Compiling compiling() {
        return IS_THERE ? PlanCompiled.begun() : null;
    }

    /** Begins to run; nothing if nobody records that. */
    public static @Nullable Running running() {
        return IS_THERE ? StepRun.begun() : null;
    }

    /**
     * Something is kept to be used again.
     *
     * @param what kind of thing
     * @param bytes that it takes
     * @param total bytes that all of its kind take now
     * @param limit what they may take
     */
    public static void kept(String what, long bytes, long total, long limit) {
        if (IS_THERE) {
            BytesKept.say(what, bytes, total, limit);
        }
    }

    /**
     * Something is not kept any more.
     *
     * @param makesRoom whether that was for something else, and not since nobody can ask for it
     */
    public static void dropped(String what, long bytes, boolean makesRoom, long total, long limit) {
        if (IS_THERE) {
            BytesDropped.say(what, bytes, makesRoom, total, limit);
        }
    }
}
