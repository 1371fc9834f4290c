package dev.clew.examples;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Parameters;
import dev.clew.nn.credit.Credit;
import dev.clew.nn.credit.CreditReport;
import dev.clew.nn.credit.Lesson;
import dev.clew.nn.credit.Online;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.optimizer.Adam;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One cell, one stream, several ways to a gradient through time: an endless stream of random bits, of which each is to be said again some
 * steps later. It is learnt only from credit that goes back so far.
 *
 * <p>All ways begin with the same weights and see the same bits. Loss is the mean over the last tenth of the steps, in bits: 1 is that
 * of a guess, 0 that of one who knows. The cosine is that of the gradient of 20 steps and the exact one, with the weights of the
 * beginning; "at the lag" counts of both only what parameters did as many steps before as the bit is old.
 */
@Command(
        name = "online",
        mixinStandardHelpOptions = true,
        description = "Learns a stream by several ways to a gradient through time, and compares them.")
final class DelayedBits implements Callable<Integer> {
    private static final int BATCH = 4;
    private static final int COMPARED = 20;
    private static final int POINTS = 10;

    @Option(
            names = "--units",
            defaultValue = "12",
            description = "units of the hidden state; default: ${DEFAULT-VALUE}")
    private int units;

    @Option(names = "--steps", defaultValue = "5000", description = "steps of the stream; default: ${DEFAULT-VALUE}")
    private int steps;

    @Option(names = "--delay", defaultValue = "4", description = "age of the bit to be said; default: ${DEFAULT-VALUE}")
    private int delay;

