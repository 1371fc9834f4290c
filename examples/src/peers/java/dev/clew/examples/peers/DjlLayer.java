package dev.clew.examples.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import dev.clew.examples.benchmark.job.Gate;
import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.LayerRun;
import dev.clew.examples.benchmark.job.Lstm;
import dev.clew.examples.benchmark.job.Lstm.Merged;
import dev.clew.examples.benchmark.job.Lstm.Network;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Linear;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The layers that PyTorch has built in, all steps in one call: {@code torch::lstm}, which takes oneDNN's LSTM, forward and backward, for
 * f32 on a CPU, and {@code torch::gru}. They are what DJL's blocks {@link ai.djl.nn.recurrent.LSTM} and {@link ai.djl.nn.recurrent.GRU}
 * call, without the parameters of the blocks.
 *
 * <p>PyTorch puts the gates i, f, g, o or r, z, n one below the other, with inputs along the columns: Wx (gates·units, inputs), Wh
 * (gates·units, units), and adds two biases (gates·units) to them, bx and bh. Here bx is the bias of the loop; bh is zeros and is not
 * trained, but for that of a GRU's n, so that the function, its parameters and their updates are those of the loop. Steps are the
 * outermost axis of inputs and states, as PyTorch has it unless asked otherwise, so that nothing is transposed. Readout and
 * cross-entropy are done for all steps at once.
 */
final class DjlLayer implements Supplier<NDArray> {
    private final DjlMaths m;
    private final boolean isGru;
    private final NDArray xs;
    private final NDArray labels;
    private final NDArray start;
    private final NDArray untrained;
    private final Shape rows;

    private DjlLayer(DjlMaths maths, LayerRun job) {
        m = maths;
        isGru = job.kind() == LayerRun.Kind.GRU;
        xs = NDArrays.stack(new NDList(m.data(job.xs())));
        labels = NDArrays.concat(new NDList(m.labels(job.labels(), job.classes())), 0);
        start = m.zeros(job.batch(), job.units()).expandDims(0);
        untrained = m.zeros(1, (isGru ? 2 : 4) * job.units()).squeeze(0);
        rows = new Shape((long) job.steps() * job.batch(), job.units());
    }

    /** Whether there is one for a job. */
    static boolean has(Job job) {
        return job instanceof Lstm || (job instanceof LayerRun run && run.kind() != LayerRun.Kind.SURPRISE);
    }

    static DjlLayer of(Job job, DjlMaths maths) {
        return new DjlLayer(maths, run(job));
    }

    /** The job as a run of a layer: its data depend on sizes alone. */
    private static LayerRun run(Job job) {
        return switch (job) {
            case Lstm lstm ->
                new LayerRun(
                        lstm.name(),
                        LayerRun.Kind.LSTM,
                        lstm.inputs(),
                        lstm.units(),
                        lstm.classes(),
                        lstm.steps(),
                        lstm.batch(),
                        lstm.dtype(),
                        lstm.rate());
            case LayerRun run when has(run) -> run;
            default -> throw new IllegalArgumentException("not built in: " + job.name() + " " + job.sizes());
        };
    }

    /** The weights of a job in the layout of PyTorch. */
    static Map<String, dev.clew.array.NDArray> weights(Job job) {
        return switch (job.model()) {
            case Network network ->
                weights(List.of(network.i(), network.f(), network.g(), network.o()), network.head());
            case Merged merged -> weights(List.of(merged.gates()), merged.head());
            case LayerRun.Network network -> weights(network);
            default -> throw new IllegalArgumentException("not built in: " + job);
        };
    }

    private static Map<String, dev.clew.array.NDArray> weights(List<Gate> gates, Linear head) {
        return ImmutableMap.of(
                "wx",
                sideBySide(Lists.transform(gates, Gate::wx)).transpose().value(),
                "wh",
                sideBySide(Lists.transform(gates, Gate::wh)).transpose().value(),
                "b",
                sideBySide(Lists.transform(gates, Gate::b)).value(),
                "head.weight",
                head.weight().value(),
                "head.bias",
                head.bias().value());
    }

    private static Map<String, dev.clew.array.NDArray> weights(LayerRun.Network network) {
        ImmutableMap.Builder<String, dev.clew.array.NDArray> weights = ImmutableMap.builder();
        for (Map.Entry<String, Parameter> each : Parameters.named(network).entrySet()) {
            String name = each.getKey().replace("cell.", "");
            Parameter weight = each.getValue();
            boolean isMatrix = name.equals("wx") || name.equals("wh");
            weights.put(name, isMatrix ? weight.transpose().value() : weight.value());
        }
        return weights.buildOrThrow();
    }

    private static Tensor sideBySide(List<? extends Tensor> parts) {
        return Tensor.concat(-1, List.copyOf(parts));
    }

    @Override
    public NDArray get() {
        NDArray hs = (isGru ? gru() : lstm()).head().reshape(rows);
        NDArray logits = m.plus(m.matmul(hs, m.weight("head.weight")), m.weight("head.bias"));
        return m.mean(m.nats(logits, labels));
    }

    private NDList lstm() {
        NDList parameters = new NDList(m.weight("wx"), m.weight("wh"), m.weight("b"), untrained);
        return xs.getNDArrayInternal().lstm(xs, new NDList(start, start), parameters, true, 1, 0, true, false, false);
    }

    private NDList gru() {
        NDArray ofH = NDArrays.concat(new NDList(untrained, m.weight("inner")), 0);
        NDList parameters = new NDList(m.weight("wx"), m.weight("wh"), m.weight("b"), ofH);
        return xs.getNDArrayInternal().gru(xs, start, parameters, true, 1, 0, true, false, false);
    }
}
