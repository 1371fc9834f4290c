package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import dev.clew.audit.Family;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A tanh RNN whose units keep their old value where a mask is 0: a_t = x_t·Wx + h_{t−1}·Wh + b, n_t = tanh(a_t),
 * h_t = m_t⊙n_t + (1 − m_t)⊙h_{t−1}.
 */
public final class ZoneoutRnn implements AuditedCell {
    static final int STEPS = 12;
    static final String TRANSPOSE = "missing transpose of Wh";
    static final String SAME_STATE = "h_t for h_{t−1} in dWh";
    static final String WRAPPED_STATE = "index −1 of the states wraps";
    static final String OF_PREACTIVATION = "derivative of the pre-activation";
    static final String NO_DERIVATIVE = "derivative missing";
    static final String X_WRAPS = "x_{t−1} for x_t, wraps";
    static final String X_SKIPS = "x_{t−1} for x_t, step 0 skipped";
    static final String X_LATER = "x_{t+1} for x_t, last step skipped";
    static final String CARRY = "carry term missing";
    static final String CARRY_UNMASKED = "carry term without its mask";
    static final String CARRY_BY_MASK = "carry term with the mask itself";
    static final String MASK_IGNORED = "mask ignored";
    static final String CANDIDATE_UNMASKED = "mask ignored in δ";
    static final String FIRST_MASK = "first step's mask for all";
    static final String NEXT_MASK = "next step's mask";
    static final String RECURRENT_DROPPED = "term through Wh missing";

    static final String WX_SEES_OUTPUT = "dWx sees the output's part only";
    static final String WH_SEES_LATER = "dWh sees what comes from t + 1 only";

    private static final int BATCH = 3;
    private static final int INPUTS = 4;
    private static final int UNITS = 5;
    private static final int OUTPUTS = 3;
    private static final String CHAIN = "Wx Wh b h0";
    private static final String ALL = CHAIN + " V c";

    private final Readout readout;

    private ZoneoutRnn(Readout.Kind kind) {
        this.readout = new Readout(kind, "c", "o");
    }

    /** With squared errors. */
    public static ZoneoutRnn squared() {
        return new ZoneoutRnn(Readout.Kind.SQUARED);
    }

    /** With a softmax and the cross-entropy. */
    public static ZoneoutRnn crossEntropy() {
        return new ZoneoutRnn(Readout.Kind.CROSS_ENTROPY);
    }

    @Override
    public String name() {
        return "zoneout RNN, " + (readout.kind() == Readout.Kind.SQUARED ? "squared error" : "cross-entropy");
    }

    @Override
    public Map<String, NDArray> point(long seed) {
        return new Draw(seed)
                .normal("Wx", 0.5, INPUTS, UNITS)
                .normal("Wh", 0.5, UNITS, UNITS)
                .normal("b", 0.3, UNITS)
                .normal("V", 0.7, UNITS, OUTPUTS)
                .normal("c", 0.3, OUTPUTS)
                .normal("h0", 0.6, BATCH, UNITS)
                .normal("x", 1, STEPS, BATCH, INPUTS)
                .mask("m", 0.7, STEPS, BATCH, UNITS)
                .within("y", 0.05, 0.9, STEPS, BATCH, OUTPUTS)
                .point();
    }

    @Override
    public Unrolled model(Map<String, Tensor> point) {
        List<Tensor> xs = new ArrayList<>();
        List<Tensor> as = new ArrayList<>();
        List<Tensor> ns = new ArrayList<>();
        List<Tensor> hs = new ArrayList<>();
        Tensor h = Draw.at(point, "h0");
        for (int t = 0; t < STEPS; t++) {
            xs.add(Draw.at(point, "x").get(0, t));
            Tensor m = Draw.at(point, "m").get(0, t);
            as.add(xs.get(t)
                    .matmul(Draw.at(point, "Wx"))
                    .plus(h.matmul(Draw.at(point, "Wh")))
                    .plus(Draw.at(point, "b")));
            ns.add(as.get(t).tanh());
            h = m.times(ns.get(t)).plus(m.negate().plus(1).times(h));
            hs.add(h);
        }
        List<Tensor> os = readout.outputs(point, hs);
        return Unrolled.of(readout.loss(point, os), Graphs.some(point, "Wx", "Wh", "b", "V", "c"))
                .withInitial("h0", Draw.at(point, "h0"))
                .withSteps("x", xs)
                .withSteps("a", as)
                .withSteps("n", ns)
                .withSteps("h", hs)
                .withSteps("o", os);
    }

