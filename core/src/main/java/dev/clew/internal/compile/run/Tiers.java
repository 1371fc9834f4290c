package dev.clew.internal.compile.run;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.tune.WarmUp;
import it.unimi.dsi.fastutil.objects.Object2DoubleOpenHashMap;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
    /** The same once there is fast code: of a loop of another length, most kernels are those of the lengths before. */
    private static final long WORTH_A_LOOK_NANOS = 1_000_000;

    /** What takes so long at the core's peak is worth it from the beginning. */
    private static final double LONG_NANOS = 5_000_000;

    /** How long one kernel is tried before it is another one's turn. */
    private static final long TURN_NANOS = 500_000_000;

    /** What is slow after so many turns for every kernel stays as it is. */
    private static final int TURNS = 40;

    private static final long BETWEEN_NANOS = 100_000_000;

    /** Who comes for the first time need not wait for those who try again: perhaps all that it needs is fast already. */
    private static final PriorityBlockingQueue<Runnable> TURNS_TO_COME = new PriorityBlockingQueue<>();

    private static final ExecutorService WARM_UP =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, TURNS_TO_COME, task -> {
                Thread thread = new Thread(task, "clew-warm-up");
                thread.setDaemon(true);
                return thread;
            });

    private static final AtomicLong ASKED = new AtomicLong();
    /** Whether some generated code is fast by now. */
    private static volatile boolean isSomeFast;

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

    /** Queued, it holds nothing: who drops a tape drops what waits to be warmed up too. */
    private void turnLater() {
        WeakReference<Tiers> waiting = new WeakReference<>(this);
        WARM_UP.execute(new Turn(waiting, warming != null, ASKED.getAndIncrement()));
    }

    /** What a tape waits for: those that come for the first time before the others, each in the order in which they came. */
    private record Turn(WeakReference<Tiers> waiting, boolean isAgain, long number)
            implements Runnable, Comparable<Turn> {
        @Override
        public void run() {
            Tiers tiers = waiting.get();
            if (tiers != null && !tiers.isStopped) {
                tiers.turn();
            }
        }

        /** Something has become fast: the tape takes it at once, and not when it is its turn. */
        void look() {
            Tiers tiers = waiting.get();
            if (tiers != null && tiers.warming != null) {
                tiers.warming.look();
            }
        }

        @Override
        public int compareTo(Turn other) {
            int times = Boolean.compare(isAgain, other.isAgain);
            return times != 0 ? times : Long.compare(number, other.number);
        }
    }

    private void turn() {
        try {
            Warming now = warming == null ? new Warming() : warming;
            int before = now.trials.size();
            warming = now.turn() ? now : null;
            if (now.trials.size() < before) {
                TURNS_TO_COME.forEach(turn -> ((Turn) turn).look());
            }
            if (warming != null) {
                turnLater();
            }
        } catch (RuntimeException | Error error) {
            // Records stay as they are, and give the same bits.
            LOG.log(Level.WARNING, "no vector form of a plan; it stays slower than it could be", error);
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
            return (isSomeFast && spent > WORTH_A_LOOK_NANOS) || (runs >= FEW_RUNS && spent > WORTH_NANOS);
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

    /** What is left to be warmed up. */
    private final class Warming {
        private final long start = System.nanoTime();
        private final List<Instruction> vector = makers.stream()
                .map(maker -> maker.make(RecordDraft.Form.VECTOR))
                .toList();
        private final Set<Object> slow = new HashSet<>();
        /** That of the next turn first. */
        private final ArrayDeque<Trial> trials = new ArrayDeque<>(dearest());

        private final int most = TURNS * trials.size();
        private long changed;
        private boolean isToChange;
        private int turns;

        Warming() {
            makers = ImmutableList.of();
            trials.forEach(trial -> slow.add(trial.code()));
            change();
        }

        /** Tries one kernel that is slow for a while; whether another turn is needed, after those of other tapes. */
        private boolean turn() {
            boolean isTried = false;
            while (!isTried && !trials.isEmpty() && turns < most && !isStopped) {
                Trial trial = trials.removeFirst();
                isTried = !WarmUp.isFast(trial);
                if (WarmUp.isFast(trial, TURN_NANOS)) {
                    slow.remove(trial.code());
                    isSomeFast = true;
                    isToChange = true;
                } else {
                    trials.addLast(trial);
                }
                turns++;
            }
            boolean isDone = trials.isEmpty() || turns == most;
            if (isToChange && (isDone || System.nanoTime() - changed > BETWEEN_NANOS)) {
                change();
            }
            if (isDone) {
                LOG.log(
                        Level.DEBUG,
                        () -> "vector form of " + vector.size() + " records after "
                                + (System.nanoTime() - start) / 1_000_000 + " ms; kernels that stay plain: "
                                + trials.size());
            }
            return !isDone && !isStopped;
        }

        /** Takes what has become fast by the trials of others. */
        private void look() {
            int before = trials.size();
            trials.removeIf(WarmUp::isFast);
            if (trials.size() < before) {
                slow.clear();
                trials.forEach(trial -> slow.add(trial.code()));
                change();
            }
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
            isToChange = false;
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
