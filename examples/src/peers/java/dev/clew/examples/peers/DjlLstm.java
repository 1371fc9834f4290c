package dev.clew.examples.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import dev.clew.examples.benchmark.job.Gate;
import dev.clew.examples.benchmark.job.Lstm;
import dev.clew.examples.benchmark.job.Lstm.Merged;
import dev.clew.examples.benchmark.job.Lstm.Network;
import dev.clew.nn.layer.Linear;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The long short-term memory that PyTorch has built in, all steps in one call: {@code torch::lstm}, which takes oneDNN's LSTM, forward
 * and backward, for f32 on a CPU. It is what DJL's block {@link ai.djl.nn.recurrent.LSTM} calls, without the block's parameters.
 *
 * <p>PyTorch puts the gates i, f, g, o one below the other, with inputs along the columns: Wx (4·units, inputs), Wh (4·units, units),
 * and adds two biases (4·units) to them, bx + bh. Here bx is the bias of the loop; bh is zeros and is not trained, so that the
 * function, its parameters and their updates are those of the loop. Steps are the outermost axis of inputs and states, as PyTorch has
 * it unless asked otherwise, so that nothing is transposed. Readout and cross-entropy are done for all steps at once.
 */
final class DjlLstm implements Supplier<NDArray> {
    private final DjlMaths m;
    private final NDArray xs;
    private final NDArray labels;
    private final NDList start;
    private final NDList parameters;
    private final Shape rows;

    DjlLstm(Lstm job, DjlMaths maths) {
        m = maths;
        xs = NDArrays.stack(new NDList(m.data(job.xs())));
        labels = NDArrays.concat(new NDList(m.labels(job.labels(), job.classes())), 0);
        NDArray zeros = m.zeros(job.batch(), job.units()).expandDims(0);
        start = new NDList(zeros, zeros);
        NDArray untrained = m.zeros(1, 4 * job.units()).squeeze(0);
        parameters = new NDList(m.weight("wx"), m.weight("wh"), m.weight("b"), untrained);
        rows = new Shape((long) job.steps() * job.batch(), job.units());
    }

    /** The weights of the job in the layout of PyTorch. */
    static Map<String, dev.clew.array.NDArray> weights(Lstm job) {
        return switch (job.model()) {
            case Network network ->
                weights(List.of(network.i(), network.f(), network.g(), network.o()), network.head());
            case Merged merged -> weights(List.of(merged.gates()), merged.head());
            default -> throw new IllegalArgumentException("no LSTM: " + job);
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

    private static Tensor sideBySide(List<? extends Tensor> parts) {
        return Tensor.concat(-1, List.copyOf(parts));
    }

    @Override
    public NDArray get() {
        NDArray hs = xs.getNDArrayInternal()
                .lstm(xs, start, parameters, true, 1, 0, true, false, false)
                .head()
                .reshape(rows);
        NDArray logits = m.plus(m.matmul(hs, m.weight("head.weight")), m.weight("head.bias"));
        return m.mean(m.nats(logits, labels));
    }
}
