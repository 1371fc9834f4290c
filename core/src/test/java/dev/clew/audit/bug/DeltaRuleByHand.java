package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.ByHand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** A delta-rule memory forward and backward; the memories of the sequences stand below each other in one matrix. */
final class DeltaRuleByHand implements Step {
    private static final int STEPS = DeltaRule.STEPS;
    private static final int UNITS = DeltaRule.UNITS;

    private final Switches on;
    private final Matrix initial;
    private final List<Matrix> xs;
    private final List<Matrix> qs = new ArrayList<>();
    private final List<Matrix> ks = new ArrayList<>();
    private final List<Matrix> vs = new ArrayList<>();
    private final List<Matrix> preactivations = new ArrayList<>();
    private final List<Matrix> betas = new ArrayList<>();
    private final List<Matrix> errors = new ArrayList<>();
    private final List<Matrix> memories = new ArrayList<>();
    private final List<Matrix> hs = new ArrayList<>();
    private final ReadoutByHand hand;

    DeltaRuleByHand(Map<String, NDArray> point, Switches on) {
        this.on = on;
        this.initial = Matrix.of(Draw.at(point, "S0"));
        this.xs = Matrix.steps(Draw.at(point, "x"));
        for (int t = 0; t < STEPS; t++) {
            Matrix x = xs.get(t);
            qs.add(x.dot(Matrix.of(Draw.at(point, "Wq"))));
            ks.add(x.dot(Matrix.of(Draw.at(point, "Wk"))));
            vs.add(x.dot(Matrix.of(Draw.at(point, "Wv"))));
            preactivations.add(x.dot(Matrix.of(Draw.at(point, "Wb"))).plus(Matrix.of(Draw.at(point, "bb"))));
            betas.add(preactivations.get(t).sigmoid());
            errors.add(vs.get(t).minus(product(before(t), ks.get(t))));
            memories.add(before(t).plus(outer(errors.get(t).by(betas.get(t)), ks.get(t))));
            hs.add(product(memories.get(t), qs.get(t)));
        }
        this.hand = new ReadoutByHand(DeltaRule.READOUT, point, hs.getFirst().zero(), hs, on);
    }

    private Matrix before(int t) {
        return t == 0 ? initial : memories.get(t - 1);
    }

    /** The rows of a vector of each sequence, from what is done for one. */
    private static Matrix each(IntFunction<Matrix> ofSequence) {
        Matrix all = ofSequence.apply(0);
        for (int i = 1; i < DeltaRule.BATCH; i++) {
            all = all.above(ofSequence.apply(i));
        }
        return all;
    }

    private static Matrix memory(Matrix all, int sequence) {
        return all.rows(sequence * UNITS, (sequence + 1) * UNITS);
    }

    /** S·k of every sequence. */
    private static Matrix product(Matrix memories, Matrix vectors) {
        return each(i -> vectors.rows(i, i + 1).dot(memory(memories, i).transposed()));
    }

    /** Sᵀ·e of every sequence. */
    private static Matrix turnedProduct(Matrix memories, Matrix vectors) {
        return each(i -> vectors.rows(i, i + 1).dot(memory(memories, i)));
    }

    /** e·kᵀ of every sequence. */
    private static Matrix outer(Matrix lefts, Matrix rights) {
        return each(i -> lefts.rows(i, i + 1).transposed().dot(rights.rows(i, i + 1)));
    }

    @Override
    public int steps() {
        return STEPS;
    }

    @Override
    public List<String> initial() {
        return List.of("S0");
    }

    @Override
    public Carry loss(int t, Sweep sweep) {
        Matrix dh = hand.back(t, sweep);
        Matrix seen = on.has(DeltaRuleBugs.EARLIER_FOR_Q) ? before(t) : memories.get(t);
        Matrix dq = on.has(DeltaRuleBugs.TRANSPOSE_FOR_Q) ? product(seen, dh) : turnedProduct(seen, dh);
        sweep.add("Wq", "x_tᵀ·(S_tᵀ·dh_t)", t, input(t).transposed().dot(dq));
        Matrix q = on.has(DeltaRuleBugs.KEY_FOR_QUERY) ? ks.get(t) : qs.get(t);
        return Carry.of(on.has(DeltaRuleBugs.TURNED_OUTPUT) ? outer(q, dh) : outer(dh, q));
    }

