package dev.clew.examples.benchmark.job;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Reduce;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * An Elman network that learns which symbol comes next: one-hot symbols in, at every step the scores of the next one.
 *
 * @param reduce over the batch and the steps
 */
public record CharacterRnn(
        String name, Text text, int symbols, int units, int steps, int batch, DType dtype, Reduce reduce, double rate)
        implements Job {

    /** A cell, a readout and what is read. */
    public record Network(CharacterRnn job, RnnCell cell, Linear head, List<NDArray> letters) implements Model {
        @Override
        public Tensor loss() {
            CrossEntropy nats = CrossEntropy.create().withReduce(job.reduce);
            Tensor h = cell.start(job.batch);
            Tensor loss = Tensor.zeros(job.dtype);
            for (int t = 0; t < job.steps; t++) {
                Tensor x = Tensor.oneHot(Tensor.of(letters.get(t)), job.symbols, job.dtype);
                h = cell.next(x, h);
                loss = loss.plus(nats.of(head.of(h), Tensor.of(letters.get(t + 1))));
            }
            return job.reduce == Reduce.MEAN ? loss.div(job.steps) : loss;
        }
    }

    @Override
    public Network model() {
        Fixed fixed = new Fixed(dtype, units);
        return new Network(
                this,
                new RnnCell(fixed.weight(symbols, units), fixed.weight(units, units), fixed.weight(units)),
                new Linear(fixed.weight(units, symbols), fixed.weight(symbols)),
                letters());
    }

    /** The symbols, one position more than there are steps. Shapes: per position (batch). */
    public List<NDArray> letters() {
        return text.letters(steps + 1, batch, symbols);
    }

    @Override
    public double flops() {
        return steps * (Products.trained(batch, units, units) + Products.trained(batch, units, symbols));
    }

    @Override
    public String sizes() {
        return "RNN V%d H%d T%d B%d %s".formatted(symbols, units, steps, batch, dtype);
    }
}
