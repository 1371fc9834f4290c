package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Leaky neurons forward and backward. */
final class SpikingByHand implements Step {
    static final String ZERO_SURROGATE = "surrogate slope is 0";
    static final String STRAIGHT_THROUGH = "surrogate slope missing";
    static final String AT_V = "surrogate slope at v_t for v_t − 1";
    static final String NOT_SQUARED = "surrogate slope without its square";
    static final String ATAN_ITSELF = "the surrogate again for its slope";
    static final String CLIP_IGNORED = "clip taken for the identity";
    static final String CLIP_TURNED = "slope of the clip outside of its limits";
    static final String RESET_CONSTANT = "reset taken for a constant";
    static final String RESET_TURNED = "sign of the reset";
    static final String SAME_V_IN_RESET = "v_t for v_{t−1} in the reset";
    static final String CARRY_WITHOUT_RESET = "1 − s missing in dv_{t−1}";
    static final String CARRY_BY_SPIKE = "s for 1 − s in dv_{t−1}";
    static final String NO_DECAY = "decay missing in dv_{t−1}";
    static final String SAME_SPIKE = "s_t for s_{t−1} in dU";
    static final String WRAPS = "index −1 of the spikes wraps";
    static final String SAME_V = "v_t for v_{t−1} in dr";
    static final String NO_RESET_IN_DECAY = "1 − s missing in dr";
    static final String X_EARLIER = "x_{t−1} for x_t in dW";

    private static final int STEPS = Spiking.STEPS;
    private static final String CHAIN = "W U b r s0 v0";

    private final Switches on;
    private final Gate gate;
    private final Matrix s0;
    private final Matrix v0;
    private final Matrix r;
    private final List<Matrix> xs;
    private final List<Matrix> as = new ArrayList<>();
    private final List<Matrix> vs = new ArrayList<>();
    private final List<Matrix> ss = new ArrayList<>();
    private final ReadoutByHand hand;

    SpikingByHand(Map<String, NDArray> point, Switches on) {
        this.on = on;
        this.gate = new Gate("", "s", point, on);
        this.s0 = Matrix.of(Draw.at(point, "s0"));
        this.v0 = Matrix.of(Draw.at(point, "v0"));
        this.r = Matrix.of(Draw.at(point, "r"));
        this.xs = Matrix.steps(Draw.at(point, "x"));
        for (int t = 0; t < STEPS; t++) {
            as.add(gate.of(xs.get(t), spikes(t)));
            Matrix clipped = as.get(t).map(a -> Math.clamp(a, -Spiking.LIMIT, Spiking.LIMIT));
            vs.add(voltage(t).by(r.sigmoid()).by(spikes(t).rest()).plus(clipped));
            ss.add(vs.get(t).map(v -> v > 1 ? 1 : 0));
        }
        this.hand = new ReadoutByHand(Spiking.READOUT, point, s0, ss, on);
    }

    /** s_{t−1}. */
    private Matrix spikes(int t) {
        return t == 0 ? s0 : ss.get(t - 1);
    }

    /** v_{t−1}. */
    private Matrix voltage(int t) {
        return t == 0 ? v0 : vs.get(t - 1);
    }

    @Override
    public int steps() {
        return STEPS;
    }

    @Override
    public List<String> initial() {
        return List.of("s0", "v0");
    }

    @Override
    public Carry loss(int t, Sweep sweep) {
        return Carry.of(hand.back(t, sweep), v0.zero());
    }

    @Override
    public Carry back(int t, Carry total, Sweep sweep) {
        Matrix ds = total.part(0);
        Matrix dv = total.part(1).plus(ds.by(surrogate(vs.get(t))));
        sweep.adjoint("s", t, ds);
        sweep.adjoint("v", t, dv);
        Matrix da = on.has(CLIP_IGNORED) ? dv : dv.by(as.get(t).map(this::slopeOfClip));
        Matrix seen = on.has(WRAPS) && t == 0 ? ss.getLast() : on.has(SAME_SPIKE) ? ss.get(t) : spikes(t);
        Matrix x = xs.get(on.has(X_EARLIER) ? Math.floorMod(t - 1, STEPS) : t);
        Matrix toSpikes = gate.back(t, da, x, seen, sweep);
        Matrix decay = r.sigmoid();
        Matrix slope = SlopeBugs.sigmoid("r", decay, r, on);
        Matrix kept =
                on.has(NO_RESET_IN_DECAY) ? spikes(t).map(s -> 1) : spikes(t).rest();
        Matrix old = on.has(SAME_V) ? vs.get(t) : voltage(t);
        sweep.addRows(
                "r", "dv_t⊙v_{t−1}⊙(1 − s_{t−1})⊙σ'(r)", t, dv.by(old).by(kept).by(slope));
        Matrix reset = dv.by(on.has(SAME_V_IN_RESET) ? vs.get(t) : voltage(t)).by(decay);
        reset = on.has(RESET_CONSTANT) ? reset.zero() : on.has(RESET_TURNED) ? reset.times(-1) : reset;
        return Carry.of(toSpikes.minus(reset), dv.by(share(t)).by(on.has(NO_DECAY) ? decay.map(v -> 1) : decay));
    }

