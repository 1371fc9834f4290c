package dev.clew.internal.runtime;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The other thread. Large records, or many together, are cut in two parts, and each part writes its own elements: so the bits do
 * not depend on who computes them. {@code -Dclew.threads=2} asks for it; one thread is the default.
 *
 * <p>The worker lives as long as the process. Between records it spins for a moment, since the next one comes soon in a run, and
 * then sleeps. If it is busy for another run, or comes late, the caller does both parts.
 */
public final class Workers {
    /** How many threads compute: 1 or 2. */
    public static final int THREADS = Math.clamp(Integer.getInteger("clew.threads", 1), 1, 2);

    private static final long SPIN_NANOS = 100_000;
    private static final int SPINS = 2_000;
    private static final long MOMENT = 1_000;
    private static final AtomicBoolean TAKEN = new AtomicBoolean();
    private static final Workers WORKER = new Workers();

    private volatile @Nullable Task task;
    private volatile @Nullable MemorySegment memory;
    private volatile long asked;
    private volatile long done;
    /** The last second part that somebody has begun: usually the worker, the caller if the worker is late. */
    private final AtomicLong begun = new AtomicLong();

    private volatile boolean sleeps;
    private volatile @Nullable Throwable failure;
    private @Nullable Thread thread;

    private Workers() {}

    /** Something in parts that do not need each other. */
    @FunctionalInterface
    public interface Task {
        void run(MemorySegment memory, int part, int parts);
    }

    /** Runs both parts of a task at once, if the other thread is free. */
    public static void run(Task task, MemorySegment memory) {
        if (THREADS == 1 || !TAKEN.compareAndSet(false, true)) {
            task.run(memory, 0, 1);
            return;
        }
        try {
            WORKER.both(task, memory);
        } finally {
            TAKEN.set(false);
        }
    }

    private void both(Task both, MemorySegment on) {
        if (thread == null) {
            Thread worker = new Thread(this::work, "clew-worker");
            worker.setDaemon(true);
            worker.start();
            thread = worker;
        }
        failure = null;
        task = both;
        memory = on;
        long ticket = asked + 1;
        asked = ticket;
        if (sleeps) {
            LockSupport.unpark(thread);
        }
        try {
            both.run(on, 0, 2);
        } finally {
            other(both, on, ticket);
        }
        Throwable error = failure;
        if (error != null) {
            throw error instanceof RuntimeException runtime ? runtime : new IllegalStateException(error);
        }
    }

    /** The second part is done when a run ends, even if the first has failed: the memory may be another's then. */
    private void other(Task both, MemorySegment on, long ticket) {
        if (begun.compareAndSet(ticket - 1, ticket)) {
            both.run(on, 1, 2);
        } else {
            for (int spins = 0; done != ticket; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(MOMENT);
                }
            }
        }
        task = null;
        memory = null;
    }

    private void work() {
        long seen = 0;
        while (true) {
            await(seen);
            seen = asked;
            if (begun.compareAndSet(seen - 1, seen)) {
                secondPart();
                done = seen;
            }
        }
    }

    private void secondPart() {
        Task now = task;
        MemorySegment on = memory;
        try {
            if (now != null && on != null) {
                now.run(on, 1, 2);
            }
        } catch (RuntimeException | Error error) {
            failure = error;
        }
    }

    private void await(long seen) {
        long since = System.nanoTime();
        while (asked == seen) {
            if (System.nanoTime() - since < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                sleeps = true;
                if (asked == seen) {
                    LockSupport.park(this);
                }
                sleeps = false;
            }
        }
    }
}