    @Override
    public Carry back(int t, Carry total, Sweep sweep) {
        Matrix ds = total.part(0);
        sweep.adjoint("S", t, ds);
        Matrix k = ks.get(t);
        Matrix dsk = on.has(DeltaRuleBugs.TRANSPOSE_FOR_V) ? turnedProduct(ds, k) : product(ds, k);
        Matrix error = on.has(DeltaRuleBugs.V_FOR_ERROR) ? vs.get(t) : errors.get(t);
        Matrix slope = SlopeBugs.sigmoid("beta", betas.get(t), preactivations.get(t), on);
        Matrix db = error.by(dsk).sumOfColumns().by(slope);
        Matrix de = on.has(DeltaRuleBugs.NO_BETA_IN_V) ? dsk : dsk.by(betas.get(t));
        Matrix dk = keyGradient(t, ds, de);
        boolean isSwapped = on.has(DeltaRuleBugs.EXCHANGED);
        Matrix x = input(t).transposed();
        sweep.add("Wk", "x_tᵀ·dk_t", t, x.dot(isSwapped ? de : dk));
        sweep.add("Wv", "x_tᵀ·dv_t", t, x.dot(isSwapped ? dk : de));
        sweep.add("Wb", "x_tᵀ·δβ_t", t, x.dot(db));
        sweep.addRows("bb", "δβ_t", t, db);
        return Carry.of(handed(ds, de, t));
    }

    private Matrix keyGradient(int t, Matrix ds, Matrix de) {
        Matrix scaled = on.has(DeltaRuleBugs.NO_BETA_IN_K)
                ? errors.get(t)
                : errors.get(t).by(betas.get(t));
        Matrix written = turnedProduct(ds, scaled);
        Matrix memory = on.has(DeltaRuleBugs.SAME_MEMORY) ? memories.get(t) : before(t);
        if (on.has(DeltaRuleBugs.WRAPS) && t == 0) {
            memory = memories.getLast();
        } else if (on.has(DeltaRuleBugs.SHIFTED)) {
            memory = before(Math.max(t - 1, 0));
        }
        Matrix read = turnedProduct(memory, de);
        if (on.has(DeltaRuleBugs.NO_READ)) {
            return written;
        }
        if (on.has(DeltaRuleBugs.NO_WRITE)) {
            return read.times(-1);
        }
        return on.has(DeltaRuleBugs.READ_TURNED) ? written.plus(read) : written.minus(read);
    }

    private Matrix handed(Matrix ds, Matrix de, int t) {
        Matrix k = ks.get(on.has(DeltaRuleBugs.NEXT_KEY) ? Math.min(t + 1, STEPS - 1) : t);
        Matrix erased = on.has(DeltaRuleBugs.TURNED_ERASURE) ? outer(k, de) : outer(de, k);
        if (on.has(DeltaRuleBugs.NO_ERASURE)) {
            return ds;
        }
        if (on.has(DeltaRuleBugs.ERASURE_ONLY)) {
            return erased.times(-1);
        }
        return on.has(DeltaRuleBugs.ERASURE_ADDED) ? ds.plus(erased) : ds.minus(erased);
    }

    private Matrix input(int t) {
        return xs.get(on.has(DeltaRuleBugs.X_EARLIER) ? Math.floorMod(t - 1, STEPS) : t);
    }

    /** What was added up, with what was computed forward. */
    ByHand result(Sweep sweep, Map<String, NDArray> point) {
        return hand.result(sweep, point)
                .withActivations("S", Graphs.arrays(memories, Shape.of(DeltaRule.BATCH, UNITS, UNITS)))
                .withActivations("q", Graphs.arrays(qs))
                .withActivations("k", Graphs.arrays(ks))
                .withActivations("v", Graphs.arrays(vs))
                .withActivations("e", Graphs.arrays(errors))
                .withActivations("beta", Graphs.arrays(betas))
                .withActivations("h", Graphs.arrays(hs));
    }
}
