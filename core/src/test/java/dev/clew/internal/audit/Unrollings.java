package dev.clew.internal.audit;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Ways in which a loop is unrolled: by layers and directions, from states of all kinds, over arrays of all steps. */
final class Unrollings {
    private static final int BATCH = 2;
    private static final int INPUTS = 2;
    private static final int UNITS = 3;

    private Unrollings() {}

    static Tensor attention(LoopBody loop) {
        List<Tensor> x = loop.data("x", INPUTS);
        Tensor[] h = {loop.zeros(UNITS)};
        List<Tensor> all = new ArrayList<>();
        loop.run(t -> {
            h[0] = loop.weight("W", UNITS, INPUTS)
                    .matmul(x.get(t))
                    .plus(loop.weight("U", UNITS, UNITS).matmul(h[0]))
                    .tanh();
            all.add(h[0]);
        });
        Tensor rows = Tensor.stack(0, all);
        return LoopBodies.squaredOf(
                rows.matmul(loop.weight("v", UNITS)).softmax(0).matmul(rows), loop);
    }

    static Tensor bidirectional(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        List<Tensor> forward = new ArrayList<>();
        loop.run(t -> {
            h[0] = LoopBodies.rows(loop, x.get(t), h[0]).tanh();
            forward.add(h[0]);
        });
        Tensor back = loop.zeros(BATCH, UNITS);
        List<Tensor> terms = new ArrayList<>();
        for (int t = loop.steps() - 1; t >= 0; t--) {
            back = x.get(t)
                    .matmul(loop.weight("Ub", INPUTS, UNITS))
                    .plus(back.matmul(loop.weight("Wb", UNITS, UNITS)))
                    .tanh();
            terms.add(Tensor.concat(1, List.of(forward.get(t), back))
                    .matmul(loop.weight("V", 2 * UNITS, 2))
                    .square()
                    .sum());
        }
        return Tensor.sum(terms);
    }

    static Tensor learnedState(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.weight("h0", BATCH, UNITS)};
        loop.run(t -> {
            Tensor z = LoopBodies.gate(loop, "z", x.get(t), h[0]).sigmoid();
            h[0] = z.times(h[0])
                    .plus(z.negate()
                            .plus(1)
                            .times(LoopBodies.gate(loop, "n", x.get(t), h[0]).tanh()));
        });
        return LoopBodies.squaredOf(h[0], loop);
    }

    static Tensor decoder(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {
            loop.initial(
                    loop.array(BATCH, 2).matmul(loop.weight("Wz", 2, UNITS)).tanh())
        };
        loop.run(t -> h[0] = LoopBodies.rows(loop, x.get(t), h[0]).tanh());
        return LoopBodies.squaredOf(h[0], loop);
    }

    static Tensor cutInputs(LoopBody loop) {
        Tensor x = loop.array(loop.steps(), BATCH, INPUTS);
        Tensor y = loop.array(loop.steps(), BATCH, UNITS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            h[0] = LoopBodies.rows(loop, x.get(t), h[0]).tanh();
            terms.add(h[0].minus(y.get(t)).square().sum());
        });
        return Tensor.sum(terms);
    }

    static Tensor cutProjections(LoopBody loop) {
        Tensor x = loop.array(loop.steps(), INPUTS);
        Tensor z = x.matmul(loop.weight("Uz", INPUTS, UNITS)).plus(loop.weight("bz", UNITS));
        Tensor n = x.matmul(loop.weight("Un", INPUTS, UNITS)).plus(loop.weight("bn", UNITS));
        Tensor[] h = {loop.zeros(UNITS)};
        loop.run(t -> {
            Tensor gate =
                    z.get(t).plus(h[0].matmul(loop.weight("Wz", UNITS, UNITS))).sigmoid();
            h[0] = gate.times(h[0])
                    .plus(n.get(t)
                            .plus(h[0].matmul(loop.weight("Wn", UNITS, UNITS)))
                            .tanh());
        });
        return LoopBodies.squaredOf(h[0], loop);
    }

    static Tensor broadcastState(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(UNITS).broadcastTo(BATCH, UNITS)};
        loop.run(t -> h[0] =
                h[0].times(0.9).plus(LoopBodies.rows(loop, x.get(t), h[0]).tanh()));
        return LoopBodies.squaredOf(h[0], loop);
    }

    static Tensor outputBefore(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> y = loop.data("y", BATCH, 2);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            terms.add(h[0].matmul(loop.weight("V", UNITS, 2))
                    .minus(y.get(t))
                    .square()
                    .sum());
            h[0] = LoopBodies.rows(loop, x.get(t), h[0]).tanh();
        });
        terms.add(LoopBodies.squaredOf(h[0], loop));
        return Tensor.sum(terms);
    }

    static Tensor fastWeights(LoopBody loop) {
        List<Tensor> x = loop.data("x", INPUTS, 1);
        List<Tensor> y = loop.data("y", UNITS, 1);
        Tensor[] w = {loop.zeros(UNITS, UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            Tensor key = loop.weight("K", UNITS, INPUTS).matmul(x.get(t));
            Tensor value = loop.weight("Q", UNITS, INPUTS).matmul(x.get(t));
            w[0] = w[0].plus(
                    value.minus(w[0].matmul(key)).matmul(key.transpose()).times(loop.weight("beta")));
            terms.add(w[0].matmul(key).minus(y.get(t)).square().sum());
        });
        return Tensor.sum(terms);
    }

    static Tensor totalFromFirst(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> y = loop.data("y", BATCH, UNITS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            h[0] = LoopBodies.rows(loop, x.get(t), h[0]).tanh();
            terms.add(h[0].minus(y.get(t)).square().sum());
        });
        return terms.stream().reduce(Tensor::plus).orElseThrow();
    }

    static Tensor twoLayers(LoopBody loop) {
        List<Tensor> x = loop.data("x", UNITS);
        List<Tensor> y = loop.data("y", UNITS);
        Tensor[] h = {loop.zeros(UNITS), loop.zeros(UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            Tensor below = x.get(t);
            for (int layer = 0; layer < 2; layer++) {
                below = loop.weight("W" + layer, UNITS, UNITS)
                        .matmul(below)
                        .plus(loop.weight("U" + layer, UNITS, UNITS).matmul(h[layer]))
                        .plus(loop.weight("b" + layer, UNITS))
                        .tanh();
                h[layer] = below;
            }
            terms.add(below.minus(y.get(t)).square().sum());
        });
        return Tensor.sum(terms);
    }

    static Tensor layerByLayer(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor h = loop.zeros(BATCH, INPUTS);
        List<Tensor> below = new ArrayList<>();
        for (int t = 0; t < loop.steps(); t++) {
            h = x.get(t)
                    .matmul(loop.weight("W1", INPUTS, INPUTS))
                    .plus(h.matmul(loop.weight("U1", INPUTS, INPUTS)))
                    .tanh();
            below.add(h);
        }
        Tensor[] state = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> state[0] = LoopBodies.rows(loop, below.get(t), state[0]).tanh());
        return LoopBodies.squaredOf(state[0], loop);
    }
}
