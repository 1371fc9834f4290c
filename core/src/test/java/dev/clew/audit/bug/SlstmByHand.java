package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An sLSTM forward and backward. */
final class SlstmByHand implements Step {
    private static final int STEPS = Slstm.STEPS;
    private static final List<String> STATES = List.of("h", "c", "n", "m");

    private final Switches on;
    private final Map<String, Matrix> initial = new LinkedHashMap<>();
    private final Map<String, Gate> gates = new LinkedHashMap<>();
    private final Map<String, List<Matrix>> activations = new LinkedHashMap<>();
    private final List<Matrix> xs;
    private final Matrix targetOfC;
    private final ReadoutByHand hand;

    SlstmByHand(Map<String, NDArray> point, Switches on) {
        this.on = on;
        Slstm.GATES.forEach(gate -> gates.put(gate, new Gate(gate, "h", point, on)));
        STATES.forEach(state -> initial.put(state, Matrix.of(Draw.at(point, state + "0"))));
        this.xs = Matrix.steps(Draw.at(point, "x"));
        this.targetOfC = Matrix.of(Draw.at(point, "k"));
        for (int t = 0; t < STEPS; t++) {
            ahead(t);
        }
        this.hand = new ReadoutByHand(Slstm.READOUT, point, before("h", 0), Draw.at(activations, "h"), on);
    }

    private void ahead(int t) {
        Slstm.GATES.forEach(gate -> keep("a" + gate, Draw.at(gates, gate).of(xs.get(t), before("h", t))));
        Matrix m = keep("m", decayed(t).with(at("ai", t), Math::max));
        Matrix i = keep("i", at("ai", t).minus(m).map(Math::exp));
        Matrix f = keep("f", decayed(t).minus(m).map(Math::exp));
        Matrix c =
                keep("c", f.by(before("c", t)).plus(i.by(keep("z", at("az", t).tanh()))));
        Matrix n = keep("n", f.by(before("n", t)).plus(i));
        keep("h", keep("o", at("ao", t).sigmoid()).by(c.over(n)));
    }

    /** log σ(af) + m_{t−1}. */
    private Matrix decayed(int t) {
        return at("af", t).map(a -> -Math.log1p(Math.exp(-a))).plus(before("m", t));
    }

    private Matrix keep(String name, Matrix value) {
        activations.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return value;
    }

    private Matrix at(String name, int t) {
        return Draw.at(activations, name).get(t);
    }

    private Matrix before(String state, int t) {
        return t == 0 ? Draw.at(initial, state) : at(state, t - 1);
    }

    @Override
    public int steps() {
        return STEPS;
    }

    @Override
    public List<String> initial() {
        return STATES.stream().map(state -> state + "0").toList();
    }

    @Override
    public Carry loss(int t, Sweep sweep) {
        Matrix c = at("c", t);
        boolean isOfC = t == STEPS - 1 && !on.has(LstmBugs.NO_LOSS_OF_C);
        Matrix dc = c.minus(targetOfC).times(2.0 / c.height());
        return Carry.of(hand.back(t, sweep), isOfC ? dc : c.zero(), c.zero(), c.zero());
    }

    @Override
    public Carry back(int t, Carry total, Sweep sweep) {
        Matrix dh = total.part(0);
        Matrix c = at("c", t);
        Matrix n = at("n", t);
        Matrix fromH = dh.by(at("o", t));
        Matrix dc = total.part(1).plus(on.has(SlstmBugs.NO_QUOTIENT) ? fromH : fromH.over(n));
        Matrix dn = normalizer(total.part(2), fromH, t);
        Matrix toI = dc.by(at("z", t))
                .plus(on.has(SlstmBugs.NO_N_IN_I) ? n.zero() : dn)
                .by(slopeOfI(t));
        Matrix toF = dc.by(seenCell(t)).plus(on.has(SlstmBugs.NO_N_IN_F) ? n.zero() : dn.by(seenNormalizer(t)));
        toF = on.has(SlstmBugs.NO_EXP_IN_F) ? toF : toF.by(at("f", t));
        Matrix dm = stabilizer(total.part(3), toI, toF);
        sweep.adjoint("h", t, dh);
        sweep.adjoint("c", t, dc);
        sweep.adjoint("n", t, dn);
        sweep.adjoint("m", t, dm);
        Map<String, Matrix> deltas = new LinkedHashMap<>();
        Matrix toDecayed = toF.plus(dm.by(largest(t)));
        deltas.put("i", toI.plus(dm.by(others(t))));
        deltas.put("f", toDecayed.by(slopeOfF(t)));
        Matrix slopeOfZ = SlopeBugs.tanh("z", at("z", t), at("az", t), on);
        deltas.put("z", dc.by(at(on.has(SlstmBugs.F_FOR_I) ? "f" : "i", t)).by(slopeOfZ));
        Matrix slopeOfO = SlopeBugs.sigmoid("o", at("o", t), at("ao", t), on);
        deltas.put("o", dh.by(on.has(SlstmBugs.C_FOR_QUOTIENT) ? c : c.over(n)).by(slopeOfO));
        boolean isConstant = on.has(SlstmBugs.CONSTANT) || on.has(SlstmBugs.NO_EARLIER_M);
        Matrix toM = isConstant ? n.zero() : toDecayed;
        return Carry.of(toH(t, deltas, sweep), dc.by(forget(t)), dn.by(forgetOfNormalizer(t)), toM);
    }

