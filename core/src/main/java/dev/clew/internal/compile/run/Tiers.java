package dev.clew.internal.compile.run;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.flight.Flight;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.tune.WarmUp;
import it.unimi.dsi.fastutil.objects.Object2DoubleOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private static final int FEW_RUNS = 2;
    /** What takes so long at the core's peak is worth it from the beginning. */
    private static final double LONG_NANOS = 5_000_000;

    /** The same once there is fast code: of a loop of another length, most kernels are those of the lengths before. */
    private static final long WORTH_A_LOOK_NANOS = 1_000_000;

    /** How long one kernel is tried before it is another one's turn. */
    private static final long TURN_NANOS = 20_000_000;

    /** So many kernels take turns: C2 has something to do while one is tried, and is not asked for more than it can do soon. */
    private static final int TOGETHER = 4;

    /** After so many turns each a kernel lets one more go before it. */
    private static final int TURNS_TOGETHER = 8;

    /** What is slow after so many turns for every kernel stays as it is. */
    private static final int TURNS = 1000;

    private static final long BETWEEN_NANOS = 100_000_000;

    /** How long a kernel that was fast is given to show it again. */
    private static final long SHOW_NANOS = 50_000_000;

    /** Verdicts are looked at again: first after a while, then after some times as long. */
    private static final long LOOK_NANOS = 5_000_000_000L;

    private static final int LONGER = 6;
    private static final int LOOKS = 3;

    private static final AtomicBoolean SAID = new AtomicBoolean();
    /** Whether some generated code is fast by now. */
    private static volatile boolean isSomeFast;

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

    @SuppressWarnings("NonAtomicVolatileUpdate") // Runs in several threads may miss each other.
    private void runNow(MemorySegment memory) {
        RecordList now = instructions;
        if (asked.get()) {
            // Nothing else that happens seldom: when it does, the JVM would throw away what it has compiled of the
            // whole step.
            now.run(memory);
            runs++;
            return;
        }
        if (isWorthIt() && asked.compareAndSet(false, true) && mayBeFast()) {
            WarmUpThread.ask(this, false);
        }
        long start = System.nanoTime();
        now.run(memory);
        spent += System.nanoTime() - start;
        runs++;
    }

    /** A turn on the thread that warms up. */
    void turn() {
        if (isStopped) {
            return;
        }
        Warming now = warming == null ? new Warming() : warming;
        warming = now;
        int before = now.trials.size();
        boolean goesOn = now.turn();
        if (now.trials.size() < before) {
            WarmUpThread.tellAll();
        }
        if (goesOn) {
            WarmUpThread.ask(this, true);
        } else if (now.mayLookAgain()) {
            WarmUpThread.askLater(this, now.nextLook);
        } else {
            warming = null;
        }
    }

    /** On the thread that warms up: takes what has become fast by the trials of others. */
    void takeWhatIsFast() {
        if (warming != null) {
            warming.takeWhatIsFast();
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
        if (Machine.IS_JVM && !Machine.hasVectorApi() && SAID.compareAndSet(false, true)) {
            LOG.log(
                    Level.INFO,
                    "Clew computes without vectors: start java with --add-modules jdk.incubator.vector"
                            + " for the same numbers several times faster");
        }
        return Machine.VECTOR_BITS > 0;
    }

    /** What is left to be warmed up. */
    private final class Warming {
        private final long start = System.nanoTime();
        private final int begun = WarmUpThread.shutDowns();
        private final List<Instruction> vector = makers.stream()
                .map(maker -> maker.make(RecordDraft.Form.VECTOR))
                .toList();
        private final Set<Object> slow = new HashSet<>();
        /** One trial for each code, that of which records take longest first. */
        private final List<Trial> all = dearest();
        /** Those of code that is slow, that of the next turn first. */
        private final List<Trial> trials = new ArrayList<>(
                all.stream().filter(trial -> !WarmUp.isFast(trial)).toList());

        private final Object2IntOpenHashMap<Object> turnsOf = new Object2IntOpenHashMap<>();

        private int most = TURNS * trials.size();
        private long changed;
        private boolean isToChange;
        private boolean isSettled;
        private int turns;
        private int looks;
        /** How many runs there were when all was settled. */
        private int settledAt;

        private long nextLook = LOOK_NANOS;

        Warming() {
            makers = ImmutableList.of();
            trials.forEach(trial -> slow.add(trial.code()));
            change();
        }

        private boolean isGivenUp() {
            return isStopped || WarmUpThread.shutDowns() != begun;
        }

        boolean mayLookAgain() {
            return looks < LOOKS && !isGivenUp();
        }

        /** Tries one kernel that is slow for a while; whether another turn is needed, after those of other tapes. */
        private boolean turn() {
            if (isSettled && runs == settledAt) {
                looks = LOOKS; // Nobody runs it any more.
                return false;
            }
            if (isSettled) {
                lookAgain();
            }
            boolean isTried = false;
            while (!isTried && !trials.isEmpty() && turns < most && !isGivenUp()) {
                Trial trial = trials.removeFirst();
                isTried = !WarmUp.isFast(trial);
                take(trial);
                turns++;
            }
            isSettled = trials.isEmpty() || turns >= most;
            settledAt = runs;
            if (isToChange && (isSettled || System.nanoTime() - changed > BETWEEN_NANOS)) {
                change();
            }
            if (isSettled) {
                LOG.log(
                        Level.DEBUG,
                        () -> "vector form of " + vector.size() + " records after "
                                + (System.nanoTime() - start) / 1_000_000 + " ms; kernels that stay plain: "
                                + trials.size());
            }
            return !isSettled && !isGivenUp();
        }

        private void take(Trial trial) {
            if (WarmUp.isFast(trial, TURN_NANOS)) {
                slow.remove(trial.code());
                isSomeFast = true;
                isToChange = true;
            } else {
                int before = TOGETHER - 1 + turnsOf.addTo(trial.code(), 1) / TURNS_TOGETHER;
                trials.add(Math.min(before, trials.size()), trial);
            }
        }

        /** Takes records back to plain code whose vector code is not fast any more, and tries it again. */
        private void lookAgain() {
            looks++;
            nextLook *= LONGER;
            trials.clear();
            for (Trial trial : all) {
                if (!slow.contains(trial.code()) && !WarmUp.isFastAgain(trial, SHOW_NANOS)) {
                    slow.add(trial.code());
                    trials.addLast(trial);
                    isToChange = true;
                }
            }
            if (isToChange) {
                change();
            }
            most = TURNS * trials.size();
            turns = 0;
        }

        private void takeWhatIsFast() {
            if (trials.removeIf(WarmUp::isFast)) {
                slow.removeIf(
                        code -> all.stream().anyMatch(trial -> trial.code().equals(code) && WarmUp.isFast(trial)));
                change();
            }
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
