package dev.clew.internal.compile.run;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Machine;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
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

    /** Verdicts are looked at again: first after so many seconds, then after so many times as long. */
    private static final int LOOK_SECONDS = 5;

    private static final int LONGER = 6;
    private static final int LOOKS = 3;
    /** How long a kernel that was fast is given to show it again. */
    private static final long LOOK_NANOS = 50_000_000;

    private static final ScheduledExecutorService WARM_UP = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "clew-warm-up");
        thread.setDaemon(true);
        return thread;
    });

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

    private void turnLater() {
        later(0, Tiers::turn);
    }

    /** Queued, it holds nothing: who drops a tape drops what waits to be warmed up too. */
    private void later(int seconds, Consumer<Tiers> task) {
        WeakReference<Tiers> waiting = new WeakReference<>(this);
        WARM_UP.schedule(
                () -> {
                    Tiers tiers = waiting.get();
                    if (tiers != null && !tiers.isStopped) {
                        guarded(() -> task.accept(tiers));
                    }
                },
                seconds,
                TimeUnit.SECONDS);
    }

    private void turn() {
        Warming now = warming == null ? new Warming() : warming;
        warming = now;
        if (now.turn()) {
            turnLater();
        } else {
            lookLater(now);
        }
    }

    private void lookLater(Warming now) {
        if (now.looks < LOOKS) {
            later(now.nextLook, Tiers::look);
        } else {
            warming = null;
        }
    }

    /** Whether all that was fast still is. */
    private void look() {
        Warming now = warming;
        if (now != null && now.hasSlowedDown()) {
            turnLater();
        } else if (now != null) {
            lookLater(now);
        }
    }

    /** Nobody runs it any more. */
    void stop() {
        isStopped = true;
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
        if (Machine.IS_JVM && !Machine.hasVectorApi() && SAID.compareAndSet(false, true)) {
            LOG.log(
                    Level.INFO,
                    "Clew computes without vectors: start java with --add-modules jdk.incubator.vector"
                            + " for the same numbers several times faster");
        }
        return Machine.VECTOR_BITS > 0;
    }

    /** Counts approximately: runs in several threads may miss each other. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void watch(long took) {
        spent += took;
        runs++;
    }

    private static void guarded(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | Error error) {
            // Records stay as they are, and give the same bits.
            LOG.log(Level.WARNING, "no vector form of a plan; it stays slower than it could be", error);
        }
    }

    /** What is left to be warmed up. */
    private final class Warming {
        private final long start = System.nanoTime();
        private final List<Instruction> vector = makers.stream()
                .map(maker -> maker.make(RecordDraft.Form.VECTOR))
                .toList();
        private final Set<Object> slow = new HashSet<>();
        /** One trial for each code, that of which records take longest first. */
        private final List<Trial> all = dearest();
        /** Those of code that is slow. */
        private List<Trial> trials =
                all.stream().filter(trial -> !WarmUp.isFast(trial)).toList();

        private long changed;
        private int turns;
        private int looks;
        private int nextLook = LOOK_SECONDS;

        Warming() {
            makers = ImmutableList.of();
            trials.forEach(trial -> slow.add(trial.code()));
            change();
        }

        /** Takes those records back to plain code whose vector code is not fast any more; whether there are some. */
        private boolean hasSlowedDown() {
            looks++;
            nextLook *= LONGER;
            trials = all.stream()
                    .filter(trial -> !slow.contains(trial.code()) && !WarmUp.isFastAgain(trial, LOOK_NANOS))
                    .toList();
            trials.forEach(trial -> slow.add(trial.code()));
            turns = 0;
            if (!trials.isEmpty()) {
                change();
            }
            return !trials.isEmpty();
        }

        /** Tries every kernel that is slow for a while; whether it needs another turn, after those of other tapes. */
        private boolean turn() {
            for (Trial trial : trials) {
                if (isStopped) {
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