    private Matrix normalizer(Matrix later, Matrix fromH, int t) {
        Matrix n = at("n", t);
        if (on.has(SlstmBugs.NO_NORMALIZER)) {
            return later;
        }
        Matrix toN = fromH.by(at("c", t)).over(on.has(SlstmBugs.N_FOR_SQUARE) ? n : n.by(n));
        return on.has(SlstmBugs.NORMALIZER_TURNED) ? later.plus(toN) : later.minus(toN);
    }

    private Matrix forget(int t) {
        if (on.has(SlstmBugs.NO_FORGET)) {
            return at("f", t).map(v -> 1);
        }
        return at(on.has(SlstmBugs.I_FOR_F) ? "i" : "f", t);
    }

    private Matrix forgetOfNormalizer(int t) {
        return on.has(SlstmBugs.NO_FORGET_IN_N) ? at("f", t).map(v -> 1) : at("f", t);
    }

    private Matrix stabilizer(Matrix later, Matrix toI, Matrix toF) {
        if (on.has(SlstmBugs.CONSTANT)) {
            return later.zero();
        }
        if (on.has(SlstmBugs.NO_M_IN_I)) {
            return later.minus(toF);
        }
        return on.has(SlstmBugs.NO_M_IN_F) ? later.minus(toI) : later.minus(toI).minus(toF);
    }

    private Matrix toH(int t, Map<String, Matrix> deltas, Sweep sweep) {
        Matrix sum = Draw.at(initial, "h").zero();
        for (String gate : Slstm.GATES) {
            String other = gate.equals("i") ? "f" : gate.equals("f") ? "i" : gate;
            Matrix delta = Draw.at(deltas, on.has(LstmBugs.EXCHANGED) ? other : gate);
            sum = sum.plus(Draw.at(gates, gate).back(t, delta, seenInput(t), seenState(t), sweep));
        }
        return sum;
    }

    /** 1 where the maximum is its first argument. */
    private Matrix largest(int t) {
        if (on.has(SlstmBugs.MAX_TO_BOTH) || on.has(SlstmBugs.MAX_TO_F)) {
            return at("m", t).map(v -> 1);
        }
        Matrix first = decayed(t).with(at("ai", t), (a, b) -> a > b ? 1 : 0);
        return on.has(SlstmBugs.MAX_TURNED) ? first.rest() : first;
    }

    private Matrix others(int t) {
        return on.has(SlstmBugs.MAX_TO_BOTH) ? largest(t) : largest(t).rest();
    }

    private Matrix slopeOfI(int t) {
        Matrix i = at("i", t);
        if (on.has(SlstmBugs.NO_EXP_IN_I)) {
            return i.map(v -> 1);
        }
        return on.has(SlstmBugs.SIGMOID_IN_I) ? i.sigmoidSlope() : i;
    }

    /** The slope of log σ(af). */
    private Matrix slopeOfF(int t) {
        Matrix gate = at("af", t).sigmoid();
        if (on.has(SlstmBugs.SLOPE_OF_SIGMOID)) {
            return gate.sigmoidSlope();
        }
        if (on.has(SlstmBugs.STABILIZED_IN_SLOPE)) {
            return at("f", t).rest();
        }
        return on.has(SlstmBugs.SIGMOID_ITSELF) ? gate : gate.rest();
    }

    private Matrix seenCell(int t) {
        if (on.has(LstmBugs.C_WRAPS) && t == 0) {
            return at("c", STEPS - 1);
        }
        return on.has(LstmBugs.SAME_C) ? at("c", t) : before("c", on.has(LstmBugs.C_SHIFTED) ? Math.max(t - 1, 0) : t);
    }

    private Matrix seenNormalizer(int t) {
        return on.has(SlstmBugs.SAME_N) ? at("n", t) : before("n", t);
    }

    private Matrix seenState(int t) {
        if (on.has(LstmBugs.H_WRAPS) && t == 0) {
            return at("h", STEPS - 1);
        }
        return on.has(LstmBugs.SAME_H) ? at("h", t) : before("h", on.has(LstmBugs.H_SHIFTED) ? Math.max(t - 1, 0) : t);
    }

    private Matrix seenInput(int t) {
        return xs.get(on.has(LstmBugs.X_EARLIER) ? Math.floorMod(t - 1, STEPS) : t);
    }

    /** What was added up, with what was computed forward. */
    ByHand result(Sweep sweep, Map<String, NDArray> point) {
        double last = at("c", STEPS - 1).minus(targetOfC).map(d -> d * d).sum() / targetOfC.height();
        ByHand result = hand.result(sweep, point).withLoss(hand.loss() + last);
        for (Map.Entry<String, List<Matrix>> each : activations.entrySet()) {
            result = result.withActivations(each.getKey(), Graphs.arrays(each.getValue()));
        }
        return result;
    }
}
