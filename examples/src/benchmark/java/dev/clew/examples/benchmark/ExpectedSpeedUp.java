package dev.clew.examples.benchmark;

import dev.clew.array.NDArray;
import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.Model;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.run.RecordList;
import dev.clew.internal.compile.run.StepProgram;
import dev.clew.internal.runtime.Divided;
import dev.clew.internal.runtime.Groups;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.SharedInstruction;
import dev.clew.internal.runtime.Split;
import dev.clew.internal.runtime.Workers;
import dev.clew.internal.tensor.StepFormulas;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import it.unimi.dsi.fastutil.objects.Reference2DoubleMap;
import it.unimi.dsi.fastutil.objects.Reference2DoubleOpenHashMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How much faster training steps should be on many cores, on paper: the records of a plan are timed on one thread, and put together
 * and cut as they would be for so many. A group takes as long as its longest part, and as handing it over and waiting for all; what is not cut,
 * and what a step does around its records, stays as long as it is. Handing over to one thread is measured here. That every further
 * one costs as much again as a line of memory that comes from another core is assumed, and that cores do not share what they read from memory,
 * so the figures are bounds rather than promises.
 */
@Command(
        name = "expected-speed-up",
        mixinStandardHelpOptions = true,
        description = "What many cores should make of training steps, from records timed on one.")
public final class ExpectedSpeedUp implements Callable<Integer> {
    private static final int ROUNDS = 200_000;
    private static final long NOBODY = -1;
    private static final int SPINS = 200;

    @Mixin
    private Choice choice = new Choice();

