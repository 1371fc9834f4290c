package dev.clew.examples.peers;

import dev.clew.examples.benchmark.job.CharacterRnn;
import dev.clew.examples.benchmark.job.Gru;
import dev.clew.examples.benchmark.job.Job;
import dev.clew.examples.benchmark.job.LayerRun;
import dev.clew.examples.benchmark.job.Lstm;
import dev.clew.examples.benchmark.job.MinimalGatedUnit;
import dev.clew.nn.loss.Reduce;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The loops of the jobs, operation by operation those of their models in this project. What is given, data and weights, is made
 * once; a loss is built as often as it is asked for.
 */
final class Loops<T, L> {
    private final Maths<T, L> m;

    private Loops(Maths<T, L> maths) {
        this.m = maths;
    }

    /** What builds the loss of a job. */
    static <T, L> Supplier<T> of(Job job, Maths<T, L> maths) {
        Loops<T, L> loops = new Loops<>(maths);
        return switch (job) {
            case CharacterRnn rnn -> loops.characterRnn(rnn);
            case Lstm lstm -> loops.lstm(lstm);
            case MinimalGatedUnit unit -> loops.minimalGatedUnit(unit);
            case Gru gru -> loops.gru(gru);
            case LayerRun run -> loops.layerRun(run);
        };
    }

    private Supplier<T> characterRnn(CharacterRnn job) {
        Cell cell = new Cell("cell");
        Head head = new Head();
        List<T> xs = m.data(job.letters().subList(0, job.steps()).stream()
                .map(letters -> Tensor.oneHot(Tensor.of(letters), job.symbols(), job.dtype())
                        .value())
                .toList());
        List<L> next = m.labels(job.letters().subList(1, job.steps() + 1), job.symbols());
        return () -> {
            T h = m.zeros(job.batch(), job.units());
            T loss = m.number(0);
            for (int t = 0; t < job.steps(); t++) {
                h = m.tanh(cell.of(xs.get(t), h));
                T nats = m.nats(head.of(h), next.get(t));
                loss = m.plus(loss, job.reduce() == Reduce.MEAN ? m.mean(nats) : m.sum(nats));
            }
            return job.reduce() == Reduce.MEAN ? m.div(loss, m.number(job.steps())) : loss;
        };
    }

    private Supplier<T> lstm(Lstm job) {
        Head head = new Head();
        List<T> xs = m.data(job.xs());
        List<L> labels = m.labels(job.labels(), job.classes());
        List<Cell> gates = job.merged()
                ? List.of(new Cell("gates"))
                : List.of(new Cell("i"), new Cell("f"), new Cell("g"), new Cell("o"));
        return () -> {
            T h = m.zeros(job.batch(), job.units());
            T c = h;
            T loss = m.number(0);
            for (int t = 0; t < job.steps(); t++) {
                List<T> z = new ArrayList<>();
                for (Cell gate : gates) {
                    z.add(gate.of(xs.get(t), h));
                }
                z = job.merged() ? m.split(z.getFirst(), 4) : z;
                T kept = m.times(m.sigmoid(z.get(1)), c);
                c = m.plus(kept, m.times(m.sigmoid(z.get(0)), m.tanh(z.get(2))));
                h = m.times(m.sigmoid(z.get(3)), m.tanh(c));
                loss = m.plus(loss, m.mean(m.nats(head.of(h), labels.get(t))));
            }
            return m.div(loss, m.number(job.steps()));
        };
    }

    private Supplier<T> minimalGatedUnit(MinimalGatedUnit job) {
        Cell gate = new Cell("gate");
        Cell candidate = new Cell("candidate");
        T gain = m.weight("gain");
        T bias = m.weight("bias");
        Head head = new Head();
        List<T> xs = m.data(job.xs());
        List<L> labels = m.labels(job.labels(), job.classes());
        return () -> {
            T one = m.number(1);
            T h = m.zeros(job.batch(), job.units());
            T loss = m.number(0);
            for (int t = 0; t < job.steps(); t++) {
                T x = xs.get(t);
                T f = m.sigmoid(m.layerNorm(gate.of(x, h), gain, bias, MinimalGatedUnit.EPSILON));
                T c = m.tanh(candidate.of(x, m.times(f, h)));
                h = m.plus(m.times(m.minus(one, f), h), m.times(f, c));
                loss = m.plus(loss, m.mean(m.nats(head.of(h), labels.get(t))));
            }
            return m.div(loss, m.number(job.steps()));
        };
    }

