package dev.clew.internal.runtime;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Workers that help callers, and what they are asked to help with. A caller opens a round of a {@link Sharing}, counts {@link
 * #handedOver} up, and wakes a worker if too few are awake; every worker that wakes up wakes two more.
 */
final class Crew {
    private static final System.Logger LOG = System.getLogger(Crew.class.getName());
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    /** Far from other fields, since all who spin read it. */
    private static final int HANDED_OVER = 32;

    private static final int SPIN_NANOS = 100_000;
    private static final long OWN_PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long BORROWED_PATIENCE = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long AFTER_REFUSAL = TimeUnit.MILLISECONDS.toNanos(100);

    private final int count;
    private final @Nullable Executor executor;
    private final long spin;
    private final long[] words = new long[2 * HANDED_OVER];
    private volatile Sharing[] sharings = {};
    private volatile Worker[] workers = {};
    /** How many workers are awake, or will be soon. */
    private final AtomicInteger awake = new AtomicInteger();
    /** How many should be. */
    private volatile int wanted;

    private volatile boolean hasEnded;
    private volatile long refused = System.nanoTime() - AFTER_REFUSAL;
    private volatile boolean hasComplained;

    private Crew(int count, @Nullable Executor executor) {
        this.count = count;
        this.executor = executor;
        // With more threads than processors, who spins keeps others from what he waits for.
        this.spin = count > Runtime.getRuntime().availableProcessors() ? 0 : SPIN_NANOS;
    }

    static Crew ofOwnThreads(int count) {
        return new Crew(count, null);
    }

    static Crew of(int count, Executor executor) {
        return new Crew(count, executor);
    }

    int count() {
        return count;
    }

    /** How long who waits spins before it sleeps, in nanoseconds. */
    long spin() {
        return spin;
    }

    /** How long a worker without work keeps its thread, in nanoseconds. */
    long patience() {
        return executor == null ? OWN_PATIENCE : BORROWED_PATIENCE;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /** How many rounds there were; another number says that there is something new. */
    long handedOver() {
        return (long) WORDS.getVolatile(words, HANDED_OVER);
    }

    void counts(int more) {
        awake.getAndAdd(more);
    }

    /** Whether fewer workers are awake than should be. */
    boolean lacks() {
        return awake.get() < wanted;
    }

    /**
     * Runs all parts of a task, and ends when they have.
     *
     * @param helpers how many workers all runs that are under way can use
     */
    void run(Workers.Task task, MemorySegment memory, int parts, int helpers) {
        Sharing sharing = sharing();
        try {
            sharing.open(task, memory, parts);
            call(Math.min(helpers, count - 1));
            sharing.complete(spin);
            sharing.throwFailure();
        } finally {
            sharing.leave();
        }
    }

    /** Says that a round is open. That nobody comes is no error, and why is none of the task's. */
    private void call(int helpers) {
        try {
            if (wanted != helpers) {
                wanted = helpers;
            }
            WORDS.getAndAdd(words, HANDED_OVER, 1L);
            rouse(helpers, 1);
        } catch (StackOverflowError none) {
            // Nobody was refused: the caller has no room to ask.
        } catch (Throwable error) {
            refused = System.nanoTime();
            complain(error);
        }
    }

    private void complain(Throwable error) {
        if (!hasComplained) {
            hasComplained = true;
            try {
                Workers.requireRoom(Workers.FRAMES_OF_OTHERS);
                LOG.log(
                        Level.WARNING,
                        "a thread to compute with was refused; those that there are compute the same",
                        error);
            } catch (RuntimeException | Error none) {
                // Then it is not said.
            }
        }
    }

    /** The first that nobody has. */
    private Sharing sharing() {
        while (true) {
            Sharing[] all = sharings;
            for (Sharing each : all) {
                if (each.take()) {
                    return each;
                }
            }
            more(all.length);
        }
    }

    private synchronized void more(int than) {
        if (sharings.length == than) {
            Sharing[] all = Arrays.copyOf(sharings, than + 1);
            all[than] = new Sharing();
            sharings = all;
        }
    }

    private Worker[] workers(int least) {
        return workers.length < least ? grown(least) : workers;
    }

    private synchronized Worker[] grown(int least) {
        int before = workers.length;
        if (before < least) {
            Worker[] all = Arrays.copyOf(workers, least);
            for (int i = before; i < least; i++) {
                all[i] = new Worker(this, i);
            }
            workers = all;
        }
        return workers;
    }

    /** Called by a worker that has woken up: so it takes few turns until all are awake. */
    void rouseMore() {
        try {
            rouse(wanted, 2);
        } catch (RuntimeException | Error error) {
            refused = System.nanoTime();
            complain(error);
        }
    }

    private void rouse(int helpers, int most) {
        if (awake.get() >= helpers || hasEnded) {
            return;
        }
        Worker[] all = workers(helpers);
        int roused = 0;
        for (int i = 0; i < helpers && roused < most; i++) {
            roused += all[i].rouse() ? 1 : 0;
        }
    }

    /** Asks for a thread for a worker; not right after one was refused. */
    boolean start(Worker worker) {
        if (System.nanoTime() - refused < AFTER_REFUSAL) {
            return false;
        }
        if (executor != null) {
            executor.execute(worker);
            return true;
        }
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("clew-worker-" + (worker.index() + 1))
                .inheritInheritableThreadLocals(false)
                .unstarted(worker);
        thread.setContextClassLoader(null);
        thread.start();
        return true;
    }

    /** Does what a worker finds to do; whether that was anything. */
    boolean help(int index) {
        Sharing[] all = sharings;
        int used = Math.min(all.length, Workers.runs());
        boolean hasHelped = false;
        for (int i = 0; i < all.length; i++) {
            hasHelped |= all[(index + i) % all.length].help(index / used);
        }
        return hasHelped;
    }

    /** Sends all workers home; what they have begun they end before. */
    void end() {
        hasEnded = true;
        for (Worker worker : workers) {
            worker.hurry();
        }
    }

    /** The same, and waits for them; whether all have gone in time. */
    boolean end(long nanos) {
        end();
        long start = System.nanoTime();
        for (Worker worker : workers) {
            while (!worker.isOut()) {
                if (System.nanoTime() - start > nanos || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                worker.hurry();
                LockSupport.parkNanos(this, SPIN_NANOS);
            }
        }
        return true;
    }
}
