package dev.clew.internal.compile.run;

import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that warms up, and who waits for it. Who comes for the first time need not wait for those who try again: perhaps all that it
 * needs is fast already. The thread ends when nobody has come for a while, and begins again.
 */
public final class WarmUpThread {
    private static final System.Logger LOG = System.getLogger(WarmUpThread.class.getName());

    private static final long IDLE_SECONDS = 10;
    private static final long POLL_NANOS = 500_000;

    private static final PriorityBlockingQueue<Runnable> WAITING = new PriorityBlockingQueue<>();
    private static final ThreadPoolExecutor EXECUTOR =
            new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, WAITING, thread("clew-warm-up"));

    /** Its thread waits for as long as somebody wants to be asked for later. */
    private static final ScheduledThreadPoolExecutor LATER =
            new ScheduledThreadPoolExecutor(1, thread("clew-warm-up-later"));

    static {
        EXECUTOR.allowCoreThreadTimeOut(true);
        LATER.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        LATER.allowCoreThreadTimeOut(true);
    }

    private static final AtomicLong ASKED = new AtomicLong();
    /** Goes up when all warming is given up. */
    private static volatile int shutDowns;

    private WarmUpThread() {}

    private static ThreadFactory thread(String name) {
        return task -> {
            Thread thread = Thread.ofPlatform()
                    .daemon()
                    .name(name)
                    .inheritInheritableThreadLocals(false)
                    .unstarted(task);
            thread.setContextClassLoader(null);
            return thread;
        };
    }

    /** Lets a tape have a turn. Queued, it holds nothing: who drops a tape drops what waits to be warmed up too. */
    static void ask(Tiers tiers, boolean isAgain) {
        EXECUTOR.execute(new Turn(new WeakReference<>(tiers), isAgain, ASKED.getAndIncrement()));
    }

    /** Lets a tape have a turn after some nanoseconds, if there is still one. */
    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for it.
    static void askLater(Tiers tiers, long nanos) {
        LATER.schedule(new Later(new WeakReference<>(tiers)), nanos, TimeUnit.NANOSECONDS);
    }

    private record Later(WeakReference<Tiers> waiting) implements Runnable {
        @Override
        public void run() {
            Tiers tiers = waiting.get();
            if (tiers != null) {
                ask(tiers, true);
            }
        }
    }

    /** Something has become fast: all who wait take it at once, and not when it is their turn. Called by the thread. */
    static void tellAll() {
        WAITING.forEach(turn -> {
            Tiers tiers = ((Turn) turn).waiting.get();
            if (tiers != null) {
                tiers.takeWhatIsFast();
            }
        });
    }

    /** Whether something is being warmed up, or waits for it. */
    public static boolean isBusy() {
        return EXECUTOR.getActiveCount() > 0 || !WAITING.isEmpty();
    }

    /** A number that changes when all warming is given up. */
    static int shutDowns() {
        return shutDowns;
    }

    /** What a tape waits for: those that come for the first time before the others, each in the order in which they came. */
    private record Turn(WeakReference<Tiers> waiting, boolean isAgain, long number)
            implements Runnable, Comparable<Turn> {
        @Override
        public void run() {
            Tiers tiers = waiting.get();
            try {
                if (tiers != null) {
                    tiers.turn();
                }
            } catch (RuntimeException | Error error) {
                // Records stay as they are, and give the same bits.
                LOG.log(Level.WARNING, "no vector form of a plan; it stays slower than it could be", error);
            }
        }

        @Override
        public int compareTo(Turn other) {
            int times = Boolean.compare(isAgain, other.isAgain);
            return times != 0 ? times : Long.compare(number, other.number);
        }
    }

    /**
     * Gives up all that is being warmed up, and ends the thread that does it; plans stay in the form that they have.
     *
     * @return whether it has ended within some nanoseconds
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Of two at once, one is enough.
    public static boolean shutDown(long nanos) {
        long start = System.nanoTime();
        shutDowns++;
        LATER.getQueue().clear();
        LATER.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
        WAITING.clear();
        EXECUTOR.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
        try {
            while (EXECUTOR.getPoolSize() + LATER.getPoolSize() > 0) {
                if (System.nanoTime() - start > nanos || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            return true;
        } finally {
            EXECUTOR.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            LATER.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
