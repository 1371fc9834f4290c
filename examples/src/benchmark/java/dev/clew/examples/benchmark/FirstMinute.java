package dev.clew.examples.benchmark;

import com.sun.management.OperatingSystemMXBean;
import dev.clew.array.DType;
import dev.clew.examples.benchmark.job.CharacterRnn;
import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.Jobs;
import dev.clew.examples.benchmark.job.Text;
import dev.clew.nn.loss.Reduce;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How steps get faster in a young JVM while the JVM compiles: the mean of the steps in stretches of the run, counted in processor time
 * of the whole process, and what part of the final speed that is.
 */
@Command(
        name = "first-minute",
        mixinStandardHelpOptions = true,
        description = "Times steps from the start of a JVM until they are fast.")
public final class FirstMinute implements Callable<Integer> {
    private static final double[] BOUNDS = {0, 0.5, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96};

    private static final int SOME = 10;

    @Option(
            names = "--job",
            description = "one of the jobs of the benchmarks; default: 50 steps, 32 units, batch 32, f32")
    private String job = "";

    @Option(names = "--rebuilt", description = "run the loop anew in every step")
    private boolean isRebuilt;

    @Option(names = "--seconds", description = "of the clock, for all; default: ${DEFAULT-VALUE}", defaultValue = "40")
    private double seconds;

    @Option(names = "--explain", description = "print where the time of the last step went")
    private boolean explains;

    /** The benchmark. */
    public static void main(String[] args) {
        Choice.run(new FirstMinute(), args);
    }

    @Override
    public Integer call() {
        Job chosen = job.isEmpty()
                ? new CharacterRnn("small", Text.RANDOM, 65, 32, 50, 32, DType.F32, Reduce.MEAN, 0.1)
                : Jobs.chosen(Jobs.full(), List.of(job)).getFirst();
        Lot[] lots = new Lot[BOUNDS.length];
        Lot end = new Lot();
        DoubleArrayList times = new DoubleArrayList();
        DoubleArrayList uses = new DoubleArrayList();
        for (int i = 0; i < lots.length; i++) {
            lots[i] = new Lot();
        }
        try (Trainer trainer = (isRebuilt ? ClewEngine.rebuilt(1) : ClewEngine.planned(1)).train(chosen)) {
            long start = System.nanoTime();
            long before = start;
            int stretch = 0;
            while (before - start < seconds * 1e9) {
                before = System.nanoTime();
                trainer.step();
                double milliseconds = (System.nanoTime() - before) / 1e6;
                lots[stretch].add(milliseconds);
                if (before - start > seconds * 0.8e9) {
                    end.add(milliseconds);
                }
                times.add(milliseconds);
                double used = processorSeconds();
                uses.add(used);
                while (stretch + 1 < BOUNDS.length && used >= BOUNDS[stretch + 1]) {
                    stretch++;
                }
            }
            if (explains) {
                System.out.println(trainer.explain());
            }
        }
        Table table = new Table("processor seconds", "steps", "median ms", "of final speed");
        for (int i = 0; i < lots.length; i++) {
            if (lots[i].size() > 0) {
                table.row(
                        "from " + BOUNDS[i],
                        Integer.toString(lots[i].size()),
                        String.format(Locale.ROOT, "%.3f", lots[i].median()),
                        String.format(Locale.ROOT, "%.0f %%", 100 * end.median() / lots[i].median()));
            }
        }
        System.out.println(table.text());
        System.out.println(String.format(
                Locale.ROOT,
                "%s %s: in the end %.3f ms (median); half as fast after %.1f s of the processor, 90 %% after %.1f s",
                chosen.name(),
                chosen.sizes(),
                end.median(),
                since(times, uses, end.median() / 0.5),
                since(times, uses, end.median() / 0.9)));
        return 0;
    }

    /** From when on some steps in a row take no longer in the mean. */
    private static double since(DoubleArrayList times, DoubleArrayList uses, double milliseconds) {
        double sum = 0;
        for (int i = 0; i < times.size(); i++) {
            sum += times.getDouble(i) - (i < SOME ? 0 : times.getDouble(i - SOME));
            if (i >= SOME && sum / SOME <= milliseconds) {
                return uses.getDouble(i - SOME + 1);
            }
        }
        return Double.NaN;
    }

    private static double processorSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : Double.NaN;
    }
}
