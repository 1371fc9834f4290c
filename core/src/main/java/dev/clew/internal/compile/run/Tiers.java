package dev.clew.internal.compile.run;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.flight.Flight;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.tune.WarmUp;
import it.unimi.dsi.fastutil.objects.Object2DoubleOpenHashMap;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The two forms of a tape's records. The plain form runs from the first call. Vector code takes the JVM some hundred milliseconds to
 * compile, and is slower than plain code until then; so it is warmed up beside the program, kernel by kernel, the dearest first, and
 * records take their vector form when it is fast. Both give the same bits, so nobody sees when.
 */
public final class Tiers {
    private static final System.Logger LOG = System.getLogger(Tiers.class.getName());

    /** Only what has taken this long, over several runs, is worth another form. */
    private static final long WORTH_NANOS = 20_000_000;

    private static final int FEW_RUNS = 3;
    /** What takes so long at the core's peak is worth it from the beginning. */
    private static final double LONG_NANOS = 5_000_000;

    /** How long one kernel is tried before it is another one's turn. */
    private static final long TURN_NANOS = 500_000_000;

    /** What is slow after so many turns stays as it is. */
    private static final int TURNS = 40;

    private static final long BETWEEN_NANOS = 100_000_000;
    private static final long POLL_NANOS = 500_000;

    /** How long the thread that warms up waits for more, before it ends. */
    private static final long IDLE_SECONDS = 10;

