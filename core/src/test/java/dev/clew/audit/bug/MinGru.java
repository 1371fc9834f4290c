package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Family;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A minGRU: z_t = σ(x_t·Wz + bz), n_t = x_t·Wn + bn, h_t = (1 − z_t)⊙h_{t−1} + z_t⊙n_t; no gate sees the state. */
public final class MinGru implements AuditedCell {
    static final String Z_TURNED = "h − n for n − h in δz";
    static final String Z_SEES_N_ONLY = "δz sees the candidate only";
    static final String Z_SEES_H_ONLY = "δz sees the old state only";
    static final String H_IN_Z = "h_t for h_{t−1} in δz";
    static final String WRAPS = "index −1 of the states wraps";
    static final String SHIFTED = "list of states shifted by the initial one";
    static final String EXCHANGED = "z and 1 − z exchanged";
    static final String NO_Z_IN_N = "z missing in δn";
    static final String NO_DECAY = "decay missing";
    static final String INCLUSIVE = "decay inclusive";
    static final String DECAY_LATER = "decay of the step after";
    static final String DECAY_EARLIER = "decay of the step before";
    static final String TANH_IN_N = "slope of a tanh that the candidate does not have";
    static final String SWAPPED = "δz and δn exchanged";
    static final String X_EARLIER = "x_{t−1} for x_t in dW";

    private static final Readout READOUT = new Readout(Readout.Kind.SQUARED, "d", "o");
    private static final int STEPS = 12;
    private static final int BATCH = 3;
    private static final int INPUTS = 4;
    private static final int UNITS = 4;
    private static final int OUTPUTS = 2;
    private static final String CHAIN = "Wz bz Wn bn h0";
    private static final String OF_Z = "Wz bz";
    private static final String OF_N = "Wn bn";

    @Override
    public String name() {
        return "minGRU";
    }

    @Override
    public Map<String, NDArray> point(long seed) {
        return new Draw(seed)
                .normal("Wz", 0.6, INPUTS, UNITS)
                .within("bz", -1.4, 0, UNITS)
                .normal("Wn", 0.6, INPUTS, UNITS)
                .normal("bn", 0.4, UNITS)
                .normal("V", 0.7, UNITS, OUTPUTS)
                .normal("d", 0.3, OUTPUTS)
                .normal("h0", 0.6, BATCH, UNITS)
                .normal("x", 1, STEPS, BATCH, INPUTS)
                .normal("y", 0.7, STEPS, BATCH, OUTPUTS)
                .point();
    }

    @Override
    public Unrolled model(Map<String, Tensor> point) {
        Map<String, List<Tensor>> steps = new LinkedHashMap<>();
        Tensor h = Draw.at(point, "h0");
        for (int t = 0; t < STEPS; t++) {
            Tensor x = Graphs.keep(steps, "x", Draw.at(point, "x").get(0, t));
            Tensor product = x.matmul(Draw.at(point, "Wz"));
            Tensor az = Graphs.keep(steps, "az", product.plus(Draw.at(point, "bz")));
            Tensor z = Graphs.keep(steps, "z", az.sigmoid());
            Tensor n = Graphs.keep(steps, "n", x.matmul(Draw.at(point, "Wn")).plus(Draw.at(point, "bn")));
            h = Graphs.keep(steps, "h", Graphs.rest(z).times(h).plus(z.times(n)));
        }
        steps.put("o", READOUT.outputs(point, Draw.at(steps, "h")));
        Tensor loss = READOUT.loss(point, Draw.at(steps, "o"));
        return Graphs.unrolled(loss, Graphs.some(point, "Wz", "bz", "Wn", "bn", "V", "d"), steps)
                .withInitial("h0", Draw.at(point, "h0"));
    }

    @Override
    public List<Bug> bugs() {
        List<Bug> bugs = new ArrayList<>(ofCell());
        bugs.addAll(SlopeBugs.of("z", OF_Z));
        // The Jacobians of its steps are diagonal: their order does not matter.
        Backwards.bugs("Wz bz Wn bn", "h0", "V d").stream()
                .filter(bug -> !bug.name().equals(Backwards.FORWARD_ORDER))
                .forEach(bugs::add);
        bugs.addAll(READOUT.bugs(CHAIN + " V d"));
        List.of("Wz", "Wn", "V").forEach(name -> bugs.addAll(SumBugs.of(name)));
        List.of("bz", "bn", "d").forEach(name -> bugs.addAll(SumBugs.ofBias(name)));
        return bugs;
    }

    private static List<Bug> ofCell() {
        return List.of(
                Bug.of(Z_TURNED, Family.SCALE, OF_Z, "δz has h_{t−1} − n_t for n_t − h_{t−1}."),
                Bug.of(Z_SEES_N_ONLY, Family.ACCUMULATION, OF_Z, "δz lacks what comes from (1 − z_t)⊙h_{t−1}."),
                Bug.of(Z_SEES_H_ONLY, Family.ACCUMULATION, OF_Z, "δz lacks what comes from z_t⊙n_t."),
                Bug.of(H_IN_Z, Family.TIME, OF_Z, "δz has h_t for h_{t−1}."),
                Bug.of(WRAPS, Family.TIME, OF_Z, "δz has the last state for the initial one at step 0."),
                Bug.of(SHIFTED, Family.TIME, OF_Z, "δz has h_{t−2}: the list of states begins with h_0."),
                Bug.of(EXCHANGED, Family.GATE, "Wz bz Wn bn h0", "δn and the carry have each other's share."),
                Bug.of(NO_Z_IN_N, Family.GATE, OF_N, "δn lacks z_t."),
                Bug.of(NO_DECAY, Family.GATE, CHAIN, "dh_{t−1} has dh_t for (1 − z_t)⊙dh_t."),
                Bug.of(INCLUSIVE, Family.TIME, OF_Z + " " + OF_N, "δ has (1 − z_t)⊙dh_t for dh_t."),
                Bug.of(
                        DECAY_LATER,
                        Family.TIME,
                        CHAIN,
                        "dh_{t−1} has 1 − z_{t+1} for 1 − z_t, and 1 at the last step."),
                Bug.of(DECAY_EARLIER, Family.TIME, CHAIN, "dh_{t−1} has 1 − z_{t−1} for 1 − z_t, and 1 at step 0."),
                Bug.of(TANH_IN_N, Family.ACTIVATION, OF_N, "δn has a factor 1 − n_t²."),
                Bug.of(
                        SWAPPED,
                        Family.GATE,
                        OF_Z + " " + OF_N,
                        "The gate is given the candidate's derivative, and it that of the gate."),
                Bug.of(X_EARLIER, Family.TIME, "Wz Wn", "dW has x_{t−1} for x_t, and the last one at step 0."),
                SumBugs.copy("Wz", "Wn"),
                SumBugs.copy("bn", "bz"));
    }

