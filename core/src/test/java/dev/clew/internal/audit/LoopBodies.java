package dev.clew.internal.audit;

import dev.clew.internal.audit.LoopBody.Cell;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plain recurrent cells, of which all steps do the same. */
final class LoopBodies {
    private static final int BATCH = 2;
    private static final int INPUTS = 2;
    private static final int UNITS = 3;

    private LoopBodies() {}

    static Map<String, Cell> all() {
        Map<String, Cell> all = new LinkedHashMap<>();
        all.put("vector RNN", LoopBodies::vectors);
        all.put("RNN, loss at the end", LoopBodies::lossAtTheEnd);
        all.put("RNN, running total", LoopBodies::runningTotal);
        all.put("RNN, stacked outputs", LoopBodies::stacked);
        all.put("fused LSTM", LoopBodies::fusedLstm);
        all.put("LSTM, zeros shared", LoopBodies::sharedZeros);
        all.put("LSTM, matrices of its own", LoopBodies::plainLstm);
        all.put("GRU, torch", LoopBodies::torchGru);
        all.put("GRU, reset before", LoopBodies::resetBefore);
        all.put("minimal gated", LoopBodies::minimal);
        all.put("scalar RNN", LoopBodies::scalar);
        all.put("scalar RNN of whole numbers", LoopBodies::wholeNumbers);
        all.put("leaky", LoopBodies::leaky);
        all.put("multiplicative", LoopBodies::multiplicative);
        all.put("layer norm", LoopBodies::normalized);
        all.put("SCRN", LoopBodies::structurallyConstrained);
        all.put("LIF", LoopBodies::spiking);
        all.put("Elman and Jordan", LoopBodies::elmanJordan);
        all.put("independent units", LoopBodies::independent);
        all.put("QRNN", LoopBodies::quasi);
        all.put("residual", LoopBodies::residual);
        all.put("Euler", LoopBodies::euler);
        all.put("linear", LoopBodies::linear);
        all.put("one state twice", LoopBodies::twice);
        all.put("two layers", Unrollings::twoLayers);
        all.put("two layers, one after the other", Unrollings::layerByLayer);
        all.put("masked", LoopBodies::masked);
        all.put("masked by where", LoopBodies::where);
        all.put("zoneout", LoopBodies::zoneout);
        all.put("attention to what went before", Unrollings::attention);
        all.put("both directions", Unrollings::bidirectional);
        all.put("from a learned state", Unrollings::learnedState);
        all.put("from a named state that is computed", Unrollings::decoder);
        all.put("inputs cut from one array", Unrollings::cutInputs);
        all.put("projected inputs cut from one array", Unrollings::cutProjections);
        all.put("state made of one row", Unrollings::broadcastState);
        all.put("output of the state before", Unrollings::outputBefore);
        all.put("fast weights", Unrollings::fastWeights);
        all.put("total of two", Unrollings::totalFromFirst);
        return all;
    }

    private static Tensor squared(List<Tensor> outputs, List<Tensor> targets) {
        List<Tensor> terms = new ArrayList<>();
        for (int t = 0; t < outputs.size(); t++) {
            terms.add(outputs.get(t).minus(targets.get(t)).square().sum());
        }
        return Tensor.sum(terms);
    }

    static Tensor squaredOf(Tensor last, LoopBody loop) {
        return last.minus(loop.weight("end", last.shape().lengths())).square().sum();
    }

    private static Tensor vectors(LoopBody loop) {
        Tensor wx = loop.weight("Wx", UNITS, INPUTS);
        Tensor wh = loop.weight("Wh", UNITS, UNITS);
        Tensor b = loop.weight("b", UNITS);
        Tensor v = loop.weight("V", 2, UNITS);
        List<Tensor> x = loop.data("x", INPUTS);
        List<Tensor> y = loop.data("y", 2);
        Tensor[] h = {loop.zeros(UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            h[0] = wx.matmul(x.get(t)).plus(wh.matmul(h[0])).plus(b).tanh();
            terms.add(v.matmul(h[0]).minus(y.get(t)).square().sum());
        });
        return Tensor.sum(terms);
    }

    static Tensor rows(LoopBody loop, Tensor x, Tensor h) {
        return x.matmul(loop.weight("U", INPUTS, UNITS))
                .plus(h.matmul(loop.weight("W", UNITS, UNITS)))
                .plus(loop.weight("b", UNITS));
    }

