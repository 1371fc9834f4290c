package dev.clew.internal.runtime;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that compute. Large records, or many together, are cut in parts, and each part writes its own elements: so the bits do
 * not depend on who computes them, nor on how many do. {@code -Dclew.threads=4} says how many may, the caller included; without it,
 * as many as the JVM has processors, which in a container is what the container may use.
 *
 * <p>Runs that are under way at once share them evenly: each may call as many as are left when every run has a thread, and with no
 * more threads than runs each is computed by its caller alone. Parts are dealt out beforehand, but nobody waits for a worker that
 * is late, or not there at all: what no one has begun, the caller does.
 */
public final class Workers {
    private static final String SETTING = "clew.threads";
    /** Room on the stack for all that a caller does besides parts, in frames of {@link #requireRoom}. */
    private static final int FRAMES = 32;
    /** What threads and logs need, whose classes may be used for the first time: one that overflows then never works again. */
    static final int FRAMES_OF_OTHERS = 100;

    private static final AtomicInteger RUNS = new AtomicInteger();
    private static volatile @Nullable Crew crew;

    private Workers() {}

    /** Something in parts that do not need each other. */
    @FunctionalInterface
    public interface Task {
        void run(MemorySegment memory, int part, int parts);
    }

    /**
     * How many threads compute at most, the caller included.
     *
     * @throws IllegalArgumentException if {@code -Dclew.threads} is no number of threads
     */
    public static int threads() {
        return crew().count();
    }

    private static Crew crew() {
        Crew known = crew;
        return known == null ? first() : known;
    }

    private static synchronized Crew first() {
        Crew known = crew;
        if (known == null) {
            known = Crew.ofOwnThreads(count(System.getProperty(SETTING)));
            crew = known;
        }
        return known;
    }

    /** What a setting says: a number above 0; nothing means the processors of this JVM. */
    static int count(@Nullable String setting) {
        int processors = Runtime.getRuntime().availableProcessors();
        if (setting == null) {
            return processors;
        }
        try {
            int count = Integer.parseInt(setting.strip());
            if (count > 0) {
                return count;
            }
        } catch (NumberFormatException none) {
            // Said below, as of a number that is not above 0.
        }
        throw new IllegalArgumentException("-D" + SETTING + "=" + setting
                + ": it must be a whole number above 0, how many threads compute, the one that asks included: -D"
                + SETTING
                + "=4. Without it, there is one for every processor that this JVM may use, " + processors + " here");
    }

    /**
     * Computes with other threads from now on; those of before end, when they have done what they began.
     *
     * @param count at most so many, the caller included
     * @param executor whose threads they are; nothing for threads of our own
     */
    public static void use(int count, @Nullable Executor executor) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "compute with " + count + " threads: it must be 1, the one that asks, or more");
        }
        Crew before;
        synchronized (Workers.class) {
            before = crew;
            crew = executor == null ? Crew.ofOwnThreads(count) : Crew.of(count, executor);
        }
        if (before != null) {
            before.end();
        }
    }

    /**
     * Ends all workers, and waits until they have ended; from now on who asks computes alone.
     *
     * @return whether all have ended in time
     */
    public static boolean shutDown(long nanos) {
        Crew before;
        synchronized (Workers.class) {
            before = crew;
            crew = Crew.ofOwnThreads(1);
        }
        return before == null || before.end(nanos);
    }

    /** A run begins: until it {@link #leave leaves}, the others leave it its share of the threads. */
    public static void enter() {
        RUNS.getAndIncrement();
    }

    /** Ends what {@link #enter} began. */
    public static void leave() {
        RUNS.getAndDecrement();
    }

    /** How many runs are under way, one at least. */
    static int runs() {
        return Math.max(1, RUNS.get());
    }

    /**
     * Runs all parts of a task, at once as far as there are threads for them; or the whole of it, if nobody is there to help.
     *
     * @throws RuntimeException or an error, which the first part that failed has thrown; all parts have ended by then
     */
    public static void run(Task task, MemorySegment memory, int parts) {
        Crew now = crew();
        int runs = runs();
        int share = now.count() / runs;
        if (parts < 2 || share < 2) {
            task.run(memory, 0, 1);
            return;
        }
        requireRoom(FRAMES);
        now.run(task, memory, parts, (Math.min(parts, share) - 1) * runs);
    }

    /**
     * A stack that is nearly full overflows here, before anything is handed over: in the middle of it, a caller could neither do its
     * parts nor wait for those of others.
     */
    static void requireRoom(int frames) {
        deeper(frames, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Many numbers are needed after the call, so that a frame is large when it is compiled too, and few are enough. */
    private static long deeper(
            int frames, long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, long k) {
        if (frames == 0) {
            return a;
        }
        long below = deeper(frames - 1, b, c, d, e, f, g, h, i, j, k, a + frames);
        return below ^ a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k;
    }
}
