package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An LSTM forward and backward. */
final class LstmByHand implements Step {
    private final Switches on;
    private final int steps;
    private final boolean peepholes;
    private final Map<String, NDArray> point;
    private final Map<String, Gate> gates = new LinkedHashMap<>();
    private final Map<String, List<Matrix>> activations = new LinkedHashMap<>();
    private final List<Matrix> xs;
    private final List<Matrix> hs = new ArrayList<>();
    private final List<Matrix> cs = new ArrayList<>();
    private final Matrix h0;
    private final Matrix c0;
    private final ReadoutByHand hand;

    LstmByHand(Map<String, NDArray> point, Switches on, int steps, boolean peepholes) {
        this.on = on;
        this.steps = steps;
        this.peepholes = peepholes;
        this.point = point;
        Lstm.GATES.forEach(gate -> gates.put(gate, new Gate(gate, "h", point, on)));
        this.xs = Matrix.steps(Draw.at(point, "x"));
        this.h0 = Matrix.of(Draw.at(point, "h0"));
        this.c0 = Matrix.of(Draw.at(point, "c0"));
        activations.put("h", hs);
        activations.put("c", cs);
        for (int t = 0; t < steps; t++) {
            Matrix c = before(cs, c0, t);
            Matrix f = keep("f", ahead("f", t, c).sigmoid());
            Matrix i = keep("i", ahead("i", t, c).sigmoid());
            Matrix g = keep("g", ahead("g", t, c).tanh());
            cs.add(f.by(c).plus(i.by(g)));
            Matrix o = keep("o", ahead("o", t, cs.get(t)).sigmoid());
            hs.add(o.by(cs.get(t).tanh()));
        }
        this.hand = new ReadoutByHand(Lstm.READOUT, point, h0, hs, on);
    }

    private Matrix keep(String name, Matrix value) {
        activations.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return value;
    }

    private Matrix ahead(String gate, int t, Matrix c) {
        Matrix plain = Draw.at(gates, gate).of(xs.get(t), before(hs, h0, t));
        boolean peeps = peepholes && !gate.equals("g");
        return keep("a" + gate, peeps ? plain.plus(c.by(peephole(gate))) : plain);
    }

    private static Matrix before(List<Matrix> states, Matrix initial, int t) {
        return t == 0 ? initial : states.get(t - 1);
    }

    private Matrix peephole(String gate) {
        return Matrix.of(Draw.at(point, "p" + gate));
    }

