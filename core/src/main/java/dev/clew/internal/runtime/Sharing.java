package dev.clew.internal.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that a caller shares with workers, in rounds: one after the other, each open from the moment it is handed over until all its
 * parts have ended.
 *
 * <p>A round has a number, which is odd while it is open. What is to be done is written only while none is open; so who finds the same
 * odd number before and after reading it has read what belongs to that round. Every part has two words: the last round in which
 * somebody has begun it, and the last in which it has ended. Who changes the first from an older round to this one does the part. A
 * caller closes a round when all its parts have begun and ended; so after that nobody can begin one of them any more. Part 0 is
 * always the caller's.
 */
final class Sharing {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    /** From the words of one part to those of the next: two lines of a cache, which processors fetch in pairs. */
    private static final int APART = 16;

    private static final int ENDED = 1;

    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile long round;

    // What is being done: written while no round is open.
    private volatile Workers.@Nullable Task task;
    private volatile MemorySegment memory = MemorySegment.NULL;
    private volatile int count;
    private volatile long[] words = {};
    private volatile @Nullable Throwable[] failures = {};

    /** The caller, when it has stopped spinning. */
    private volatile @Nullable Thread waiting;

    private volatile boolean hasFailed;

    /** Makes it the caller's, if it is nobody's. */
    boolean take() {
        return !taken.get() && taken.compareAndSet(false, true);
    }

    /**
     * Makes it nobody's. If a round could not be closed, since the caller's stack overflowed in the middle, it stays the caller's for
     * ever: somebody may still be at that round, and what comes next would be taken for part of it.
     */
    void leave() {
        if ((round & 1) == 0) {
            taken.set(false);
        }
    }

    /** Opens a round, or fails and does not; {@link #complete} must come after it. */
    void open(Workers.Task what, MemorySegment on, int parts) {
        if (failures.length < parts) {
            failures = new @Nullable Throwable[parts];
            words = new long[Math.multiplyExact(parts, APART)];
        }
        task = what;
        memory = on;
        count = parts;
        hasFailed = false;
        long next = round + 1;
        round = next;
    }

    /**
     * Does the caller's part and all that nobody else has begun, waits for the others and closes the round. Throws nothing.
     *
     * @param spin how long to wait before letting the thread sleep, in nanoseconds
     */
    void complete(long spin) {
        Workers.Task what = task;
        MemorySegment on = memory;
        long[] at = words;
        int parts = count;
        long now = round;
        if (what == null) {
            return;
        }
        run(what, on, 0, parts, at, now);
        // Workers come from the other end.
        for (int part = parts - 1; part > 0; part--) {
            if (begins(at, part, now)) {
                run(what, on, part, parts, at, now);
            }
        }
        boolean isInterrupted = await(at, parts, now, spin);
        round = now + 1;
        task = null;
        memory = MemorySegment.NULL;
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until all parts have ended; whether there was an interrupt. */
    private boolean await(long[] at, int parts, long now, long spin) {
        boolean isInterrupted = false;
        long start = spin > 0 ? System.nanoTime() : 0;
        for (int part = parts - 1; part > 0; part--) {
            while (!hasEnded(at, part, now)) {
                if (spin > 0 && System.nanoTime() - start < spin) {
                    Thread.onSpinWait();
                } else {
                    isInterrupted |= sleep(at, part, now);
                }
            }
        }
        return isInterrupted;
    }

    /** Sleeps until a part ends or something else happens; whether that was an interrupt, which is for who asked, not for this wait. */
    private boolean sleep(long[] at, int part, long now) {
        waiting = Thread.currentThread();
        if (!hasEnded(at, part, now)) {
            LockSupport.park(this);
        }
        waiting = null;
        return Thread.interrupted();
    }

    /**
     * Does parts that nobody has begun.
     *
     * @param home which to begin with, counted from 0
     * @return whether there were any
     */
    boolean help(int home) {
        long now = round;
        if ((now & 1) == 0) {
            return false;
        }
        Workers.Task what = task;
        MemorySegment on = memory;
        long[] at = words;
        int others = count - 1;
        if (round != now || what == null) {
            return false;
        }
        boolean hasHelped = false;
        for (int i = 0; i < others; i++) {
            int part = 1 + (home + i) % others;
            if (begins(at, part, now)) {
                run(what, on, part, others + 1, at, now);
                hasHelped = true;
            }
        }
        return hasHelped;
    }

    private static boolean begins(long[] at, int part, long now) {
        long last = (long) WORDS.getVolatile(at, part * APART);
        return last < now && WORDS.compareAndSet(at, part * APART, last, now);
    }

    private static boolean hasEnded(long[] at, int part, long now) {
        return (long) WORDS.getVolatile(at, part * APART + ENDED) == now;
    }

    private void run(Workers.Task what, MemorySegment on, int part, int parts, long[] at, long now) {
        try {
            what.run(on, part, parts);
        } catch (Throwable error) { // Whatever it is, it is the caller's.
            failures[part] = error;
            hasFailed = true;
        } finally {
            WORDS.setVolatile(at, part * APART + ENDED, now);
            Thread caller = waiting;
            if (caller != null) {
                LockSupport.unpark(caller);
            }
        }
    }

    /** Throws what parts have thrown in the last round: what the first of them has, with the others in it. */
    void throwFailure() {
        if (!hasFailed) {
            return;
        }
        Throwable first = null;
        for (int part = 0; part < count; part++) {
            Throwable failure = failures[part];
            failures[part] = null;
            if (first == null) {
                first = failure;
            } else if (failure != null && !failure.equals(first)) {
                first.addSuppressed(failure);
            }
        }
        switch (first) {
            case RuntimeException error -> throw error;
            case Error error -> throw error;
            case null -> throw new IllegalStateException("a part has failed, and none has");
            default -> throw new IllegalStateException(first);
        }
    }
}
