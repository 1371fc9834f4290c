package dev.clew.examples.benchmark.job;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Normalization;
import dev.clew.nn.loss.Losses;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * A cell that no framework has built in: a minimal gated unit (Zhou et al., 2016) whose gate is layer-normalized.
 *
 * <p>f = σ(LN(x·Wf + h·Uf + bf)), c = tanh(x·Wc + (f⊙h)·Uc + bc), h' = (1 − f)⊙h + f⊙c, with a readout to classes at every step.
 * The loss is the mean over the batch and the steps.
 */
public record MinimalGatedUnit(
        String name, int inputs, int units, int classes, int steps, int batch, DType dtype, double rate)
        implements Job {
    /** What is added to the variance of a row. */
    public static final double EPSILON = 1e-5;

    /** The affine parts of the gate and of the candidate, and the scale of the gate's normalization. */
    public record Network(
            MinimalGatedUnit job,
            Gate gate,
            Parameter gain,
            Parameter bias,
            Gate candidate,
            Linear head,
            List<NDArray> xs,
            List<NDArray> labels)
            implements Model {
        @Override
        public Tensor loss() {
            Tensor h = Tensor.zeros(job.dtype, job.batch, job.units);
            Tensor loss = Tensor.zeros(job.dtype);
            for (int t = 0; t < job.steps; t++) {
                Tensor x = Tensor.of(xs.get(t));
                Tensor f = Normalization.layerNorm(gate.of(x, h), gain, bias, EPSILON)
                        .sigmoid();
                Tensor c = candidate.of(x, f.times(h)).tanh();
                h = f.negate().plus(1).times(h).plus(f.times(c));
                loss = loss.plus(Losses.softmaxCrossEntropy(head.of(h), Tensor.of(labels.get(t))));
            }
            return loss.div(job.steps);
        }
    }

    @Override
    public Network model() {
        Fixed fixed = new Fixed(dtype, units);
        return new Network(
                this,
                Gate.create(inputs, units, fixed),
                Parameter.ones(dtype, units),
                Parameter.zeros(dtype, units),
                Gate.create(inputs, units, fixed),
                new Linear(fixed.weight(units, classes), fixed.weight(classes)),
                xs(),
                labels());
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
                * (Products.onData(batch, inputs, 2.0 * units)
                        + Products.trained(batch, units, 2.0 * units)
                        + Products.trained(batch, units, classes));
    }

    @Override
    public String sizes() {
        return "MGU %d/%d T%d B%d %s".formatted(inputs, units, steps, batch, dtype);
    }
}