    @Option(names = "--rate", defaultValue = "0.005", description = "learning rate; default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(names = "--seed", defaultValue = "1", description = "seed of weights and bits; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--memory", description = "only RTRL, and at ten points what memory it takes")
    private boolean isOfMemory;

    /** What is learnt. */
    record Model(RnnCell cell, Linear head) {
        static Model create(int units, RandomKey key) {
            return new Model(RnnCell.create(1, units, key.fold(0)), Linear.create(units, 1, key.fold(1)));
        }

        /** Of a step, in bits. */
        Tensor loss(Tensor h, Tensor bit) {
            return Losses.binaryCrossEntropyWithLogits(head.of(h), bit).div(Math.log(2));
        }

        Online<Tensor> by(Credit credit) {
            return Online.of(this, cell, this::loss, credit);
        }
    }

    /** What became of a way. */
    private record Learnt(Credit credit, double bits, double microseconds, long bytes) {}

    @Override
    public Integer call() {
        if (units < 1 || steps < 10 || delay < 1) {
            throw new IllegalArgumentException("--units=" + units + " --steps=" + steps + " --delay=" + delay
                    + ": there is at least 1 unit, 10 steps and a delay of 1");
        }
        if (isOfMemory) {
            tellMemory();
            return 0;
        }
        List<Learnt> all = new ArrayList<>();
        Map<Credit, String> memory = ways();
        try (Progress progress = new Progress("online", memory.size() * 10)) {
            memory.keySet().forEach(credit -> all.add(learnt(credit, progress)));
        }
        System.out.print(table(all, memory));
        return 0;
    }

    /** With the order of what each keeps, in n units, p numbers of parameters. */
    private Map<Credit, String> ways() {
        Map<Credit, String> ways = new LinkedHashMap<>();
        ways.put(Credit.bptt(), "steps");
        ways.put(Credit.truncated(1, 2), "2 steps");
        ways.put(Credit.truncated(1, delay + 1), delay + 1 + " steps");
        ways.put(Credit.truncated(4 * delay, 4 * delay), 4 * delay + " steps");
        ways.put(Credit.realTime(), "n p");
        ways.put(Credit.sparse(1), "p");
        ways.put(Credit.unbiased(RandomKey.of(seed).fold(3)), "n + p");
        return ways;
    }

    private NDArray bits(int step) {
        return RandomKey.of(seed)
                .fold(2)
                .fold(step)
                .bernoulli(0.5, Shape.of(BATCH, 1))
                .cast(DType.F64);
    }

    private Tensor input(int step) {
        return Tensor.of(bits(step)).times(2).minus(1);
    }

    private Tensor target(int step) {
        return Tensor.of(bits(step - delay));
    }

    private Learnt learnt(Credit credit, Progress progress) {
        Model model = Model.create(units, RandomKey.of(seed));
        Adam adam = Adam.of(model, rate);
        Online<Tensor> stream = model.by(credit);
        double last = 0;
        int counted = 0;
        long start = System.nanoTime();
        long largest = 0;
        for (int t = 0; t < steps; t++) {
            start = t == steps / 2 ? System.nanoTime() : start; // From here on the code is warm.
            for (Lesson lesson : step(stream, t)) {
                adam.step(lesson.gradients());
                boolean isLast = t >= steps - steps / 10;
                last += isLast ? lesson.loss() : 0;
                counted += isLast ? lesson.outputs().size() : 0;
            }
            largest = Math.max(largest, stream.carriedBytes());
            if ((t + 1) % (steps / 10) == 0) {
                progress.step(credit::toString);
            }
        }
        double time = (System.nanoTime() - start) / 1e3 / (steps - steps / 2);
        return new Learnt(credit, last / Math.max(1, counted), time, largest);
    }

    /** BPTT goes back to the beginning of the stream, so it begins anew every so many steps. */
    private List<Lesson> step(Online<Tensor> stream, int t) {
        List<Lesson> lessons = new ArrayList<>();
        if (t < delay) {
            stream.step(input(t)).ifPresent(lessons::add);
        } else {
            stream.step(input(t), target(t)).ifPresent(lessons::add);
        }
        if (stream.credit() instanceof Credit.Bptt && (t + 1) % (10 * delay) == 0) {
            stream.rest().ifPresent(lessons::add);
            stream.restart();
        }
        return lessons;
    }

    private String table(List<Learnt> all, Map<Credit, String> memory) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "bits said again after %d steps; %d units, batch %d, %d steps, Adam at %s\n",
                delay,
                units,
                BATCH,
                steps,
                rate));
        String row = "%-20s %6s %8s %10s %9s %8s  %s\n";
        text.append(String.format(row, "", "bits", "cosine", "at the lag", "µs a step", "bytes", "memory"));
        for (Learnt each : all) {
            CreditReport report = report(each.credit);
            text.append(String.format(
                    row,
                    name(each.credit),
                    String.format(Locale.ROOT, "%.3f", each.bits),
                    cosine(report.all()),
                    cosine(report.at(delay)),
                    Math.round(each.microseconds),
                    each.bytes,
                    memory.get(each.credit)));
        }
        return text + "BPTT begins anew every " + 10 * delay
                + " steps. TBPTT(k1, k2) replays k2 - k1 steps with the parameters of now.\n";
    }

    /** None where there is no gradient. */
    private static String cosine(CreditReport.Figures figures) {
        return Double.isNaN(figures.cosine()) ? "none" : String.format(Locale.ROOT, "%.4f", figures.cosine());
    }

    private static String name(Credit credit) {
        return credit instanceof Credit.Truncated way
                ? "TBPTT(" + way.every() + ", " + way.back() + ")"
                : credit.toString();
    }

    private CreditReport report(Credit credit) {
        List<Tensor> x = new ArrayList<>();
        List<Tensor> targets = new ArrayList<>();
        for (int t = delay; t < delay + COMPARED; t++) {
            x.add(input(t));
            targets.add(target(t));
        }
        Model model = Model.create(units, RandomKey.of(seed));
        return CreditReport.of(model.by(credit), x, targets, 200);
    }

    /** Ten times on the way: what is kept from step to step, the memory of plans, and the heap after a collection. */
    private void tellMemory() {
        Model model = Model.create(units, RandomKey.of(seed));
        Adam adam = Adam.of(model, rate);
        Online<Tensor> stream = model.by(Credit.realTime());
        int numbers = 0;
        for (Parameter parameter : Parameters.named(model).values()) {
            numbers += parameter.shape().elements();
        }
        System.out.printf(Locale.ROOT, "RTRL of %d units, %d numbers in all, batch %d%n", units, numbers, BATCH);
        System.out.printf(Locale.ROOT, "%10s %8s %12s %12s %12s%n", "steps", "bits", "carried", "plans", "heap");
        double bits = 0;
        int apart = steps / POINTS;
        for (int t = 0; t < steps; t++) {
            for (Lesson lesson : step(stream, t)) {
                adam.step(lesson.gradients());
                bits += lesson.loss();
            }
            if ((t + 1) % apart == 0) {
                System.out.printf(
                        Locale.ROOT,
                        "%10d %8.3f %12d %12d %12d%n",
                        t + 1,
                        bits / apart,
                        stream.carriedBytes(),
                        stream.planBytes(),
                        heap());
                bits = 0;
            }
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
