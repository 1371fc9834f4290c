package dev.clew.examples.benchmark.job;

import com.google.common.collect.Lists;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.examples.SurpriseCell;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A cell of the library, or one of a user's own, over sequences of one length by {@link Run}, with a readout to classes at every step; and
 * the same as a loop that a user writes by hand. The loss is the mean over the batch and the steps.
 */
public record LayerRun(
        String name, Kind kind, int inputs, int units, int classes, int steps, int batch, DType dtype, double rate)
        implements Job {

    /** Which cell. */
    public enum Kind {
        /** {@link Lstm}, without peepholes and projection. */
        LSTM {
            @Override
            Cell<?> cell(int inputs, int units, Fixed fixed) {
                return new Lstm(
                        fixed.weight(inputs, 4 * units),
                        fixed.weight(units, 4 * units),
                        fixed.weight(4 * units),
                        Optional.empty(),
                        Optional.empty(),
                        false);
            }
        },
        /** {@link Gru}, with the reset after the product. */
        GRU {
            @Override
            Cell<?> cell(int inputs, int units, Fixed fixed) {
                return new Gru(
                        fixed.weight(inputs, 3 * units),
                        fixed.weight(units, 3 * units),
                        fixed.weight(3 * units),
                        Optional.of(fixed.weight(units)));
            }
        },
        /** {@link SurpriseCell}, which no framework has built in. */
        SURPRISE {
            @Override
            Cell<?> cell(int inputs, int units, Fixed fixed) {
                return new SurpriseCell(
                        fixed.weight(inputs, units),
                        fixed.weight(units, units),
                        fixed.weight(units, units),
                        fixed.weight(units),
                        fixed.weight(units),
                        fixed.weight(units));
            }
        };

        abstract Cell<?> cell(int inputs, int units, Fixed fixed);
    }

    /** A cell, a readout and what is read. Shapes: x (batch, steps, inputs), labels (batch, steps). */
    public record Network(Cell<?> cell, Linear head, NDArray x, NDArray labels) implements Model {
        @Override
        public Tensor loss() {
            Tensor outputs = Run.of(cell, Tensor.of(x)).outputs();
            return Losses.softmaxCrossEntropy(head.of(outputs), Tensor.of(labels));
        }
    }

    @Override
    public Network model() {
        Fixed fixed = new Fixed(dtype, units);
        return new Network(
                kind.cell(inputs, units, fixed),
                new Linear(fixed.weight(units, classes), fixed.weight(classes)),
                inOne(xs()),
                inOne(labels()));
    }

    /** The same with the loop and the equations of the cell written out. */
    public Model byHand() {
        Network network = model();
        return new LoopByHand(network.cell, network.head, xs(), labels());
    }

    private static NDArray inOne(List<NDArray> steps) {
        return Tensor.stack(1, Lists.transform(steps, Tensor::of)).value();
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
        double ofInputs = switch (kind) {
            case LSTM -> 4;
            case GRU -> 3;
            case SURPRISE -> 1;
        };
        double ofStates = kind == Kind.SURPRISE ? 2 : ofInputs;
        return steps
                * (Products.onData(batch, inputs, ofInputs * units)
                        + Products.trained(batch, units, ofStates * units)
                        + Products.trained(batch, units, classes));
    }

    @Override
    public String sizes() {
        return "Run of %s %d/%d T%d B%d %s".formatted(kind, inputs, units, steps, batch, dtype);
    }
}
