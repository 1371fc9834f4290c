package dev.clew.plan;

import dev.clew.internal.array.Present;
import dev.clew.internal.compile.run.WarmUpThread;
import dev.clew.internal.runtime.Workers;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The threads that compute. Nobody needs to say anything: large products and loops are shared among as many threads as the JVM may use
 * processors, in a container as many as that has, and the results are the same to the bit for any number of them.
 * {@code -Dclew.threads=4} sets another number.
 *
 * <p>The thread that asks for values or runs a plan is always one of them. The others are daemons of the library, {@code
 * clew-worker-1} and so on, which are started when they are first needed, sleep when there is nothing to do and end after ten seconds of
 * it; or they come from an {@code Executor} of yours:
 *
 * {@snippet lang=java :
 * Threads.use(8, pool); // seven of the pool's, at most, and whoever asks
 * Threads.use(8); // the library's own again
 * Threads.shutDown(Duration.ofSeconds(5)); // when the application that holds the library is stopped
 * }
 *
 * <p>Runs that are under way at once share the threads evenly. Work is dealt out beforehand, but nobody waits for a thread that has
 * not begun: the caller does that part too. So a pool that is full, refuses or is closed makes a run slower, and never wrong or stuck;
 * and callers may be virtual threads. A plan is cut for as many threads as there are when it is compiled; with fewer, each does more of its parts.
 */
public final class Threads {
    private Threads() {}

    /**
     * How many threads compute at most, the one that asks included.
     *
     * @throws IllegalArgumentException if {@code -Dclew.threads} is no number above 0
     */
    public static int count() {
        return Workers.threads();
    }

    /** Whether vector code is being warmed up beside the program, so that plans may still become faster. */
    public static boolean areWarmingUp() {
        return WarmUpThread.isBusy();
    }

    /**
     * Computes with so many threads from now on, the one that asks and daemons of the library; runs that are under way are finished
     * by the threads that they have.
     *
     * @param count 1 or more; more than there are processors makes nothing faster
     */
    public static void use(int count) {
        Workers.use(count, null);
    }

    /**
     * The same with threads of an executor. It is handed at most {@code count − 1} tasks at a time, whenever there is work and none of
     * them is under way; each ends when there has been nothing to do for some 20 ms, or at an interrupt. The executor stays the
     * caller's: it is not closed here, and may be closed at any time.
     *
     * @param count how many threads compute at most, the one that asks included
     * @param executor may have fewer threads; what they do not do, whoever asks does
     */
    public static void use(int count, Executor executor) {
        Present.require("Threads.use", executor);
        Workers.use(count, executor);
    }

    /**
     * Ends all threads of the library and waits for them, so that its classes can be unloaded: for the end of an application that
     * is loaded by a class loader of its own, on a server or after a redeploy. Parts that are being computed are finished before.
     *
     * <p>It is no error to compute afterwards: whoever asks then computes alone, until {@link #use} says otherwise. Plans whose fast
     * code was not ready stay as they are.
     *
     * @param most how long to wait
     * @return whether all have ended; an interrupt ends the waiting
     */
    public static boolean shutDown(Duration most) {
        Present.require("Threads.shutDown", most);
        long start = System.nanoTime();
        boolean haveEnded = Workers.shutDown(most.toNanos());
        return WarmUpThread.shutDown(most.toNanos() - (System.nanoTime() - start)) && haveEnded;
    }
}
