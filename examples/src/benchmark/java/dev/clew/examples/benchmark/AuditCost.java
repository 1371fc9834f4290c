package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.AuditOutcome;
import dev.clew.audit.AuditReport;
import dev.clew.audit.ByHand;
import dev.clew.audit.GradientAudit;
import dev.clew.audit.Unrolled;
import dev.clew.examples.Progress;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What it takes to audit a gradient: one that is right, one without its recurrent path, which is named, and one with a few wrong numbers,
 * which nothing explains, so that everything is tried; as steps, units and the lines of a step grow.
 */
@Command(
        name = "audit-cost",
        mixinStandardHelpOptions = true,
        description = "Times audits of gradients that are right, named, and unexplained.")
public final class AuditCost implements Callable<Integer> {
    private static final int INPUTS = 16;
    private static final int BATCH = 2;

    @Option(
            names = "--turns",
            description = "turns that are counted, after one; default: ${DEFAULT-VALUE}",
            defaultValue = "3")
    private int turns;

    @Option(names = "--markdown", description = "print the table as Markdown")
    private boolean markdown;

    /** The benchmark. */
    public static void main(String[] args) {
        Choice.run(new AuditCost(), args);
    }

    /** What is audited. */
    private record Net(String cell, int layers, int gates, int steps, int units) {
        String name() {
            return layers == 1 ? cell : layers + " layers of " + cell;
        }

        Map<String, Tensor> parameters() {
            RandomKey key = RandomKey.of(1);
            Map<String, Tensor> all = new LinkedHashMap<>();
            for (int layer = 0; layer < layers; layer++) {
                for (int gate = 0; gate < gates; gate++) {
                    String of = gate + "of" + layer;
                    int inputs = layer == 0 ? INPUTS : units;
                    all.put("W" + of, drawn(key.fold(all.size()), inputs, units));
                    all.put("U" + of, drawn(key.fold(all.size()), units, units));
                    all.put("b" + of, drawn(key.fold(all.size()), units));
                }
                all.put("h" + layer, drawn(key.fold(all.size()), BATCH, units));
            }
            return all;
        }

        private static Tensor drawn(RandomKey key, int... lengths) {
            double deviation = 1 / Math.sqrt(lengths[0]);
            return Parameter.of(key.normal(0, deviation, DType.F64, Shape.of(lengths)));
        }

        /** Unrolled; without its recurrent path if it is cut. */
        Unrolled forward(Map<String, Tensor> parameters, boolean isCut) {
            RandomKey key = RandomKey.of(2);
            List<Tensor> states = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                states.add(at(parameters, "h" + layer));
            }
            List<Tensor> losses = new ArrayList<>();
            for (int t = 0; t < steps; t++) {
                Tensor x = Tensor.of(key.fold(t).normal(0, 1, DType.F64, Shape.of(BATCH, INPUTS)));
                for (int layer = 0; layer < layers; layer++) {
                    Tensor before = states.get(layer);
                    x = next(parameters, layer, x, isCut ? before.stopGradient() : before);
                    states.set(layer, x);
                }
                losses.add(x.square().sum());
            }
            Map<String, Tensor> weights = new LinkedHashMap<>(parameters);
            Map<String, Tensor> initial = new LinkedHashMap<>();
            for (int layer = 0; layer < layers; layer++) {
                initial.put("h" + layer, at(parameters, "h" + layer));
            }
            weights.keySet().removeAll(initial.keySet());
            Unrolled unrolled = Unrolled.of(Tensor.sum(losses), weights);
            for (Map.Entry<String, Tensor> each : initial.entrySet()) {
                unrolled = unrolled.withInitial(each.getKey(), each.getValue());
            }
            return unrolled;
        }

        private Tensor next(Map<String, Tensor> parameters, int layer, Tensor x, Tensor h) {
            Tensor candidate = ahead(parameters, layer, 0, x, h).tanh();
            if (gates == 1) {
                return candidate;
            }
            Tensor keep = ahead(parameters, layer, 1, x, h).sigmoid();
            return keep.times(h).plus(keep.negate().plus(1).times(candidate));
        }

        private static Tensor at(Map<String, Tensor> parameters, String name) {
            return Objects.requireNonNull(parameters.get(name));
        }

        private static Tensor ahead(Map<String, Tensor> parameters, int layer, int gate, Tensor x, Tensor h) {
            String of = gate + "of" + layer;
            return x.matmul(at(parameters, "W" + of))
                    .plus(h.matmul(at(parameters, "U" + of)))
                    .plus(at(parameters, "b" + of));
        }
    }

    private static final List<Net> NETS = List.of(
            new Net("RNN", 1, 1, 13, 64),
            new Net("RNN", 1, 1, 26, 64),
            new Net("RNN", 1, 1, 52, 64),
            new Net("RNN", 1, 1, 104, 64),
            new Net("RNN", 1, 1, 26, 128),
            new Net("RNN", 1, 1, 26, 256),
            new Net("gated RNN", 1, 2, 26, 64),
            new Net("gated RNN", 2, 2, 26, 64),
            new Net("gated RNN", 3, 2, 26, 64));

    @Override
    public Integer call() {
        Table table = new Table("net", "outcome", "steps", "units", "nodes", "first ms", "median ms");
        try (Progress progress = new Progress("audits", NETS.size() * 3)) {
            for (Net net : NETS) {
                for (AuditOutcome outcome :
                        List.of(AuditOutcome.RIGHT, AuditOutcome.EXPLAINED, AuditOutcome.UNEXPLAINED)) {
                    row(table, net, outcome);
                    progress.step(() -> net.name() + " " + net.steps());
                }
            }
        }
        System.out.println(markdown ? table.markdown() : table.text());
        return 0;
    }

    private void row(Table table, Net net, AuditOutcome outcome) {
        Map<String, Tensor> parameters = net.parameters();
        Unrolled forward = net.forward(parameters, false);
        ByHand byHand = byHand(net, parameters, outcome);
        double first = time(forward, byHand, outcome);
        Lot warm = new Lot();
        for (int turn = 0; turn < turns; turn++) {
            warm.add(time(forward, byHand, outcome));
        }
        table.row(
                net.name(),
                outcome.name().toLowerCase(Locale.ROOT),
                Integer.toString(net.steps()),
                Integer.toString(net.units()),
                Integer.toString(Graph.of(List.of(forward.loss())).size()),
                String.format(Locale.ROOT, "%.0f", first),
                String.format(Locale.ROOT, "%.0f", warm.median()));
    }

    private static ByHand byHand(Net net, Map<String, Tensor> parameters, AuditOutcome outcome) {
        Gradients gradients = Gradients.of(
                net.forward(parameters, outcome == AuditOutcome.EXPLAINED).loss());
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> arrays.put(
                name,
                Evaluator.plain().evaluate(List.of(gradients.wrt(parameter))).getFirst()));
        if (outcome == AuditOutcome.UNEXPLAINED) {
            arrays.replaceAll((name, array) -> {
                double[] numbers = array.toDoubles();
                numbers[numbers.length / 2] += 0.1;
                return NDArray.of(array.shape(), numbers);
            });
        }
        return ByHand.of(arrays);
    }

    private static double time(Unrolled forward, ByHand byHand, AuditOutcome outcome) {
        long start = System.nanoTime();
        AuditReport report = GradientAudit.of(forward).withGradients(byHand).report();
        double elapsed = (System.nanoTime() - start) / 1e6;
        if (report.outcome() != outcome) {
            throw new IllegalStateException(report + "\nis not " + outcome);
        }
        return elapsed;
    }
}