    private static Tensor lossAtTheEnd(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> h[0] = rows(loop, x.get(t), h[0]).tanh());
        return squaredOf(h[0], loop);
    }

    private static Tensor runningTotal(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> y = loop.data("y", BATCH, UNITS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        Tensor[] total = {loop.zeros()};
        loop.run(t -> {
            h[0] = rows(loop, x.get(t), h[0]).tanh();
            total[0] = total[0].plus(h[0].minus(y.get(t)).square().sum());
        });
        return total[0];
    }

    private static Tensor stacked(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        List<Tensor> all = new ArrayList<>();
        loop.run(t -> {
            h[0] = rows(loop, x.get(t), h[0]).tanh();
            all.add(h[0]);
        });
        return Tensor.stack(0, all).matmul(loop.weight("V", UNITS, 2)).square().sum();
    }

    private static Tensor lstm(LoopBody loop, Tensor h0, Tensor c0) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> y = loop.data("y", BATCH, UNITS);
        Tensor w = loop.weight("W", UNITS + INPUTS, 4 * UNITS);
        Tensor b = loop.weight("b", 4 * UNITS);
        Tensor[] state = {h0, c0};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            List<Tensor> gates = Tensor.concat(1, List.of(state[0], x.get(t)))
                    .matmul(w)
                    .plus(b)
                    .split(1, 4);
            state[1] = gates.get(0)
                    .sigmoid()
                    .times(state[1])
                    .plus(gates.get(1).sigmoid().times(gates.get(3).tanh()));
            state[0] = gates.get(2).sigmoid().times(state[1].tanh());
            terms.add(state[0].minus(y.get(t)).square().sum());
        });
        return Tensor.sum(terms);
    }

    private static Tensor fusedLstm(LoopBody loop) {
        return lstm(loop, loop.zeros(BATCH, UNITS), loop.zeros(BATCH, UNITS));
    }

    private static Tensor sharedZeros(LoopBody loop) {
        Tensor zeros = loop.zeros(BATCH, UNITS);
        return lstm(loop, zeros, zeros);
    }

    private static Tensor plainLstm(LoopBody loop) {
        List<Tensor> x = loop.data("x", INPUTS);
        Tensor[] state = {loop.zeros(UNITS), loop.zeros(UNITS)};
        loop.run(t -> {
            List<Tensor> gates = new ArrayList<>();
            for (String gate : List.of("f", "i", "o", "g")) {
                gates.add(loop.weight("W" + gate, UNITS, INPUTS)
                        .matmul(x.get(t))
                        .plus(loop.weight("U" + gate, UNITS, UNITS).matmul(state[0]))
                        .plus(loop.weight("b" + gate, UNITS)));
            }
            state[1] = gates.get(1)
                    .sigmoid()
                    .times(gates.get(3).tanh())
                    .plus(gates.get(0).sigmoid().times(state[1]));
            state[0] = state[1].tanh().times(gates.get(2).sigmoid());
        });
        return squaredOf(state[0], loop);
    }

    private static Tensor torchGru(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor wi = loop.weight("wi", 3 * UNITS, INPUTS);
        Tensor wh = loop.weight("wh", 3 * UNITS, UNITS);
        Tensor bi = loop.weight("bi", 3 * UNITS);
        Tensor bh = loop.weight("bh", 3 * UNITS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> {
            List<Tensor> p = x.get(t).matmul(wi.transpose()).plus(bi).split(1, 3);
            List<Tensor> q = h[0].matmul(wh.transpose()).plus(bh).split(1, 3);
            Tensor r = p.get(0).plus(q.get(0)).sigmoid();
            Tensor z = p.get(1).plus(q.get(1)).sigmoid();
            Tensor n = p.get(2).plus(r.times(q.get(2))).tanh();
            h[0] = z.negate().plus(1).times(n).plus(z.times(h[0]));
        });
        return squaredOf(h[0], loop);
    }

    static Tensor gate(LoopBody loop, String name, Tensor x, Tensor h) {
        return x.matmul(loop.weight("W" + name, INPUTS, UNITS)).plus(h.matmul(loop.weight("U" + name, UNITS, UNITS)));
    }

    private static Tensor resetBefore(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> {
            Tensor z = gate(loop, "z", x.get(t), h[0]).sigmoid();
            Tensor r = gate(loop, "r", x.get(t), h[0]).sigmoid();
            Tensor n = gate(loop, "n", x.get(t), r.times(h[0])).tanh();
            h[0] = z.times(h[0]).plus(z.negate().plus(1).times(n));
        });
        return squaredOf(h[0], loop);
    }

    private static Tensor minimal(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> y = loop.data("y", BATCH, UNITS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            Tensor f = gate(loop, "f", x.get(t), h[0]).sigmoid();
            h[0] = h[0].lerp(gate(loop, "n", x.get(t), f.times(h[0])).tanh(), f);
            terms.add(h[0].minus(y.get(t)).square().sum());
        });
        return Tensor.sum(terms);
    }

    private static Tensor scalar(LoopBody loop) {
        List<Tensor> x = loop.data("x");
        List<Tensor> y = loop.data("y");
        Tensor[] h = {loop.zeros()};
        List<Tensor> states = new ArrayList<>();
        loop.run(t -> {
            h[0] = loop.weight("w")
                    .times(h[0])
                    .plus(loop.weight("u").times(x.get(t)))
                    .plus(loop.weight("b"))
                    .tanh();
            states.add(h[0].minus(y.get(t)).square());
        });
        return Tensor.sum(states);
    }

    private static Tensor wholeNumbers(LoopBody loop) {
        double[] some = {2, 3, 2, 5, 2};
        Tensor[] h = {loop.zeros()};
        loop.run(t -> h[0] = loop.weight("w")
                .times(h[0])
                .plus(loop.weight("u").times(Tensor.of(some[t])))
                .tanh());
        return squaredOf(h[0], loop);
    }

    private static Tensor leaky(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t ->
                h[0] = h[0].times(0.7).plus(rows(loop, x.get(t), h[0]).tanh().times(0.3)));
        return squaredOf(h[0], loop);
    }

    private static Tensor multiplicative(LoopBody loop) {
        List<Tensor> x = loop.data("x", INPUTS);
        Tensor[] h = {loop.zeros(UNITS)};
        loop.run(t -> {
            Tensor m = loop.weight("Wmx", UNITS, INPUTS)
                    .matmul(x.get(t))
                    .times(loop.weight("Wmh", UNITS, UNITS).matmul(h[0]));
            h[0] = loop.weight("Whm", UNITS, UNITS)
                    .matmul(m)
                    .plus(loop.weight("Whx", UNITS, INPUTS).matmul(x.get(t)))
                    .plus(loop.weight("b", UNITS))
                    .tanh();
        });
        return squaredOf(h[0], loop);
    }

    private static Tensor normalized(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> {
            Tensor s = gate(loop, "", x.get(t), h[0]);
            Tensor centered = s.minus(s.mean(true, 1));
            h[0] = centered.times(centered.square().mean(true, 1).plus(1e-5).rsqrt())
                    .times(loop.weight("gain", UNITS))
                    .tanh();
        });
        return squaredOf(h[0], loop);
    }

    private static Tensor structurallyConstrained(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] state = {loop.zeros(BATCH, UNITS), loop.zeros(BATCH, UNITS)};
        loop.run(t -> {
            state[1] =
                    x.get(t).matmul(loop.weight("B", INPUTS, UNITS)).times(0.05).plus(state[1].times(0.95));
            state[0] = state[1].matmul(loop.weight("P", UNITS, UNITS))
                    .plus(gate(loop, "", x.get(t), state[0]))
                    .sigmoid();
        });
        return squaredOf(state[0].plus(state[1]), loop);
    }

    private static Tensor spiking(LoopBody loop) {
        List<Tensor> x = loop.data("x", INPUTS);
        List<Tensor> y = loop.data("y", UNITS);
        Tensor[] state = {loop.zeros(UNITS), loop.zeros(UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            state[0] = state[0].times(0.8)
                    .times(state[1].negate().plus(1))
                    .plus(loop.weight("W", UNITS, INPUTS).matmul(x.get(t)))
                    .plus(loop.weight("R", UNITS, UNITS).matmul(state[1]));
            Tensor over = state[0].minus(0.5);
            state[1] = over.times(3).sigmoid();
            terms.add(state[1].minus(y.get(t)).square().sum());
        });
        return Tensor.sum(terms);
    }

    private static Tensor elmanJordan(LoopBody loop) {
        List<Tensor> x = loop.data("x", INPUTS);
        List<Tensor> y = loop.data("y", 2);
        Tensor[] state = {loop.zeros(UNITS), loop.zeros(2)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            Tensor n = loop.weight("Wx", UNITS, INPUTS)
                    .matmul(x.get(t))
                    .plus(loop.weight("Wh", UNITS, UNITS).matmul(state[0]))
                    .plus(loop.weight("Wy", UNITS, 2).matmul(state[1]))
                    .plus(loop.weight("b", UNITS))
                    .tanh();
            state[0] = state[0].times(0.7).plus(n.times(0.3));
            state[1] = loop.weight("V", 2, UNITS)
                    .matmul(state[0])
                    .plus(loop.weight("c", 2))
                    .sigmoid();
            terms.add(state[1].minus(y.get(t)).square().sum().times(0.5));
        });
        return Tensor.sum(terms);
    }

    private static Tensor independent(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> h[0] = x.get(t)
                .matmul(loop.weight("W", INPUTS, UNITS))
                .plus(loop.weight("u", UNITS).times(h[0]))
                .plus(loop.weight("b", UNITS))
                .relu());
        return squaredOf(h[0], loop);
    }

    private static Tensor quasi(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> before = loop.data("before", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> {
            Tensor z = x.get(t)
                    .matmul(loop.weight("Wz0", INPUTS, UNITS))
                    .plus(before.get(t).matmul(loop.weight("Wz1", INPUTS, UNITS)))
                    .tanh();
            Tensor f = x.get(t)
                    .matmul(loop.weight("Wf0", INPUTS, UNITS))
                    .plus(before.get(t).matmul(loop.weight("Wf1", INPUTS, UNITS)))
                    .sigmoid();
            h[0] = f.times(h[0]).plus(f.negate().plus(1).times(z));
        });
        return squaredOf(h[0], loop);
    }

    private static Tensor residual(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> h[0] = h[0].plus(rows(loop, x.get(t), h[0]).tanh()));
        return squaredOf(h[0], loop);
    }

    private static Tensor euler(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> y = loop.data("y", BATCH, UNITS);
        List<Tensor> dt = loop.data("dt", BATCH, 1);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        List<Tensor> terms = new ArrayList<>();
        loop.run(t -> {
            h[0] = h[0].plus(dt.get(t).square().times(rows(loop, x.get(t), h[0]).tanh()));
            terms.add(h[0].minus(y.get(t)).square().sum());
        });
        return Tensor.sum(terms);
    }

    private static Tensor linear(LoopBody loop) {
        List<Tensor> x = loop.data("x", UNITS);
        List<Tensor> y = loop.data("y", UNITS);
        Tensor[] h = {loop.zeros(UNITS)};
        List<Tensor> states = new ArrayList<>();
        loop.run(t -> {
            h[0] = loop.weight("a", UNITS)
                    .times(h[0])
                    .plus(loop.weight("b", UNITS).times(x.get(t)));
            states.add(h[0]);
        });
        return squared(states, y);
    }

    private static Tensor twice(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> h[0] = h[0].times(0.7)
                .plus(h[0].times(0.2).square())
                .plus(rows(loop, x.get(t), h[0]).tanh().times(0.3)));
        return squaredOf(h[0], loop).times(0.5);
    }

    private static Tensor masked(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> m = loop.data("m", BATCH, 1);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> h[0] = m.get(t)
                .times(rows(loop, x.get(t), h[0]).tanh())
                .plus(m.get(t).negate().plus(1).times(h[0])));
        return squaredOf(h[0], loop);
    }

    private static Tensor where(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> m = loop.data("m", BATCH, 1);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> h[0] = Tensor.where(
                m.get(t).greaterThan(0.5), rows(loop, x.get(t), h[0]).tanh(), h[0]));
        return squaredOf(h[0], loop);
    }

    private static Tensor zoneout(LoopBody loop) {
        List<Tensor> x = loop.data("x", BATCH, INPUTS);
        List<Tensor> z = loop.data("z", BATCH, UNITS);
        Tensor[] h = {loop.zeros(BATCH, UNITS)};
        loop.run(t -> h[0] = z.get(t)
                .times(h[0])
                .plus(z.get(t).negate().plus(1).times(rows(loop, x.get(t), h[0]).tanh())));
        return squaredOf(h[0], loop);
    }
}