    @Option(names = "--cores", split = ",", defaultValue = "2,4,8,16,64", description = "default: ${DEFAULT-VALUE}")
    private List<Integer> cores = List.of();

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "of steps, timed and not; default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(
            names = "--per-core",
            defaultValue = "0.1",
            description = "microseconds that handing over costs more for every further core; default: ${DEFAULT-VALUE}")
    private double perCore;

    @Option(
            names = "--hand-over",
            defaultValue = "0",
            description = "microseconds that handing over to one thread takes; default: what is measured here")
    private double handsOver;

    @Option(
            names = "--of-peak",
            defaultValue = "0",
            description = "time nothing: records take what they would at the core's peak, divided by this")
    private double ofPeak;

    private ExpectedSpeedUp() {}

    /** Prints a table. */
    public static void main(String[] args) {
        Choice.run(new ExpectedSpeedUp(), args);
    }

    @Override
    public Integer call() {
        double handOver = handsOver > 0 ? handsOver * 1e3 : handOver();
        System.out.printf(
                Locale.ROOT,
                "handing over to one thread and waiting for it: %.2f us; to every further one: %.2f us%n",
                handOver / 1e3,
                perCore);
        Table table = new Table("job", "cores", "ms", "of it whole", "handed over", "speed-up");
        for (Job job : choice.jobs()) {
            Timed timed = Timed.of(job, seconds, ofPeak);
            for (int count : cores) {
                timed.report(job, count, handOver, perCore * 1e3, table);
            }
        }
        System.out.println(choice.print(table));
        return 0;
    }

    /**
     * What an empty task takes, in nanoseconds, whose second part another thread does, and which is awake: of those times the one that
     * nine of ten exceed, since on a busy machine the others tell of what else it does.
     */
    private static double handOver() {
        Workers.use(2, null);
        long[] times = new long[ROUNDS];
        AtomicLong other = new AtomicLong();
        int count = 0;
        for (int i = 0; i < ROUNDS; i++) {
            other.set(NOBODY);
            long start = System.nanoTime();
            Workers.run((memory, part, parts) -> meet(other, part), MemorySegment.NULL, 2);
            if (other.get() != NOBODY && other.get() != Thread.currentThread().threadId()) {
                times[count++] = System.nanoTime() - start;
            }
        }
        Workers.use(1, null);
        Arrays.sort(times, 0, count);
        return count == 0 ? Double.NaN : times[count / 10];
    }

    /** The caller gives the other thread a moment to come. */
    private static void meet(AtomicLong other, int part) {
        if (part == 1) {
            other.set(Thread.currentThread().threadId());
        }
        for (int spin = 0; part == 0 && other.get() == NOBODY && spin < SPINS; spin++) {
            Thread.onSpinWait();
        }
    }

    /**
     * A step whose records have been timed.
     *
     * @param records in the form that is run in the long run
     * @param estimates how long each would take at the core's peak, by which they are grouped
     * @param nanos how long each took
     * @param around what it takes to put new parameters in their places
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Timed(List<Instruction> records, double[] estimates, double[] nanos, double around) {
        static Timed of(Job job, double seconds, double ofPeak) {
            StepProgram step = step(job);
            BitSet staying = step.staying(_ -> true);
            CompiledProgram code = Compiler.compile(step.capture().program(), Compiler.ALL, step.updates(), staying);
            List<RecordDraft> commits = code.emitted().training().commits();
            List<Instruction> records = RecordDraft.made(code.drafts(), RecordDraft.Form.VECTOR);
            double[] estimates = RecordList.nanos(code.drafts());
            if (ofPeak > 0) {
                double[] nanos = scaled(estimates, 1 / ofPeak);
                return new Timed(
                        records,
                        estimates,
                        nanos,
                        Arrays.stream(RecordList.nanos(commits)).sum() / ofPeak);
            }
            double[] nanos = new double[records.size()];
            double[] around = new double[commits.size()];
            Arrays.fill(nanos, Double.POSITIVE_INFINITY);
            Arrays.fill(around, Double.POSITIVE_INFINITY);
            List<Instruction> changes = RecordDraft.made(commits, RecordDraft.Form.PLAIN);
            try (Arena arena = Arena.ofShared()) {
                MemorySegment memory = memory(step, code, arena);
                long start = System.nanoTime();
                while (System.nanoTime() - start < seconds * 1e9) {
                    time(records, memory, nanos);
                    time(changes, memory, around);
                }
            }
            return new Timed(records, estimates, nanos, Arrays.stream(around).sum());
        }

        private static double[] scaled(double[] numbers, double factor) {
            return Arrays.stream(numbers).map(number -> number * factor).toArray();
        }

        private static MemorySegment memory(StepProgram step, CompiledProgram code, Arena arena) {
            MemorySegment memory = arena.allocate(code.bytes(), MemoryBlock.ALIGNMENT);
            code.emitted().literals().forEach(literal -> literal.store(memory));
            for (int slot = 0; slot < code.emitted().leaves().size(); slot++) {
                NDArray number = step.capture().leaves().get(slot) instanceof Parameter parameter
                        ? parameter.value()
                        : step.capture().numbers().get(slot);
                for (MemoryView home : code.emitted().leaves().get(slot)) {
                    home.store(number, memory);
                }
            }
            return memory;
        }

        private static void time(List<Instruction> records, MemorySegment memory, double[] best) {
            long before = System.nanoTime();
            for (int i = 0; i < best.length; i++) {
                records.get(i).run(memory);
                long after = System.nanoTime();
                best[i] = Math.min(best[i], (double) (after - before));
                before = after;
            }
        }

        private static StepProgram step(Job job) {
            Model model = job.model();
            Tensor loss = model.loss();
            Gradients gradients = Gradients.of(loss);
            Map<Parameter, Tensor> updates = new LinkedHashMap<>();
            for (Parameter parameter : Parameters.named(model).values()) {
                updates.put(parameter, parameter.minus(gradients.wrt(parameter).times(job.rate())));
            }
            return StepProgram.of("speed-up", new StepFormulas(List.of(loss), List.of(), updates));
        }

        void report(Job job, int cores, double handOver, double perCore, Table table) {
            Reference2DoubleMap<Instruction> times = new Reference2DoubleOpenHashMap<>();
            for (int i = 0; i < nanos.length; i++) {
                times.put(records.get(i), nanos[i]);
            }
            double whole = around;
            double shared = 0;
            double handing = 0;
            for (Instruction each : Groups.of(records, estimates, cores)) {
                if (each instanceof SharedInstruction group) {
                    shared += longest(group, times);
                    handing += handOver + (group.parts() - 2) * perCore;
                } else {
                    whole += times.getDouble(each);
                }
            }
            double before = around + Arrays.stream(nanos).sum();
            double after = whole + shared + handing;
            table.row(
                    job.name(),
                    Integer.toString(cores),
                    String.format(Locale.ROOT, "%.2f", after / 1e6),
                    String.format(Locale.ROOT, "%.2f", whole / 1e6),
                    String.format(Locale.ROOT, "%.2f", handing / 1e6),
                    String.format(Locale.ROOT, "%.1f", before / after));
        }

        /** How long the part takes that has most to do. */
        private static double longest(SharedInstruction group, Reference2DoubleMap<Instruction> times) {
            double longest = 0;
            for (int part = 0; part < group.parts(); part++) {
                double time = 0;
                for (Divided record : group.records()) {
                    int pieces = record.pieces();
                    int own = Split.share(pieces, part + 1, group.parts()) - Split.share(pieces, part, group.parts());
                    time += times.getDouble(record) * (double) own / pieces;
                }
                longest = Math.max(longest, time);
            }
            return longest;
        }
    }
}