    private static final ThreadPoolExecutor WARM_UP =
            new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = Thread.ofPlatform()
                        .daemon()
                        .name("clew-warm-up")
                        .inheritInheritableThreadLocals(false)
                        .unstarted(task);
                thread.setContextClassLoader(null);
                return thread;
            });

    static {
        WARM_UP.allowCoreThreadTimeOut(true);
    }

    /** Goes up when all warming is given up. */
    private static volatile int shutDowns;

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private final List<Instruction> plain;
    private final double[] nanos;
    /** To make vector forms of; nothing once they are made, or never will be. */
    private volatile ImmutableList<RecordDraft.Maker> makers;

    /** Only of the thread that warms up. */
    private @Nullable Warming warming;

    private volatile boolean isStopped;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile RecordList instructions;
    private volatile int vectors;
    /** Of the last records that ran, while those that came after them have not. */
    private volatile long[] measured = new long[0];

    private volatile long spent;
    private volatile int runs;

    /** Of drafts, and the records in their plain form. */
    Tiers(List<RecordDraft> drafts, List<Instruction> plain) {
        this.makers = drafts.stream().map(RecordDraft::maker).collect(toImmutableList());
        this.plain = plain;
        this.nanos = RecordList.nanos(drafts);
        this.instructions = new RecordList(plain, nanos);
    }

    void run(MemorySegment memory) {
        Flight.Running event = Flight.running();
        if (event == null) {
            runNow(memory);
            return;
        }
        try {
            runNow(memory);
        } finally {
            event.end(nanos.length, vectors);
        }
    }

    private void runNow(MemorySegment memory) {
        RecordList now = instructions;
        if (asked.get()) {
            now.run(memory);
            return;
        }
        if (isWorthIt() && asked.compareAndSet(false, true) && mayBeFast()) {
            turnLater();
        }
        long start = System.nanoTime();
        now.run(memory);
        watch(System.nanoTime() - start);
    }

    /** Queued, it holds nothing: who drops a tape drops what waits to be warmed up too. */
    private void turnLater() {
        WeakReference<Tiers> waiting = new WeakReference<>(this);
        execute(() -> {
            Tiers tiers = waiting.get();
            if (tiers != null && !tiers.isStopped) {
                tiers.turn();
            }
        });
    }

    private void turn() {
        Warming now = warming == null ? new Warming() : warming;
        warming = now.turn() ? now : null;
        if (warming != null) {
            turnLater();
        }
    }

    /** Nobody runs it any more. */
    void stop() {
        isStopped = true;
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
        WARM_UP.getQueue().clear();
        WARM_UP.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
        try {
            while (WARM_UP.getPoolSize() > 0) {
                if (System.nanoTime() - start > nanos || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            return true;
        } finally {
            WARM_UP.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** How long each record took in the form that runs now; empty before the first run. */
    long[] nanos() {
        long[] now = instructions.nanos();
        return now.length == 0 ? measured.clone() : now;
    }

    /** How many records run as vector code. */
    public int vectors() {
        return vectors;
    }

    /** How many of some records are vector code. */
    public static int vectors(List<Instruction> records) {
        return (int)
                records.stream().filter(record -> !record.trials().isEmpty()).count();
    }

    private boolean isWorthIt() {
        if (runs > 0) {
            return runs >= FEW_RUNS && spent > WORTH_NANOS;
        }
        double sum = 0;
        for (double each : nanos) {
            sum += each;
        }
        return sum > LONG_NANOS;
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

    /** Counts approximately: runs in several threads may miss each other. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void watch(long took) {
        spent += took;
        runs++;
    }

    private static void execute(Runnable turn) {
        WARM_UP.execute(() -> {
            try {
                turn.run();
            } catch (RuntimeException | Error error) {
                // Records stay as they are, and give the same bits.
                LOG.log(Level.WARNING, "no vector form of a plan; it stays slower than it could be", error);
            }
        });
    }

    /** What is left to be warmed up. */
    private final class Warming {
        private final long start = System.nanoTime();
        private final List<Instruction> vector = makers.stream()
                .map(maker -> maker.make(RecordDraft.Form.VECTOR))
                .toList();
        private final Set<Object> slow = new HashSet<>();
        private List<Trial> trials = dearest();
        private final int begun = shutDowns;
        private long changed;
        private int turns;

        Warming() {
            makers = ImmutableList.of();
            trials.forEach(trial -> slow.add(trial.code()));
            change();
        }

        /** Tries every kernel that is slow for a while; whether it needs another turn, after those of other tapes. */
        private boolean turn() {
            for (Trial trial : trials) {
                if (isStopped || shutDowns != begun) {
                    return false;
                }
                if (WarmUp.isFast(trial, TURN_NANOS)) {
                    slow.remove(trial.code());
                    if (System.nanoTime() - changed > BETWEEN_NANOS) {
                        change();
                    }
                }
            }
            change();
            trials =
                    trials.stream().filter(trial -> slow.contains(trial.code())).toList();
            turns++;
            if (!trials.isEmpty() && turns < TURNS) {
                return true;
            }
            LOG.log(
                    Level.DEBUG,
                    () -> "vector form of " + vector.size() + " records after "
                            + (System.nanoTime() - start) / 1_000_000 + " ms; kernels that stay plain: "
                            + trials.size());
            return false;
        }

        /** One trial for each code that is slow, that of which records take longest first. */
        private List<Trial> dearest() {
            Map<Object, Trial> first = new LinkedHashMap<>();
            Object2DoubleOpenHashMap<Object> times = new Object2DoubleOpenHashMap<>();
            for (int i = 0; i < nanos.length; i++) {
                for (Trial trial : vector.get(i).trials()) {
                    first.putIfAbsent(trial.code(), trial);
                    times.addTo(trial.code(), nanos[i]);
                }
            }
            return first.values().stream()
                    .filter(trial -> !WarmUp.isFast(trial))
                    .sorted(Comparator.comparingDouble((Trial trial) -> -times.getDouble(trial.code())))
                    .toList();
        }

        private void change() {
            long[] before = instructions.nanos();
            measured = before.length == 0 ? measured : before;
            List<Instruction> mixed = mixed(plain, vector, slow);
            instructions = new RecordList(mixed, nanos);
            vectors = vectors(mixed);
            changed = System.nanoTime();
        }
    }

    /** Every record in its vector form but those that need slow code. A product needs that of its packing too. */
    public static List<Instruction> mixed(List<Instruction> plain, List<Instruction> vector, Set<Object> slow) {
        List<Instruction> mixed = new ArrayList<>(plain);
        for (int i = 0; i < mixed.size(); i++) {
            if (vector.get(i).trials().stream().noneMatch(trial -> slow.contains(trial.code()))) {
                mixed.set(i, vector.get(i));
            }
        }
        return mixed;
    }
}
