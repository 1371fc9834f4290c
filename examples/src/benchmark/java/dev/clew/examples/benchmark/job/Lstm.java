package dev.clew.examples.benchmark.job;

import com.google.common.collect.Lists;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.loss.Losses;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * Long short-term memory, gates i, f, g, o, with a readout to classes at every step (Gers, Schmidhuber, Cummins: Learning to
 * Forget, 2000): c' = σ(f)⊙c + σ(i)⊙tanh(g), h' = σ(o)⊙tanh(c'). The loss is the mean over the batch and the steps.
 *
 * @param merged whether the user has put the weights of the four gates side by side, as one product; else there are four, as in
 *     the equations
 */
public record Lstm(
        String name, boolean merged, int inputs, int units, int classes, int steps, int batch, DType dtype, double rate)
        implements Job {

    /** A gate by gate network. */
    public record Network(Lstm job, Gate i, Gate f, Gate g, Gate o, Linear head, List<NDArray> xs, List<NDArray> labels)
            implements Model {
        @Override
        public Tensor loss() {
            Tensor h = Tensor.zeros(job.dtype, job.batch, job.units);
            Tensor c = h;
            Tensor loss = Tensor.zeros(job.dtype);
            for (int t = 0; t < job.steps; t++) {
                Tensor x = Tensor.of(xs.get(t));
                Tensor kept = f.of(x, h).sigmoid().times(c);
                c = kept.plus(i.of(x, h).sigmoid().times(g.of(x, h).tanh()));
                h = o.of(x, h).sigmoid().times(c.tanh());
                loss = loss.plus(Losses.softmaxCrossEntropy(head.of(h), Tensor.of(labels.get(t))));
            }
            return loss.div(job.steps);
        }
    }

    /** The same with the four gates as one. */
    public record Merged(Lstm job, Gate gates, Linear head, List<NDArray> xs, List<NDArray> labels) implements Model {
        @Override
        public Tensor loss() {
            Tensor h = Tensor.zeros(job.dtype, job.batch, job.units);
            Tensor c = h;
            Tensor loss = Tensor.zeros(job.dtype);
            for (int t = 0; t < job.steps; t++) {
                List<Tensor> z = gates.of(Tensor.of(xs.get(t)), h).split(-1, 4);
                Tensor kept = z.get(1).sigmoid().times(c);
                c = kept.plus(z.get(0).sigmoid().times(z.get(2).tanh()));
                h = z.get(3).sigmoid().times(c.tanh());
                loss = loss.plus(Losses.softmaxCrossEntropy(head.of(h), Tensor.of(labels.get(t))));
            }
            return loss.div(job.steps);
        }
    }

    @Override
    public Model model() {
        Fixed fixed = new Fixed(dtype, units);
        List<Gate> gates = Lists.newArrayList();
        for (int gate = 0; gate < 4; gate++) {
            gates.add(Gate.create(inputs, units, fixed));
        }
        Linear head = new Linear(fixed.weight(units, classes), fixed.weight(classes));
        return merged
                ? new Merged(this, sideBySide(gates), head, xs(), labels())
                : new Network(this, gates.get(0), gates.get(1), gates.get(2), gates.get(3), head, xs(), labels());
    }

    private static Gate sideBySide(List<Gate> gates) {
        return new Gate(
                joined(Lists.transform(gates, Gate::wx)),
                joined(Lists.transform(gates, Gate::wh)),
                joined(Lists.transform(gates, Gate::b)));
    }

    private static Parameter joined(List<? extends Tensor> parts) {
        return Parameter.of(Tensor.concat(-1, List.copyOf(parts)).value());
    }

    /** The inputs. Shapes: per step (batch, inputs). */
    public List<NDArray> xs() {
        return Fixed.inputs(steps, batch, inputs, dtype);
    }

    /** The targets, i32. Shapes: per step (batch). */
    public List<NDArray> labels() {
        return Fixed.labels(steps, batch, classes);
    }

    @Override
    public double flops() {
        return steps
                * (Products.onData(batch, inputs, 4.0 * units)
                        + Products.trained(batch, units, 4.0 * units)
                        + Products.trained(batch, units, classes));
    }

    @Override
    public String sizes() {
        return "LSTM %d/%d T%d B%d %s".formatted(inputs, units, steps, batch, dtype);
    }
}
