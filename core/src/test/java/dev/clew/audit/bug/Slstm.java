package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An LSTM with an exponential input gate, a normalizer n and a stabilizer m, and a loss on its last cell state too: with a =
 * x_t·W + h_{t−1}·U + b of every gate, m_t = max(log σ(af) + m_{t−1}, ai), i = exp(ai − m_t), f = exp(log σ(af) + m_{t−1} − m_t), z =
 * tanh(az), o = σ(ao), c_t = f⊙c_{t−1} + i⊙z, n_t = f⊙n_{t−1} + i, h_t = o⊙c_t/n_t.
 */
public final class Slstm implements AuditedCell {
    static final int STEPS = 13;
    static final List<String> GATES = List.of("i", "f", "z", "o");
    static final Readout READOUT = new Readout(Readout.Kind.SQUARED, "d", "s");

    private static final int BATCH = 3;
    private static final int INPUTS = 3;
    private static final int UNITS = 4;
    private static final int OUTPUTS = 3;

    @Override
    public String name() {
        return "sLSTM";
    }

    @Override
    public Map<String, NDArray> point(long seed) {
        Draw draw = new Draw(seed);
        for (String gate : GATES) {
            draw.normal("W" + gate, 0.6, INPUTS, UNITS)
                    .normal("U" + gate, 0.6, UNITS, UNITS)
                    .normal("b" + gate, 0.4, UNITS);
        }
        return draw.normal("V", 0.7, UNITS, OUTPUTS)
                .normal("d", 0.3, OUTPUTS)
                .normal("h0", 0.6, BATCH, UNITS)
                .normal("c0", 0.8, BATCH, UNITS)
                .within("n0", 0.5, 1.5, BATCH, UNITS)
                .normal("m0", 0.5, BATCH, UNITS)
                .normal("x", 1, STEPS, BATCH, INPUTS)
                .normal("k", 1, BATCH, UNITS)
                .normal("y", 0.7, STEPS, BATCH, OUTPUTS)
                .point();
    }

    @Override
    public Unrolled model(Map<String, Tensor> point) {
        Map<String, List<Tensor>> steps = new LinkedHashMap<>();
        Tensor h = Draw.at(point, "h0");
        Tensor c = Draw.at(point, "c0");
        Tensor n = Draw.at(point, "n0");
        Tensor m = Draw.at(point, "m0");
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Graphs.keep(steps, "x", Draw.at(point, "x").get(0, t));
            Tensor ai = Graphs.keep(steps, "ai", Graphs.gate(point, "i", x, h));
            Tensor af = Graphs.keep(steps, "af", Graphs.gate(point, "f", x, h));
            Tensor az = Graphs.keep(steps, "az", Graphs.gate(point, "z", x, h));
            Tensor ao = Graphs.keep(steps, "ao", Graphs.gate(point, "o", x, h));
            Tensor decayed = af.logSigmoid().plus(m);
            m = Graphs.keep(steps, "m", decayed.maximum(ai));
            Tensor i = Graphs.keep(steps, "i", ai.minus(m).exp());
            Tensor f = Graphs.keep(steps, "f", decayed.minus(m).exp());
            c = Graphs.keep(steps, "c", f.times(c).plus(i.times(Graphs.keep(steps, "z", az.tanh()))));
            n = Graphs.keep(steps, "n", f.times(n).plus(i));
            h = Graphs.keep(steps, "h", Graphs.keep(steps, "o", ao.sigmoid()).times(c.div(n)));
        }
        steps.put("s", READOUT.outputs(point, Draw.at(steps, "h")));
        Tensor last = c.minus(Draw.at(point, "k")).square().sum().div(BATCH);
        Tensor loss = READOUT.loss(point, Draw.at(steps, "s")).plus(last);
        Unrolled unrolled = Graphs.unrolled(loss, Graphs.some(point, parameters()), steps);
        for (String state : List.of("h0", "c0", "n0", "m0")) {
            unrolled = unrolled.withInitial(state, Draw.at(point, state));
        }
        return unrolled;
    }

    private static String[] parameters() {
        List<String> names = new ArrayList<>();
        GATES.forEach(gate -> names.addAll(List.of("W" + gate, "U" + gate, "b" + gate)));
        names.addAll(List.of("V", "d"));
        return names.toArray(String[]::new);
    }

    @Override
    public List<Bug> bugs() {
        return SlstmBugs.all();
    }

    @Override
    public ByHand run(Map<String, NDArray> point, Switches on) {
        SlstmByHand pass = new SlstmByHand(point, on);
        return pass.result(Backwards.run(pass, on), point);
    }

    @Override
    public String toString() {
        return name();
    }
}
