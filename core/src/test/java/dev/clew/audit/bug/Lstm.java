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
 * An LSTM with a loss on its last cell state too: c_t = f⊙c_{t−1} + i⊙g, h_t = o⊙tanh(c_t), where f, i, o = σ(x_t·W + h_{t−1}·U + b)
 * and g = tanh of the same; peepholes add p⊙c_{t−1} to f and i, and p⊙c_t to o.
 */
public final class Lstm implements AuditedCell {
    static final int STEPS = 13;
    static final List<String> GATES = List.of("f", "i", "g", "o");
    static final Readout READOUT = new Readout(Readout.Kind.SQUARED, "d", "s");

    private static final int BATCH = 3;
    private static final int INPUTS = 3;
    private static final int UNITS = 4;
    private static final int OUTPUTS = 3;

    private final boolean peepholes;

    private Lstm(boolean peepholes) {
        this.peepholes = peepholes;
    }

    public static Lstm plain() {
        return new Lstm(false);
    }

    public static Lstm withPeepholes() {
        return new Lstm(true);
    }

    @Override
    public String name() {
        return peepholes ? "LSTM with peepholes" : "LSTM";
    }

    @Override
    public Map<String, NDArray> point(long seed) {
        Draw draw = new Draw(seed);
        for (String gate : GATES) {
            draw.normal("W" + gate, 0.6, INPUTS, UNITS)
                    .normal("U" + gate, 0.6, UNITS, UNITS)
                    .normal("b" + gate, 0.4, UNITS);
        }
        if (peepholes) {
            draw.normal("pf", 0.6, UNITS).normal("pi", 0.6, UNITS).normal("po", 0.6, UNITS);
        }
        return draw.normal("V", 0.7, UNITS, OUTPUTS)
                .normal("d", 0.3, OUTPUTS)
                .normal("h0", 0.6, BATCH, UNITS)
                .normal("c0", 0.8, BATCH, UNITS)
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
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Graphs.keep(steps, "x", Draw.at(point, "x").get(0, t));
            Tensor f = Graphs.keep(steps, "f", ahead(steps, point, "f", x, h, c).sigmoid());
            Tensor i = Graphs.keep(steps, "i", ahead(steps, point, "i", x, h, c).sigmoid());
            Tensor g = Graphs.keep(steps, "g", ahead(steps, point, "g", x, h, c).tanh());
            c = Graphs.keep(steps, "c", f.times(c).plus(i.times(g)));
            Tensor o = Graphs.keep(steps, "o", ahead(steps, point, "o", x, h, c).sigmoid());
            h = Graphs.keep(steps, "h", o.times(c.tanh()));
        }
        steps.put("s", READOUT.outputs(point, Draw.at(steps, "h")));
        Tensor last = c.minus(Draw.at(point, "k")).square().sum().div(BATCH);
        Tensor loss = READOUT.loss(point, Draw.at(steps, "s")).plus(last);
        return Graphs.unrolled(loss, Graphs.some(point, parameters().toArray(String[]::new)), steps)
                .withInitial("h0", Draw.at(point, "h0"))
                .withInitial("c0", Draw.at(point, "c0"));
    }

    private Tensor ahead(
            Map<String, List<Tensor>> steps, Map<String, Tensor> point, String gate, Tensor x, Tensor h, Tensor c) {
        Tensor plain = Graphs.gate(point, gate, x, h);
        boolean peeps = peepholes && !gate.equals("g");
        return Graphs.keep(steps, "a" + gate, peeps ? plain.plus(c.times(Draw.at(point, "p" + gate))) : plain);
    }

    private List<String> parameters() {
        List<String> names = new ArrayList<>();
        GATES.forEach(gate -> names.addAll(List.of("W" + gate, "U" + gate, "b" + gate)));
        names.addAll(peepholes ? List.of("pf", "pi", "po") : List.of());
        names.addAll(List.of("V", "d"));
        return names;
    }

    @Override
    public List<Bug> bugs() {
        return LstmBugs.of(peepholes);
    }

    @Override
    public ByHand run(Map<String, NDArray> point, Switches on) {
        LstmByHand pass = new LstmByHand(point, on, STEPS, peepholes);
        return pass.result(Backwards.run(pass, on), point);
    }

    @Override
    public String toString() {
        return name();
    }
}