    @Override
    public ByHand run(Map<String, NDArray> point, Switches on) {
        Pass pass = new Pass(point, on);
        return pass.hand
                .result(Backwards.run(pass, on), point)
                .withActivations("h", Graphs.arrays(pass.hs))
                .withActivations("z", Graphs.arrays(pass.zs))
                .withActivations("n", Graphs.arrays(pass.ns));
    }

    /** Forward, and backward step by step. */
    private static final class Pass implements Step {
        private final Switches on;
        private final Matrix h0;
        private final List<Matrix> xs;
        private final List<Matrix> preactivations = new ArrayList<>();
        private final List<Matrix> zs = new ArrayList<>();
        private final List<Matrix> ns = new ArrayList<>();
        private final List<Matrix> hs = new ArrayList<>();
        private final ReadoutByHand hand;

        Pass(Map<String, NDArray> point, Switches on) {
            this.on = on;
            this.h0 = Matrix.of(Draw.at(point, "h0"));
            this.xs = Matrix.steps(Draw.at(point, "x"));
            for (int t = 0; t < STEPS; t++) {
                preactivations.add(ahead(point, "z", xs.get(t)));
                zs.add(preactivations.get(t).sigmoid());
                ns.add(ahead(point, "n", xs.get(t)));
                hs.add(zs.get(t).rest().by(before(t)).plus(zs.get(t).by(ns.get(t))));
            }
            this.hand = new ReadoutByHand(READOUT, point, h0, hs, on);
        }

        private static Matrix ahead(Map<String, NDArray> point, String gate, Matrix x) {
            return x.dot(Matrix.of(Draw.at(point, "W" + gate))).plus(Matrix.of(Draw.at(point, "b" + gate)));
        }

        private Matrix before(int t) {
            return t == 0 ? h0 : hs.get(t - 1);
        }

        @Override
        public int steps() {
            return STEPS;
        }

        @Override
        public List<String> initial() {
            return List.of("h0");
        }

        @Override
        public Carry loss(int t, Sweep sweep) {
            return Carry.of(hand.back(t, sweep));
        }

        @Override
        public Carry back(int t, Carry total, Sweep sweep) {
            sweep.adjoint("h", t, total.part(0));
            Matrix decay = zs.get(t).rest();
            Matrix dh = on.has(INCLUSIVE) ? total.part(0).by(decay) : total.part(0);
            Matrix slope = SlopeBugs.sigmoid("z", zs.get(t), preactivations.get(t), on);
            Matrix deltaZ = dh.by(difference(t)).by(slope);
            Matrix share = on.has(EXCHANGED) ? decay : on.has(NO_Z_IN_N) ? decay.map(v -> 1) : zs.get(t);
            Matrix deltaN = dh.by(share).by(on.has(TANH_IN_N) ? ns.get(t).tanhSlope() : decay.map(v -> 1));
            Matrix x =
                    xs.get(on.has(X_EARLIER) ? Math.floorMod(t - 1, STEPS) : t).transposed();
            boolean isSwapped = on.has(SWAPPED);
            sweep.add("Wz", "x_tᵀ·δz", t, x.dot(isSwapped ? deltaN : deltaZ));
            sweep.add("Wn", "x_tᵀ·δn", t, x.dot(isSwapped ? deltaZ : deltaN));
            sweep.addRows("bz", "δz", t, isSwapped ? deltaN : deltaZ);
            sweep.addRows("bn", "δn", t, isSwapped ? deltaZ : deltaN);
            return Carry.of(sweep.term(
                    "h", "(1 − z_{t+1})⊙dh_{t+1}", t - 1, total.part(0).by(carried(t))));
        }

        private Matrix difference(int t) {
            Matrix h = on.has(WRAPS) && t == 0
                    ? hs.getLast()
                    : on.has(SHIFTED) ? before(Math.max(t - 1, 0)) : on.has(H_IN_Z) ? hs.get(t) : before(t);
            if (on.has(Z_SEES_N_ONLY)) {
                return ns.get(t);
            }
            Matrix right = on.has(Z_SEES_H_ONLY) ? h.times(-1) : ns.get(t).minus(h);
            return on.has(Z_TURNED) ? right.times(-1) : right;
        }

        private Matrix carried(int t) {
            int step = on.has(DECAY_LATER) ? t + 1 : on.has(DECAY_EARLIER) ? t - 1 : t;
            if (on.has(NO_DECAY) || step < 0 || step == STEPS) {
                return Matrix.full(1, UNITS, 1);
            }
            return on.has(EXCHANGED) ? zs.get(step) : zs.get(step).rest();
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