    /** Those of the plan of the audit: one each of what is seen most. */
    public List<Bug> seventeen() {
        return List.of(
                        SumBugs.negated("b"),
                        TRANSPOSE,
                        SumBugs.assigned("Wx"),
                        Backwards.truncated(5),
                        Backwards.truncated(10),
                        SAME_STATE,
                        OF_PREACTIVATION,
                        NO_DERIVATIVE,
                        X_WRAPS,
                        SumBugs.firstRow("b"),
                        CARRY,
                        MASK_IGNORED,
                        FIRST_MASK,
                        Backwards.OVERWRITTEN,
                        Readout.TIMES_BATCH,
                        Readout.DOUBLED,
                        Backwards.INITIAL_DROPPED)
                .stream()
                .map(this::bug)
                .toList();
    }

    @Override
    public List<Bug> bugs() {
        List<Bug> bugs = new ArrayList<>(ofCell());
        bugs.addAll(Backwards.bugs("Wx Wh b", "h0", "V c"));
        bugs.addAll(readout.bugs(ALL));
        bugs.addAll(SumBugs.of("Wx"));
        bugs.addAll(SumBugs.of("Wh"));
        bugs.addAll(SumBugs.of("V"));
        bugs.addAll(SumBugs.ofBias("b"));
        bugs.addAll(SumBugs.ofBias("c"));
        return bugs;
    }

    private static List<Bug> ofCell() {
        return List.of(
                Bug.of(TRANSPOSE, Family.ORDER, CHAIN, "dh_{t−1} has δ_t·Wh for δ_t·Whᵀ."),
                Bug.of(SAME_STATE, Family.TIME, "Wh", "dWh has h_tᵀ·δ_t for h_{t−1}ᵀ·δ_t."),
                Bug.of(WRAPPED_STATE, Family.TIME, "Wh", "dWh has the last state for the initial one at step 0."),
                Bug.of(OF_PREACTIVATION, Family.ACTIVATION, CHAIN, "δ_t has 1 − a_t² for 1 − n_t²."),
                Bug.of(NO_DERIVATIVE, Family.ACTIVATION, CHAIN, "δ_t lacks 1 − n_t²."),
                Bug.of(X_WRAPS, Family.TIME, "Wx", "dWx has x_{t−1} for x_t, and the last one at step 0."),
                Bug.of(X_SKIPS, Family.TIME, "Wx", "dWx has x_{t−1} for x_t, and nothing at step 0."),
                Bug.of(X_LATER, Family.TIME, "Wx", "dWx has x_{t+1} for x_t, and nothing at the last step."),
                Bug.of(CARRY, Family.TIME, CHAIN, "dh_{t−1} lacks (1 − m_t)⊙dh_t."),
                Bug.of(CARRY_UNMASKED, Family.GATE, CHAIN, "dh_{t−1} has dh_t for (1 − m_t)⊙dh_t."),
                Bug.of(CARRY_BY_MASK, Family.GATE, CHAIN, "dh_{t−1} has m_t⊙dh_t for (1 − m_t)⊙dh_t."),
                Bug.of(MASK_IGNORED, Family.GATE, CHAIN, "The backward pass takes every mask for 1."),
                Bug.of(CANDIDATE_UNMASKED, Family.GATE, CHAIN, "δ_t lacks m_t."),
                Bug.of(FIRST_MASK, Family.GATE, CHAIN, "The backward pass has m_0 for m_t."),
                Bug.of(NEXT_MASK, Family.GATE, CHAIN, "The backward pass has m_{t+1} for m_t."),
                Bug.of(
                        WX_SEES_OUTPUT,
                        Family.ACCUMULATION,
                        "Wx",
                        "δ_t has the output's part of dh_t only where it goes to Wx."),
                Bug.of(
                        WH_SEES_LATER,
                        Family.ACCUMULATION,
                        "Wh",
                        "δ_t lacks the output's part of dh_t where it goes to Wh."),
                Bug.of(RECURRENT_DROPPED, Family.TIME, CHAIN, "dh_{t−1} lacks δ_t·Whᵀ."));
    }

    @Override
    public ByHand run(Map<String, NDArray> point, Switches on) {
        Pass pass = new Pass(point, on);
        return pass.hand
                .result(Backwards.run(pass, on), point)
                .withActivations("h", Graphs.arrays(pass.hs))
                .withActivations("n", Graphs.arrays(pass.ns))
                .withActivations("a", Graphs.arrays(pass.as));
    }

