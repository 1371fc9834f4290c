package dev.clew.compile;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The two forms of a tape's instructions. The plain form runs from the first call. Vector code takes the JVM some hundred
 * milliseconds to compile, and is slower than plain code until then; so it is warmed up beside the program, on a memory of its
 * own, and takes over when it is faster. Both give the same bits, so nobody sees when.
 */
final class Tiers {
    private static final System.Logger LOG = System.getLogger(Tiers.class.getName());

    /** Only what has taken this long, over several runs, is worth another form. */
    private static final long WORTH_NANOS = 20_000_000;

    private static final int FEW_RUNS = 3;

    /** Larger memories are not made twice: their plans' runs are long enough to warm up by themselves. */
    private static final long MOST_BYTES = 256L << 20;

    private static final long MOST_NANOS = 5_000_000_000L;
    private static final int IN_A_ROW = 5;

    private static final ExecutorService WARM_UP = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "clew-warm-up");
        thread.setDaemon(true);
        return thread;
    });

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private final Compiler.Code code;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile Instructions instructions;
    private volatile long spent;
    private volatile long best = Long.MAX_VALUE;
    private volatile int runs;

    Tiers(Compiler.Code code) {
        this.code = code;
        this.instructions = new Instructions(code.drafts(), Draft.Form.PLAIN);
    }

    void run(MemorySegment memory) {
        Instructions now = instructions;
        if (asked.get()) {
            now.run(memory);
            return;
        }
        if (spent > WORTH_NANOS && runs >= FEW_RUNS && asked.compareAndSet(false, true) && mayBeFast()) {
            MemorySegment given = copy(memory);
            WARM_UP.execute(() -> {
                try {
                    warmUp(given);
                } catch (RuntimeException | Error error) {
                    // The plain form goes on, and gives the same bits.
                    LOG.log(Level.WARNING, "no vector form of a plan; it stays slower than it could be", error);
                }
            });
        }
        long start = System.nanoTime();
        now.run(memory);
        watch(System.nanoTime() - start);
    }

    /** How long each record took in the form that runs now; empty before the first run. */
    long[] nanos() {
        return instructions.nanos();
    }

    /** Whether there is another form; if not, says once what to do about it. */
    private static boolean mayBeFast() {
        boolean isThere = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!isThere && SAID.compareAndSet(false, true)) {
            LOG.log(
                    Level.INFO,
                    "Clew computes without vectors: start java with --add-modules jdk.incubator.vector"
                            + " for the same numbers several times faster");
        }
        return isThere;
    }

    private MemorySegment copy(MemorySegment memory) {
        MemorySegment own = Arena.ofAuto().allocate(code.bytes() > MOST_BYTES ? 64 : code.bytes(), 64);
        MemorySegment.copy(memory, 0, own, 0, own.byteSize());
        return own;
    }

    /** Counts approximately: runs in several threads may miss each other. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void watch(long nanos) {
        spent += nanos;
        runs++;
        best = Math.min(best, nanos);
    }

    /** Every run begins with the leaves as they were given: runs put other things in their place. */
    private void warmUp(MemorySegment given) {
        Instructions vector = new Instructions(code.drafts(), Draft.Form.VECTOR);
        MemorySegment own = copy(given);
        long start = System.nanoTime();
        int faster = 0;
        int warm = 0;
        while (own.byteSize() == code.bytes() && faster < IN_A_ROW && System.nanoTime() - start < MOST_NANOS) {
            MemorySegment.copy(given, 0, own, 0, own.byteSize());
            long before = System.nanoTime();
            vector.run(own);
            faster = System.nanoTime() - before < best ? faster + 1 : 0;
            warm++;
        }
        instructions = vector;
        int count = warm;
        LOG.log(
                Level.DEBUG,
                () -> "vector form of " + vector.size() + " records after " + count + " runs, "
                        + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
}
