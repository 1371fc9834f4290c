package dev.clew.examples.benchmark;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.examples.Progress;
import dev.clew.examples.benchmark.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The time of training steps. The engines take turns in one run, a short block of steps each, so that what changes in the machine
 * changes for all.
 *
 * <p>A table says for every job and engine: milliseconds per step, as the mean of the fastest tenth and the median; how many times
 * the first engine's time that is; and what of the core's peak, measured in the same run, the products come to.
 */
@Command(
        name = "benchmarks",
        mixinStandardHelpOptions = true,
        description = "Times training steps of engines that take turns.")
public final class Benchmarks implements Callable<Integer> {
    /** This project by hand and by its layers, with one plan and with the loop run in every step. */
    public static final ImmutableMap<String, IntFunction<Engine>> CLEW = ImmutableMap.of(
            "clew",
            ClewEngine::planned,
            "clew-rebuilt",
            ClewEngine::rebuilt,
            "clew-by-hand",
            ClewEngine::byHandPlanned,
            "clew-by-hand-rebuilt",
            ClewEngine::byHandRebuilt);

    private static final double BLOCK = 0.2e9;

    private final Map<String, IntFunction<Engine>> all;
    private final Map<DType, Double> peaks = new EnumMap<>(DType.class);

    @Mixin
    private Choice choice = new Choice();

    @Option(
            names = "--seconds",
            description = "for every job and engine; default: ${DEFAULT-VALUE}",
            defaultValue = "8")
    private double seconds;

    @Option(
            names = "--warm-up",
            description = "seconds that are not counted; default: ${DEFAULT-VALUE}",
            defaultValue = "4")
    private double warmUp;

    @Option(names = "--explain", description = "print where the time of the steps went, if an engine can tell")
    private boolean explains;

    private Benchmarks(Map<String, IntFunction<Engine>> all) {
        this.all = all;
    }

    /** This project alone. */
    public static void main(String[] args) {
        run(CLEW, args);
    }

    /** Several engines by name, made with a number of threads; the first is what the others are compared with. */
    public static void run(Map<String, IntFunction<Engine>> engines, String... args) {
        Choice.run(new Benchmarks(engines), args);
    }

    @Override
    public Integer call() throws IOException {
        List<Job> jobs = choice.jobs();
        List<Engine> engines = choice.engines(all);
        System.out.println(machine());
        engines.forEach(engine -> System.out.println(engine.name() + ": " + engine.version()));
        System.out.println();
        Table table = new Table(
                "job",
                "engine",
                "ms",
                "median ms",
                "steps",
                "x " + engines.getFirst().name(),
                "GFLOP/s",
                "of peak",
                "bytes a step");
        try (Progress progress = new Progress("benchmarks", jobs.size() * engines.size())) {
            for (Job job : jobs) {
                Map<Engine, Turn> turns = take(job, engines, progress);
                report(job, engines, turns, table);
            }
        }
        System.out.println(choice.print(table));
        System.out.println();
        System.out.println(peaks.entrySet().stream()
                .map(peak -> String.format(Locale.ROOT, "%s %.1f GFLOP/s", peak.getKey(), peak.getValue()))
                .collect(Collectors.joining(", ", "Peak of one core, in fused multiply-adds: ", "")));
        return 0;
    }

    private static String machine() throws IOException {
        Path processors = Path.of("/proc/cpuinfo");
        String model = !Files.exists(processors)
                ? ""
                : Files.readAllLines(processors).stream()
                        .filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line ->
                                ", " + line.substring(line.indexOf(':') + 1).strip())
                        .orElse("");
        Runtime.Version java = Runtime.version();
        return System.getProperty("java.vm.name") + " " + java + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " processors"
                + model;
    }

    /** An engine at a job. */
    private record Turn(Trainer trainer, Lot lot) {
        /** Steps for a time, but at least one. */
        void block(double nanoseconds, Lot times) {
            long start = System.nanoTime();
            long before = start;
            do {
                trainer.step();
                long now = System.nanoTime();
                times.add((now - before) / 1e6);
                before = now;
            } while (before - start < nanoseconds);
        }
    }

    private Map<Engine, Turn> take(Job job, List<Engine> engines, Progress progress) {
        Map<Engine, Turn> all = new LinkedHashMap<>();
        for (Engine engine : engines) {
            if (engine.has(job)) {
                Turn turn = new Turn(engine.train(job), new Lot());
                turn.block(warmUp * 1e9, new Lot());
                all.put(engine, turn);
            }
            progress.step(() -> job.name() + " " + engine.name());
        }
        List<Turn> turns = List.copyOf(all.values());
        double[] spent = new double[turns.size()];
        boolean running = true;
        while (running) {
            running = false;
            for (int i = 0; i < spent.length; i++) {
                if (spent[i] < seconds * 1e9) {
                    long start = System.nanoTime();
                    turns.get(i).block(BLOCK, turns.get(i).lot());
                    spent[i] += System.nanoTime() - start;
                    running = true;
                }
            }
            peaks.merge(job.dtype(), FmaPeak.gigaflops(job.dtype()), Math::max);
        }
        all.forEach((engine, turn) -> {
            turn.lot().allocated(HeapBytes.perStep(turn.trainer(), BLOCK));
            if (explains) {
                System.out.println(
                        job.name() + " " + engine.name() + "\n" + turn.trainer().explain());
            }
            turn.trainer().close();
        });
        return all;
    }

    private void report(Job job, List<Engine> engines, Map<Engine, Turn> turns, Table table) {
        Turn first = turns.get(engines.getFirst());
        double peak = peaks.getOrDefault(job.dtype(), Double.NaN);
        for (Engine engine : engines) {
            String name = job.name() + " " + job.sizes();
            Turn turn = turns.get(engine);
            if (turn == null) {
                table.dashes(name, engine.name());
                continue;
            }
            double best = turn.lot().bestTenth();
            double rate = job.flops() / best / 1e6;
            table.row(
                    name,
                    engine.name(),
                    significant(best),
                    significant(turn.lot().median()),
                    Integer.toString(turn.lot().size()),
                    first == null
                            ? "-"
                            : String.format(
                                    Locale.ROOT, "%.2f", best / first.lot().bestTenth()),
                    String.format(Locale.ROOT, "%.1f", rate),
                    String.format(Locale.ROOT, "%.1f %%", 100 * rate / peak),
                    String.format(Locale.ROOT, "%.0f", turn.lot().bytes()));
        }
    }

    /** Three significant digits, without an exponent. */
    private static String significant(double number) {
        int digits = Math.clamp(2 - (int) Math.floor(Math.log10(number)), 0, 6);
        return String.format(Locale.ROOT, "%." + digits + "f", number);
    }
}
