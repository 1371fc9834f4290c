package dev.clew.examples.benchmark;

import dev.clew.examples.benchmark.job.Job;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Whether a step of a plan allocates nothing on the heap once it is warm: runs until it has not for a while, and says after how long that
 * was and what it allocates from then on. To be started again for every JVM that is asked.
 */
@Command(
        name = "steady-bytes",
        mixinStandardHelpOptions = true,
        description = "Tells what a step allocates when it is warm.")
public final class SteadyBytes implements Callable<Integer> {
    private static final double BLOCK = 0.2e9;
    private static final int CALM = 20;

    @Mixin
    private Choice choice = new Choice();

    @Option(
            names = "--most",
            defaultValue = "120",
            description = "seconds of a job until it is given up; default: ${DEFAULT-VALUE}")
    private double most;

    @Option(names = "--after", defaultValue = "2", description = "seconds that count then; default: ${DEFAULT-VALUE}")
    private double after;

    private SteadyBytes() {}

    /** The benchmark. */
    public static void main(String[] args) {
        Choice.run(new SteadyBytes(), args);
    }

    @Override
    public Integer call() {
        Table table = new Table("job", "s until nothing", "bytes a step from then on");
        for (Job job : choice.jobs()) {
            try (Trainer trainer = ClewEngine.planned(1).train(job)) {
                double seconds = calm(trainer);
                table.row(
                        job.name() + " " + job.sizes(),
                        String.format(Locale.ROOT, "%.1f", seconds),
                        String.format(Locale.ROOT, "%.1f", HeapBytes.perStep(trainer, after * 1e9)));
            }
        }
        System.out.println(choice.print(table));
        return 0;
    }

    /** After how many seconds steps had allocated nothing in several blocks; not a number if they never did. */
    private double calm(Trainer trainer) {
        long start = System.nanoTime();
        double since = Double.NaN;
        int blocks = 0;
        while (blocks < CALM) {
            double now = (System.nanoTime() - start) / 1e9;
            if (now > most) {
                return Double.NaN;
            }
            boolean isCalm = HeapBytes.perStep(trainer, BLOCK) == 0;
            since = isCalm && blocks > 0 ? since : now;
            blocks = isCalm ? blocks + 1 : 0;
        }
        return since;
    }
}
