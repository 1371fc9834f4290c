package dev.clew.examples.benchmark;

import com.google.common.math.Quantiles;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.examples.benchmark.job.CharacterRnn;
import dev.clew.examples.benchmark.job.Text;
import dev.clew.nn.loss.Reduce;
import dev.clew.nn.optimizer.Sgd;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What it costs that sequences have many lengths: a plan belongs to one. Steps of a network of characters on sequences of lengths
 * drawn at random, in a young JVM; the mean and the median of a step in stretches of the run, of the clock and of the thread's own time.
 */
@Command(name = "lengths", mixinStandardHelpOptions = true, description = "Times steps on sequences of many lengths.")
public final class Lengths implements Callable<Integer> {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int SYMBOLS = 65;
    private static final int[] BOUNDS = {0, 1, 10, 100, 200, 500, 1000, 2000, 5000, 10_000};

    @Option(names = "--shortest", description = "default: ${DEFAULT-VALUE}", defaultValue = "11")
    private int shortest;

    @Option(names = "--longest", description = "default: ${DEFAULT-VALUE}", defaultValue = "50")
    private int longest;

    @Option(names = "--units", description = "default: ${DEFAULT-VALUE}", defaultValue = "128")
    private int units;

    @Option(names = "--batch", description = "default: ${DEFAULT-VALUE}", defaultValue = "16")
    private int batch;

    @Option(names = "--steps", description = "default: ${DEFAULT-VALUE}", defaultValue = "2000")
    private int steps;

    @Option(
            names = "--padded-to",
            description = "pad the sequences to so many lengths; default: every step has a length of its own",
            defaultValue = "0")
    private int paddedTo;

    @Option(names = "--mixed", description = "batches of sequences as they come, each padded to the longest of its own")
    private boolean mixed;

    /** How long sequences are, and how large the network is. */
    record Sizes(int shortest, int longest, int symbols, int units, int batch, int steps) {}

    /** The benchmark. */
    public static void main(String[] args) {
        System.setProperty("clew.threads", "1");
        Choice.run(new Lengths(), args);
    }

    @Override
    public Integer call() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        Runnable training = paddedTo > 0 || mixed
                ? new PaddedSteps(
                        new Sizes(shortest, longest, SYMBOLS, units, batch, steps), random, mixed ? 0 : paddedTo)::step
                : eachItsOwn(random);
        double[] clock = new double[steps];
        double[] own = new double[steps];
        for (int step = 0; step < steps; step++) {
            long start = System.nanoTime();
            long used = THREADS.getCurrentThreadCpuTime();
            training.run();
            own[step] = (THREADS.getCurrentThreadCpuTime() - used) / 1e6;
            clock[step] = (System.nanoTime() - start) / 1e6;
        }
        Table table = new Table("steps", "mean ms", "median ms", "of the thread's CPU", "median");
        for (int i = 0; i + 1 < BOUNDS.length && BOUNDS[i] < steps; i++) {
            int from = BOUNDS[i];
            int to = Math.min(steps, BOUNDS[i + 1]);
            row(table, clock, own, from, to);
        }
        int from = Math.min(100, steps - 1);
        row(table, clock, own, from, steps);
        System.out.println(table.text());
        return 0;
    }

    private Runnable eachItsOwn(RandomGenerator random) {
        CharacterRnn job = job(longest);
        CharacterRnn.Network network = job.model();
        List<NDArray> letters = network.letters();
        Sgd sgd = Sgd.of(network, job.rate());
        return () -> {
            int length = random.nextInt(shortest, longest + 1);
            sgd.step(new CharacterRnn.Network(job(length), network.cell(), network.head(), letters).loss());
        };
    }

    private CharacterRnn job(int length) {
        return new CharacterRnn("lengths", Text.RANDOM, SYMBOLS, units, length, batch, DType.F32, Reduce.MEAN, 0.1);
    }

    private static void row(Table table, double[] clock, double[] own, int from, int to) {
        table.row(
                from + " to " + (to - 1),
                mean(clock, from, to),
                median(clock, from, to),
                mean(own, from, to),
                median(own, from, to));
    }

    private static String median(double[] times, int from, int to) {
        double[] some = Arrays.copyOfRange(times, from, to);
        return String.format(Locale.ROOT, "%.2f", Quantiles.median().compute(some));
    }

    private static String mean(double[] times, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += times[i];
        }
        return String.format(Locale.ROOT, "%.2f", sum / (to - from));
    }
}
