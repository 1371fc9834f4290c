package dev.clew.examples.benchmark;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.examples.Progress;
import dev.clew.examples.benchmark.job.CharacterRnn;
import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.Lstm;
import dev.clew.examples.benchmark.job.Text;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.loss.Reduce;
import dev.clew.plan.Plan;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What it costs to compile a training step, loss, gradients and new parameters, of loops so long that the graph has about as many
 * nodes as asked for: {@link Plan#compile(List, Map)} from the first pass to the plan. The first compilation in the process is
 * cold; the others, of which all sizes take turns, are timed when warm.
 */
@Command(
        name = "compile-time",
        mixinStandardHelpOptions = true,
        description = "Times the compilation of long loops, per node of the graph.")
public final class CompileTime implements Callable<Integer> {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final Map<String, IntFunction<Job>> NETS = ImmutableMap.of(
            "RNN", steps -> new CharacterRnn("RNN", Text.RANDOM, 17, 16, steps, 2, DType.F32, Reduce.MEAN, 0.5),
            "LSTM", steps -> new Lstm("LSTM", false, 8, 16, 10, steps, 2, DType.F32, 0.5));

    @Option(names = "--nets", split = ",", description = "default: ${DEFAULT-VALUE}", defaultValue = "RNN,LSTM")
    private List<String> nets = List.of();

    @Option(
            names = "--nodes",
            split = ",",
            description = "ascending; default: ${DEFAULT-VALUE}",
            defaultValue = "10000,20000,50000,100000")
    private List<Integer> nodes = List.of();

    @Option(names = "--warm-up", description = "turns that are not counted", defaultValue = "10")
    private int warmUp;

    @Option(names = "--turns", description = "turns that are counted", defaultValue = "15")
    private int turns;

    @Option(names = "--markdown", description = "print the table as Markdown")
    private boolean markdown;

    /** The benchmark. */
    public static void main(String[] args) {
        Choice.run(new CompileTime(), args);
    }

    /** What a training step computes: the loss and the gradients, and every parameter's new value. */
    private record Step(String net, List<Tensor> outputs, Map<Parameter, Tensor> updates, int size, Lot wall, Lot own) {
        static Step of(Job job) {
            var model = job.model();
            Tensor loss = model.loss();
            Gradients gradients = Gradients.of(loss);
            List<Tensor> outputs = new ArrayList<>(List.of(loss));
            ImmutableMap.Builder<Parameter, Tensor> updates = ImmutableMap.builder();
            for (Parameter parameter : Parameters.named(model).values()) {
                Tensor slope = gradients.wrt(parameter);
                outputs.add(slope);
                updates.put(parameter, parameter.minus(slope.times(job.rate())));
            }
            Map<Parameter, Tensor> changes = updates.buildOrThrow();
            List<Tensor> all = new ArrayList<>(outputs);
            all.addAll(changes.values());
            return new Step(job.name(), outputs, changes, Graph.of(all).size(), new Lot(), new Lot());
        }

        void compile(Lot elapsed, Lot processor) {
            long start = System.nanoTime();
            long used = THREADS.getCurrentThreadCpuTime();
            Plan plan = Plan.compile(outputs, updates);
            processor.add((THREADS.getCurrentThreadCpuTime() - used) / 1e6);
            elapsed.add((System.nanoTime() - start) / 1e6);
            if (plan.inputs().size() > size) {
                throw new IllegalStateException("more inputs than nodes");
            }
        }
    }

    @Override
    public Integer call() {
        List<Step> steps = new ArrayList<>();
        for (String net : nets) {
            IntFunction<Job> jobs = NETS.get(net);
            if (jobs == null) {
                throw new IllegalArgumentException("there is no net '" + net + "'; the nets are: " + NETS.keySet());
            }
            int ten = Step.of(jobs.apply(10)).size();
            int perStep = (Step.of(jobs.apply(20)).size() - ten) / 10;
            nodes.forEach(count -> steps.add(Step.of(jobs.apply(count / perStep))));
        }
        Lot cold = new Lot();
        steps.getFirst().compile(cold, new Lot());
        System.out.printf(
                Locale.ROOT,
                "the first in this process, %s of %d nodes: %.0f ms, %.1f us a node%n%n",
                steps.getFirst().net,
                steps.getFirst().size,
                cold.median(),
                1000 * cold.median() / steps.getFirst().size);
        take(steps);
        System.out.println(markdown ? table(steps).markdown() : table(steps).text());
        return 0;
    }

    private void take(List<Step> steps) {
        try (Progress progress = new Progress("compile time", (warmUp + turns) * steps.size())) {
            for (int turn = 0; turn < warmUp + turns; turn++) {
                for (Step step : steps) {
                    boolean counts = turn >= warmUp;
                    step.compile(counts ? step.wall : new Lot(), counts ? step.own : new Lot());
                    progress.step(() -> step.net + " " + step.size);
                }
            }
        }
    }

    private static Table table(List<Step> steps) {
        Table table =
                new Table("net", "nodes", "ms", "median ms", "us a node", "of the thread's CPU", "x per doubling");
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            boolean follows = i > 0 && steps.get(i - 1).net.equals(step.net);
            table.row(
                    step.net,
                    Integer.toString(step.size),
                    rounded(step.wall.bestTenth(), 1),
                    rounded(step.wall.median(), 1),
                    rounded(1000 * step.wall.bestTenth() / step.size, 2),
                    rounded(1000 * step.own.bestTenth() / step.size, 2),
                    follows ? rounded(perDoubling(steps.get(i - 1), step), 2) : "");
        }
        return table;
    }

    /** How many times as long a graph of twice the size takes, if time is a power of the size. */
    private static double perDoubling(Step small, Step large) {
        double doublings = Math.log((double) large.size / small.size) / Math.log(2);
        return Math.pow(large.wall.bestTenth() / small.wall.bestTenth(), 1 / doublings);
    }

    private static String rounded(double number, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", number);
    }
}
