package dev.clew.examples.benchmark;

import dev.clew.examples.benchmark.job.CharacterRnn;
import dev.clew.examples.benchmark.job.Jobs;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.plan.Plan;
import dev.clew.plan.Threads;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What recomputing costs: training steps of job G, a long loop, as the plan that keeps everything and as one within a tenth of its
 * bytes, in turn, on one thread. Options: the part of the bytes, the number of steps of each plan, and the length of the loop.
 */
public final class WithinBytes {
    private static final double PART = 0.1;
    private static final int ROUNDS = 20;

    private WithinBytes() {}

    /** Prints a table, in milliseconds of the thread's own time, so that what else the machine does counts little. */
    public static void main(String[] args) {
        Threads.use(1);
        List<String> options = Choice.split(args);
        double part = options.isEmpty() ? PART : Double.parseDouble(options.get(0));
        int rounds = options.size() < 2 ? ROUNDS : Integer.parseInt(options.get(1));
        CharacterRnn full =
                (CharacterRnn) Jobs.chosen(Jobs.full(), List.of("G")).getFirst();
        int steps = options.size() < 3 ? full.steps() : Integer.parseInt(options.get(2));
        CharacterRnn job = new CharacterRnn(
                full.name(),
                full.text(),
                full.symbols(),
                full.units(),
                steps,
                full.batch(),
                full.dtype(),
                full.reduce(),
                full.rate());
        CharacterRnn.Network first = job.model();
        CharacterRnn.Network second = job.model();
        Plan whole = Sgd.of(first, job.rate()).compile(first.loss());
        long before = System.nanoTime();
        Plan small = Sgd.of(second, job.rate()).compileWithin((long) (whole.bytes() * part), second.loss());
        double search = (System.nanoTime() - before) / 1e9;
        double[][] times = new double[2][rounds];
        for (int round = 0; round < rounds; round++) {
            double[] losses = {time(whole, times[0], round), time(small, times[1], round)};
            if (losses[0] != losses[1]) {
                throw new IllegalStateException("losses differ: " + Arrays.toString(losses));
            }
        }
        System.out.printf(Locale.ROOT, "%s: the same losses in %d steps%n", job.sizes(), rounds);
        report("everything kept", whole.bytes(), times[0]);
        report("within " + part, small.bytes(), times[1]);
        System.out.printf(
                Locale.ROOT,
                "bytes x %.3f, best x %.3f, median of the second half x %.3f; found in %.1f s%n",
                (double) small.bytes() / whole.bytes(),
                best(times[1]) / best(times[0]),
                median(times[1]) / median(times[0]),
                search);
    }

    private static double time(Plan plan, double[] times, int round) {
        long before = now();
        double loss = plan.run(Map.of()).getFirst().item();
        times[round] = (now() - before) / 1e6;
        return loss;
    }

    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void report(String name, long bytes, double[] times) {
        System.out.printf(
                Locale.ROOT,
                "%-20s %12d bytes  best %8.1f ms  median %8.1f ms%n",
                name,
                bytes,
                best(times),
                median(times));
    }

    private static double best(double[] times) {
        return Arrays.stream(times).min().orElse(Double.NaN);
    }

    /** Of the second half, when kernels are compiled. */
    private static double median(double[] times) {
        double[] sorted = Arrays.copyOfRange(times, times.length / 2, times.length);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
