package dev.clew.examples.benchmark.job;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Reduce;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gated recurrent units in two layers, each in both directions, over sequences of different lengths, with a readout to classes
 * at every step (Cho et al., 2014; with the reset gate after the product, as in cuDNN):
 *
 * <p>r = σ(x·Wr + h·Ur + br), z = σ(x·Wz + h·Uz + bz), n = tanh(x·Wn + bn + r⊙(h·Un + cn)), h' = (1 − z)⊙n + z⊙h.
 *
 * <p>Where a sequence has ended, the state stays. The loss is the mean over the steps that sequences have.
 *
 * @param shortest the least length of a sequence; the longest is {@code steps}
 */
public record Gru(
        String name, int inputs, int units, int classes, int shortest, int steps, int batch, DType dtype, double rate)
        implements Job {
    private static final int DIRECTIONS = 2;

    /** One direction of one layer. Shapes: per gate as in {@link Gate}, candidateBias (units). */
    public record Cell(Gate r, Gate z, Gate n, Parameter candidateBias) {
        static Cell create(int inputs, int units, Fixed fixed) {
            return new Cell(
                    Gate.create(inputs, units, fixed),
                    Gate.create(inputs, units, fixed),
                    Gate.create(inputs, units, fixed),
                    fixed.weight(units));
        }

        Tensor next(Tensor x, Tensor h) {
            Tensor reset = r.of(x, h).sigmoid();
            Tensor keep = z.of(x, h).sigmoid();
            Tensor inner = h.matmul(n.wh()).plus(candidateBias);
            Tensor candidate =
                    x.matmul(n.wx()).plus(n.b()).plus(reset.times(inner)).tanh();
            return keep.negate().plus(1).times(candidate).plus(keep.times(h));
        }

        /** The states at all steps, the first computed from the last if backwards. */
        List<Tensor> states(List<Tensor> xs, List<Tensor> masks, Tensor start, boolean backwards) {
            List<Tensor> states = new ArrayList<>();
            Tensor h = start;
            for (int i = 0; i < xs.size(); i++) {
                int t = backwards ? xs.size() - 1 - i : i;
                h = h.plus(masks.get(t).times(next(xs.get(t), h).minus(h)));
                states.add(h);
            }
            if (backwards) {
                Collections.reverse(states);
            }
            return states;
        }
    }

    /** Both directions of one layer. */
    public record Layer(Cell forward, Cell backward) {
        static Layer create(int inputs, int units, Fixed fixed) {
            return new Layer(Cell.create(inputs, units, fixed), Cell.create(inputs, units, fixed));
        }

        /** Shapes: per step x (batch, inputs) → (batch, 2·units). */
        List<Tensor> of(List<Tensor> xs, List<Tensor> masks, Tensor start) {
            List<Tensor> ahead = forward.states(xs, masks, start, false);
            List<Tensor> back = backward.states(xs, masks, start, true);
            return IntStream.range(0, xs.size())
                    .mapToObj(t -> Tensor.concat(-1, List.of(ahead.get(t), back.get(t))))
                    .toList();
        }
    }

    /** Two layers and a readout. */
    public record Network(
            Gru job,
            Layer first,
            Layer second,
            Linear head,
            List<NDArray> xs,
            List<NDArray> masks,
            List<NDArray> labels)
            implements Model {
        @Override
        public Tensor loss() {
            CrossEntropy nats = CrossEntropy.create().withReduce(Reduce.NONE);
            List<Tensor> there = masks.stream().map(Tensor::of).toList();
            Tensor start = Tensor.zeros(job.dtype, job.batch, job.units);
            List<Tensor> hs = first.of(xs.stream().map(Tensor::of).toList(), there, start);
            hs = second.of(hs, there, start);
            Tensor loss = Tensor.zeros(job.dtype);
            for (int t = 0; t < job.steps; t++) {
                Tensor cost = nats.of(head.of(hs.get(t)), Tensor.of(labels.get(t)));
                loss = loss.plus(cost.times(there.get(t).squeeze(-1)).sum());
            }
            return loss.div(job.symbols());
        }
    }

    @Override
    public Network model() {
        Fixed fixed = new Fixed(dtype, units);
        return new Network(
                this,
                Layer.create(inputs, units, fixed),
                Layer.create(DIRECTIONS * units, units, fixed),
                new Linear(fixed.weight(DIRECTIONS * units, classes), fixed.weight(classes)),
                xs(),
                masks(),
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

    /** 1 where a sequence has a step, 0 after its end. Shapes: per step (batch, 1). */
    public List<NDArray> masks() {
        int[] lengths = lengths();
        return IntStream.range(0, steps)
                .mapToObj(t -> NDArray.build(dtype, Shape.of(batch, 1), (block, from, count) -> {
                    for (int i = 0; i < count; i++) {
                        block[i] = t < lengths[from + i] ? 1 : 0;
                    }
                }))
                .toList();
    }

    /** How many steps all sequences have together. */
    public int symbols() {
        return IntStream.of(lengths()).sum();
    }

    private int[] lengths() {
        return RandomKey.of(3)
                .uniform(shortest, steps + 1, DType.F64, Shape.of(batch))
                .toInts();
    }

    @Override
    public double flops() {
        double first = Products.onData(batch, inputs, 3.0 * units);
        double second = Products.trained(batch, 2.0 * units, 3.0 * units);
        double recurrent = Products.trained(batch, units, 3.0 * units);
        double head = Products.trained(batch, 2.0 * units, classes);
        return steps * (DIRECTIONS * (first + second + 2 * recurrent) + head);
    }

    @Override
    public String sizes() {
        return "GRU 2x2 %d/%d T%d-%d B%d %s".formatted(inputs, units, shortest, steps, batch, dtype);
    }
}