    /** Forward, and backward step by step. */
    private final class Pass implements Step {
        private final Switches on;
        private final Matrix wx;
        private final Matrix wh;
        private final Matrix h0;
        private final List<Matrix> xs;
        private final List<Matrix> ms;
        private final List<Matrix> as = new ArrayList<>();
        private final List<Matrix> ns = new ArrayList<>();
        private final List<Matrix> hs = new ArrayList<>();
        private final ReadoutByHand hand;

        Pass(Map<String, NDArray> point, Switches on) {
            this.on = on;
            this.wx = Matrix.of(Draw.at(point, "Wx"));
            this.wh = Matrix.of(Draw.at(point, "Wh"));
            this.h0 = Matrix.of(Draw.at(point, "h0"));
            this.xs = Matrix.steps(Draw.at(point, "x"));
            this.ms = Matrix.steps(Draw.at(point, "m"));
            Matrix b = Matrix.of(Draw.at(point, "b"));
            for (int t = 0; t < STEPS; t++) {
                Matrix m = ms.get(t);
                as.add(xs.get(t).dot(wx).plus(before(t).dot(wh)).plus(b));
                ns.add(as.get(t).tanh());
                hs.add(m.by(ns.get(t)).plus(m.rest().by(before(t))));
            }
            this.hand = new ReadoutByHand(readout, point, h0, hs, on);
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
            Matrix dh = total.part(0);
            sweep.adjoint("h", t, dh);
            Matrix m = mask(t);
            Matrix dn = on.has(CANDIDATE_UNMASKED) ? dh : dh.by(m);
            Matrix da = sweep.term("a", "m_t⊙dh_t⊙(1 − n_t²)", t, dn.by(factor(t, sweep)));
            Matrix ofWx = on.has(WX_SEES_OUTPUT) ? da.by(share(t, dh)) : da;
            Matrix ofWh = on.has(WH_SEES_LATER) ? da.minus(da.by(share(t, dh))) : da;
            sweep.add("Wx", "x_tᵀ·δ_t", t, input(t).transposed().dot(ofWx));
            sweep.add("Wh", "h_{t−1}ᵀ·δ_t", t, seenByWh(t).transposed().dot(ofWh));
            sweep.addRows("b", "δ_t", t, da);
            Matrix through = da.dot(on.has(TRANSPOSE) ? wh : wh.transposed());
            Matrix recurrent = on.has(RECURRENT_DROPPED) ? dh.zero() : through;
            return Carry.of(sweep.term("h", "δ_{t+1}·Whᵀ", t - 1, recurrent)
                    .plus(sweep.term("h", "(1 − m_{t+1})⊙dh_{t+1}", t - 1, carried(dh, m))));
        }

        /** How much of dh_t comes from the output of its step. */
        private Matrix share(int t, Matrix dh) {
            return hand.back(t, new Sweep(on, STEPS)).with(dh, (part, all) -> all == 0 ? 0 : part / all);
        }

        private Matrix factor(int t, Sweep sweep) {
            return sweep.term(Switches.factorOf("a"), "m_t⊙dh_t⊙(1 − n_t²)", t, slope(t));
        }

        private Matrix mask(int t) {
            if (on.has(MASK_IGNORED)) {
                return Matrix.full(1, UNITS, 1);
            }
            return ms.get(on.has(FIRST_MASK) ? 0 : on.has(NEXT_MASK) ? Math.min(t + 1, STEPS - 1) : t);
        }

        private Matrix carried(Matrix dh, Matrix m) {
            if (on.has(CARRY)) {
                return dh.zero();
            }
            return on.has(CARRY_UNMASKED) ? dh : dh.by(on.has(CARRY_BY_MASK) ? m : m.rest());
        }

        private Matrix slope(int t) {
            return on.has(NO_DERIVATIVE)
                    ? Matrix.full(1, UNITS, 1)
                    : (on.has(OF_PREACTIVATION) ? as : ns).get(t).tanhSlope();
        }

        private Matrix seenByWh(int t) {
            if (on.has(WRAPPED_STATE) && t == 0) {
                return hs.get(STEPS - 1);
            }
            return on.has(SAME_STATE) ? hs.get(t) : before(t);
        }

        private Matrix input(int t) {
            if ((on.has(X_SKIPS) && t == 0) || (on.has(X_LATER) && t == STEPS - 1)) {
                return xs.get(t).zero();
            }
            boolean earlier = on.has(X_WRAPS) || on.has(X_SKIPS);
            return xs.get(earlier ? Math.floorMod(t - 1, STEPS) : on.has(X_LATER) ? t + 1 : t);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