    private Matrix share(int t) {
        if (on.has(CARRY_WITHOUT_RESET)) {
            return spikes(t).map(s -> 1);
        }
        return on.has(CARRY_BY_SPIKE) ? spikes(t) : spikes(t).rest();
    }

    private double slopeOfClip(double a) {
        boolean isInside = Math.abs(a) < Spiking.LIMIT;
        return isInside != on.has(CLIP_TURNED) ? 1 : 0;
    }

    private Matrix surrogate(Matrix v) {
        if (on.has(ZERO_SURROGATE)) {
            return v.zero();
        }
        if (on.has(STRAIGHT_THROUGH)) {
            return v.map(each -> 1);
        }
        if (on.has(ATAN_ITSELF)) {
            return v.map(each -> Math.atan(Math.PI * (each - 1)) / Math.PI);
        }
        double threshold = on.has(AT_V) ? 0 : 1;
        double power = on.has(NOT_SQUARED) ? 1 : 2;
        return v.map(each -> 1 / (1 + Math.pow(Math.abs(Math.PI * (each - threshold)), power)));
    }

    static List<Bug> bugs() {
        List<Bug> bugs = new ArrayList<>(ofSlopes());
        bugs.addAll(ofStates());
        bugs.addAll(SlopeBugs.of("r", "r"));
        bugs.addAll(Gate.bugs("", CHAIN));
        bugs.addAll(Backwards.bugs("W U b r", "s0 v0", "V d"));
        // A neuron that was reset since then remembers nothing.
        bugs.removeIf(bug -> bug.name().equals(Backwards.truncated(10)));
        bugs.add(Backwards.ofLost("s0", CHAIN));
        bugs.add(Backwards.ofLost("v0", CHAIN));
        bugs.addAll(Spiking.READOUT.bugs(CHAIN + " V d"));
        List.of("W", "U", "V").forEach(name -> bugs.addAll(SumBugs.of(name)));
        List.of("b", "r", "d").forEach(name -> bugs.addAll(SumBugs.ofBias(name)));
        bugs.add(SumBugs.copy("r", "b"));
        return bugs;
    }

    private static List<Bug> ofSlopes() {
        return List.of(
                Bug.of(ZERO_SURROGATE, Family.ACTIVATION, CHAIN, "The jump has the slope 0 that it has."),
                Bug.of(
                        STRAIGHT_THROUGH,
                        Family.ACTIVATION,
                        CHAIN,
                        "The jump has the slope 1 for that of its surrogate."),
                Bug.of(AT_V, Family.ACTIVATION, CHAIN, "The slope of the surrogate is that at v_t, not at v_t − 1."),
                Bug.of(NOT_SQUARED, Family.ACTIVATION, CHAIN, "The slope of the surrogate has |·| for its square."),
                Bug.of(ATAN_ITSELF, Family.ACTIVATION, CHAIN, "The surrogate stands for its slope."),
                Bug.of(CLIP_IGNORED, Family.ACTIVATION, CHAIN, "δ passes the clip outside of its limits, too."),
                Bug.of(CLIP_TURNED, Family.ACTIVATION, CHAIN, "δ passes the clip outside of its limits only."));
    }

    private static List<Bug> ofStates() {
        return List.of(
                Bug.of(RESET_CONSTANT, Family.TIME, CHAIN, "ds_{t−1} lacks −dv_t⊙σ(r)⊙v_{t−1}."),
                Bug.of(RESET_TURNED, Family.SCALE, CHAIN, "ds_{t−1} has + dv_t⊙σ(r)⊙v_{t−1}."),
                Bug.of(SAME_V_IN_RESET, Family.TIME, CHAIN, "ds_{t−1} has v_t for v_{t−1}."),
                Bug.of(CARRY_WITHOUT_RESET, Family.GATE, CHAIN, "dv_{t−1} lacks 1 − s_{t−1}."),
                Bug.of(CARRY_BY_SPIKE, Family.GATE, CHAIN, "dv_{t−1} has s_{t−1} for 1 − s_{t−1}."),
                Bug.of(NO_DECAY, Family.GATE, CHAIN, "dv_{t−1} lacks σ(r)."),
                Bug.of(SAME_SPIKE, Family.TIME, "U", "dU has s_t for s_{t−1}."),
                Bug.of(WRAPS, Family.TIME, "U", "dU has the last spikes for the initial ones at step 0."),
                Bug.of(SAME_V, Family.TIME, "r", "dr has v_t for v_{t−1}."),
                Bug.of(NO_RESET_IN_DECAY, Family.GATE, "r", "dr lacks 1 − s_{t−1}."),
                Bug.of(X_EARLIER, Family.TIME, "W", "dW has x_{t−1} for x_t, and the last one at step 0."));
    }

    /** What was added up, with what was computed forward. */
    ByHand result(Sweep sweep, Map<String, NDArray> point) {
        return hand.result(sweep, point)
                .withActivations("a", Graphs.arrays(as))
                .withActivations("v", Graphs.arrays(vs))
                .withActivations("s", Graphs.arrays(ss));
    }
}