    private Supplier<T> gru(Gru job) {
        Head head = new Head();
        List<GruCell> cells = List.of(
                new GruCell("first.forward"),
                new GruCell("first.backward"),
                new GruCell("second.forward"),
                new GruCell("second.backward"));
        List<T> xs = m.data(job.xs());
        List<T> masks = m.data(job.masks());
        List<L> labels = m.labels(job.labels(), job.classes());
        return () -> {
            T start = m.zeros(job.batch(), job.units());
            List<T> hs = layer(cells.get(0), cells.get(1), xs, masks, start);
            hs = layer(cells.get(2), cells.get(3), hs, masks, start);
            T loss = m.number(0);
            for (int t = 0; t < job.steps(); t++) {
                T nats = m.nats(head.of(hs.get(t)), labels.get(t));
                loss = m.plus(loss, m.sum(m.times(nats, masks.get(t))));
            }
            return m.div(loss, m.number(job.symbols()));
        };
    }

    private Supplier<T> layerRun(LayerRun job) {
        Head head = new Head();
        List<T> xs = m.data(job.xs());
        List<L> labels = m.labels(job.labels(), job.classes());
        LayerLoops<T> cells = new LayerLoops<>(m);
        return () -> {
            UnaryOperator<T> step = cells.from(job.kind(), m.zeros(job.batch(), job.units()));
            T loss = m.number(0);
            for (int t = 0; t < job.steps(); t++) {
                loss = m.plus(loss, m.mean(m.nats(head.of(step.apply(xs.get(t))), labels.get(t))));
            }
            return m.div(loss, m.number(job.steps()));
        };
    }

    private List<T> layer(GruCell forward, GruCell backward, List<T> xs, List<T> masks, T start) {
        List<T> ahead = forward.states(xs, masks, start, false);
        List<T> back = backward.states(xs, masks, start, true);
        return IntStream.range(0, xs.size())
                .mapToObj(t -> m.concat(ahead.get(t), back.get(t)))
                .toList();
    }

    /** x·wx + h·wh + b. */
    private final class Cell {
        private final T wx;
        private final T wh;
        private final T b;

        Cell(String name) {
            wx = m.weight(name + ".wx");
            wh = m.weight(name + ".wh");
            b = m.weight(name + ".b");
        }

        T of(T x, T h) {
            return m.plus(m.plus(m.matmul(x, wx), m.matmul(h, wh)), b);
        }
    }

    private final class GruCell {
        private final Cell r;
        private final Cell z;
        private final Cell n;
        private final T candidateBias;

        GruCell(String name) {
            r = new Cell(name + ".r");
            z = new Cell(name + ".z");
            n = new Cell(name + ".n");
            candidateBias = m.weight(name + ".candidateBias");
        }

        T next(T x, T h) {
            T reset = m.sigmoid(r.of(x, h));
            T keep = m.sigmoid(z.of(x, h));
            T inner = m.plus(m.matmul(h, n.wh), candidateBias);
            T candidate = m.tanh(m.plus(m.plus(m.matmul(x, n.wx), n.b), m.times(reset, inner)));
            return m.plus(m.times(m.minus(m.number(1), keep), candidate), m.times(keep, h));
        }

        List<T> states(List<T> xs, List<T> masks, T start, boolean backwards) {
            List<T> states = new ArrayList<>();
            T h = start;
            for (int i = 0; i < xs.size(); i++) {
                int t = backwards ? xs.size() - 1 - i : i;
                h = m.plus(h, m.times(masks.get(t), m.minus(next(xs.get(t), h), h)));
                states.add(h);
            }
            if (backwards) {
                Collections.reverse(states);
            }
            return states;
        }
    }

    /** h·weight + bias. */
    private final class Head {
        private final T weight = m.weight("head.weight");
        private final T bias = m.weight("head.bias");

        T of(T h) {
            return m.plus(m.matmul(h, weight), bias);
        }
    }
}