    private Matrix at(String name, int t) {
        return Draw.at(activations, name).get(t);
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public List<String> initial() {
        return List.of("h0", "c0");
    }

    @Override
    public Carry loss(int t, Sweep sweep) {
        Matrix c = cs.get(t);
        boolean isOfC = t == steps - 1 && !on.has(LstmBugs.NO_LOSS_OF_C);
        Matrix dc = c.minus(Matrix.of(Draw.at(point, "k"))).times(2.0 / c.height());
        return Carry.of(hand.back(t, sweep), sweep.term("c", "∂L/∂c_T", t, isOfC ? dc : c.zero()));
    }

    @Override
    public Carry back(int t, Carry total, Sweep sweep) {
        Matrix dh = total.part(0);
        Matrix c = cs.get(t);
        Matrix squashed = on.has(LstmBugs.C_FOR_TANH) ? c : c.tanh();
        Matrix deltaO = sweep.term(
                "ao", "dh_t⊙tanh(c_t)⊙o_t(1 − o_t)", t, dh.by(squashed).by(slope("o", t)));
        Matrix fromH =
                sweep.term("c", "dh_t⊙o_t⊙(1 − tanh²c_t)", t, dh.by(at("o", t)).by(slopeOfC(c)));
        if (peepholes && !on.has(LstmBugs.NO_PEEP_O)) {
            fromH = fromH.plus(sweep.term("c", "δo⊙po", t, deltaO.by(peephole("o"))));
        }
        Matrix later = on.has(LstmBugs.ASSIGNED) ? fromH.zero() : total.part(1);
        Matrix dc = later.plus(fromH);
        sweep.adjoint("h", t, dh);
        sweep.adjoint("c", t, dc);
        Map<String, Matrix> deltas = new LinkedHashMap<>();
        deltas.put("f", deltaF(t, later, fromH, sweep));
        deltas.put(
                "i",
                sweep.term("ai", "dc_t⊙g_t⊙i_t(1 − i_t)", t, dc.by(factorOfI(t)).by(slope("i", t))));
        deltas.put(
                "g",
                sweep.term("ag", "dc_t⊙i_t⊙(1 − g_t²)", t, dc.by(factorOfG(t)).by(slopeOfG(t))));
        deltas.put("o", deltaO);
        Matrix factor = sweep.term(Switches.factorOf("c"), "dc_{t+1}⊙f_{t+1}", t - 1, forget(t));
        Matrix toC = sweep.term("c", "dc_{t+1}⊙f_{t+1}", t - 1, dc.by(factor));
        return Carry.of(toH(t, deltas, sweep), toC.plus(throughPeepholes(t, deltas, sweep)));
    }

    private Matrix toH(int t, Map<String, Matrix> deltas, Sweep sweep) {
        Matrix sum = hs.get(t).zero();
        for (String gate : Lstm.GATES) {
            String taken = LstmBugs.taken(gate, on);
            sum = sum.plus(Draw.at(gates, gate).back(t, Draw.at(deltas, taken), seen(gate, t), state(t), sweep));
        }
        return sum;
    }

    private Matrix deltaF(int t, Matrix later, Matrix fromH, Sweep sweep) {
        boolean isLeftOutside = on.has(LstmBugs.PARENTHESIS);
        Matrix c = cell(t);
        Matrix slope = slope("f", t);
        Matrix first = isLeftOutside ? later.by(c) : later.by(c).by(slope);
        return sweep.term(
                "af", "dc_t⊙c_{t−1}⊙f_t(1 − f_t)", t, first.plus(fromH.by(c).by(slope)));
    }

    /** What peepholes add to their own gradients and hand to the cell state before. */
    private Matrix throughPeepholes(int t, Map<String, Matrix> deltas, Sweep sweep) {
        Matrix sum = cs.get(t).zero();
        if (!peepholes) {
            return sum;
        }
        Matrix c = on.has(LstmBugs.PEEP_AT_C) ? cs.get(t) : before(cs, c0, t);
        sweep.addRows("pf", "δf⊙c_{t−1}", t, Draw.at(deltas, "f").by(c));
        sweep.addRows("pi", "δi⊙c_{t−1}", t, Draw.at(deltas, "i").by(c));
        Matrix own = on.has(LstmBugs.PO_AT_EARLIER) ? before(cs, c0, t) : cs.get(t);
        sweep.addRows("po", "δo⊙c_t", t, Draw.at(deltas, "o").by(own));
        for (String gate : List.of("f", "i")) {
            boolean isLost = on.has(LstmBugs.NO_PEEPS) || (on.has(LstmBugs.NO_PEEP_I) && gate.equals("i"));
            sum = isLost ? sum : sum.plus(Draw.at(deltas, gate).by(peephole(gate)));
        }
        return sum;
    }

    private Matrix slope(String gate, int t) {
        return SlopeBugs.sigmoid(gate, at(gate, t), at("a" + gate, t), on);
    }

    private Matrix slopeOfG(int t) {
        return SlopeBugs.tanh("g", at("g", t), at("ag", t), on);
    }

    private Matrix slopeOfC(Matrix c) {
        if (on.has(LstmBugs.NO_SLOPE_OF_C)) {
            return Matrix.full(1, c.width(), 1);
        }
        return on.has(LstmBugs.SLOPE_OF_C_ITSELF) ? c.tanhSlope() : c.tanh().tanhSlope();
    }

    private Matrix factorOfI(int t) {
        return at(on.has(LstmBugs.I_FOR_G) ? "i" : "g", t);
    }

    private Matrix factorOfG(int t) {
        return at(on.has(LstmBugs.F_FOR_I) ? "f" : "i", t);
    }

    private Matrix forget(int t) {
        if (on.has(LstmBugs.FORGET_MISSING)) {
            return Matrix.full(1, hs.get(t).width(), 1);
        }
        if (on.has(LstmBugs.I_FOR_F)) {
            return at("i", t);
        }
        return at("f", on.has(LstmBugs.NEXT_FORGET) ? Math.min(t + 1, steps - 1) : t);
    }

    /** c_{t−1}, as δf has it. */
    private Matrix cell(int t) {
        if (on.has(LstmBugs.C_WRAPS) && t == 0) {
            return cs.get(steps - 1);
        }
        if (on.has(LstmBugs.C_SHIFTED)) {
            return before(cs, c0, Math.max(t - 1, 0));
        }
        return on.has(LstmBugs.SAME_C) ? cs.get(t) : before(cs, c0, t);
    }

    /** h_{t−1}, as the gradients of U have it. */
    private Matrix state(int t) {
        if (on.has(LstmBugs.H_WRAPS) && t == 0) {
            return hs.get(steps - 1);
        }
        if (on.has(LstmBugs.H_SHIFTED)) {
            return before(hs, h0, Math.max(t - 1, 0));
        }
        return on.has(LstmBugs.SAME_H) ? hs.get(t) : before(hs, h0, t);
    }

    /** x_t, as the gradients of W have it. */
    private Matrix seen(String gate, int t) {
        boolean isLate = on.has(LstmBugs.X_EARLIER) || (on.has(LstmBugs.X_EARLIER_FOR_G) && gate.equals("g"));
        return xs.get(isLate ? Math.floorMod(t - 1, steps) : t);
    }

    /** What was added up, with what was computed forward. */
    ByHand result(Sweep sweep, Map<String, NDArray> at) {
        double last =
                cs.getLast().minus(Matrix.of(Draw.at(at, "k"))).map(d -> d * d).sum() / h0.height();
        ByHand result = hand.result(sweep, at).withLoss(hand.loss() + last);
        for (Map.Entry<String, List<Matrix>> each : activations.entrySet()) {
            result = result.withActivations(each.getKey(), Graphs.arrays(each.getValue()));
        }
        return result;
    }
}
