package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.examples.Progress;
import dev.clew.examples.benchmark.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Whether the engines compute the same: their losses at the steps 0, 1 and 10 of every job, which see all of the forward pass, all
 * of the gradient and its use. The exit status is 1 if one differs by more than 1e-5 of the first engine's.
 */
@Command(
        name = "same-losses",
        mixinStandardHelpOptions = true,
        description = "Compares the losses of engines at the steps 0, 1 and 10.")
public final class SameLosses implements Callable<Integer> {
    private static final List<Integer> STEPS = List.of(0, 1, 10);
    private static final double TOLERANCE = 1e-5;

    private final Map<String, IntFunction<Engine>> all;

    @Mixin
    private Choice choice = new Choice();

    private SameLosses(Map<String, IntFunction<Engine>> all) {
        this.all = all;
    }

    /** Engines by name, made with a number of threads; the first is what the others are compared with. */
    public static void run(Map<String, IntFunction<Engine>> engines, String... args) {
        Choice.run(new SameLosses(engines), args);
    }

    @Override
    public Integer call() {
        List<Job> jobs = choice.jobs();
        List<Engine> engines = choice.engines(all);
        engines.forEach(engine -> System.out.println(engine.name() + ": " + engine.version()));
        System.out.println();
        Table table = new Table("job", "engine", "step 0", "step 1", "step 10", "largest difference");
        double largest = 0;
        try (Progress progress = new Progress("losses", jobs.size() * engines.size())) {
            for (Job job : jobs) {
                List<Double> expected = new ArrayList<>();
                for (Engine engine : engines) {
                    if (engine.has(job)) {
                        List<Double> losses = losses(engine, job);
                        expected = expected.isEmpty() ? losses : expected;
                        double difference = difference(losses, expected);
                        largest = Math.max(largest, difference);
                        row(table, job, engine, losses, difference);
                    } else {
                        table.dashes(job.name() + " " + job.sizes(), engine.name());
                    }
                    progress.step(() -> job.name() + " " + engine.name());
                }
            }
        }
        System.out.println(choice.print(table));
        System.out.println();
        boolean same = largest <= TOLERANCE;
        System.out.println(String.format(
                Locale.ROOT,
                "%s: the largest relative difference is %.1e, %.0e is allowed",
                same ? "Same" : "DIFFERENT",
                largest,
                TOLERANCE));
        return same ? 0 : 1;
    }

    private static List<Double> losses(Engine engine, Job job) {
        List<Double> losses = new ArrayList<>();
        try (Trainer trainer = engine.train(job)) {
            for (int step = 0; step <= STEPS.getLast(); step++) {
                double loss = trainer.step();
                if (STEPS.contains(step)) {
                    losses.add(loss);
                }
            }
        }
        return losses;
    }

    /** A loss that is not a number differs infinitely. */
    private static double difference(List<Double> losses, List<Double> expected) {
        double largest = 0;
        for (int i = 0; i < losses.size(); i++) {
            double relative = Math.abs(losses.get(i) - expected.get(i)) / Math.abs(expected.get(i));
            largest = Math.max(largest, Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative);
        }
        return largest;
    }

    private static void row(Table table, Job job, Engine engine, List<Double> losses, double difference) {
        String format = job.dtype() == DType.F64 ? "%.12g" : "%.8g";
        table.row(
                job.name() + " " + job.sizes(),
                engine.name(),
                String.format(Locale.ROOT, format, losses.get(0)),
                String.format(Locale.ROOT, format, losses.get(1)),
                String.format(Locale.ROOT, format, losses.get(2)),
                String.format(Locale.ROOT, "%.1e", difference));
    }
}
