package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One layer of a GRU forward and backward; its names end in a suffix. */
final class GruLayer {
    private final Switches on;
    private final String suffix;
    private final String state;
    private final boolean resetAfter;
    private final Matrix h0;
    private final Gate z;
    private final Gate r;
    private final Matrix wn;
    private final Matrix un;
    private final Matrix bn;
    private final Matrix qn;
    private final List<Matrix> xs = new ArrayList<>();
    private final Map<String, List<Matrix>> activations = new LinkedHashMap<>();

    /** Where the derivatives by what a step got go. */
    record Back(Matrix toState, Matrix toInput) {}

    GruLayer(Map<String, NDArray> point, String suffix, boolean resetAfter, Switches on) {
        this.on = on;
        this.suffix = suffix;
        this.state = "h" + suffix;
        this.resetAfter = resetAfter;
        this.h0 = Matrix.of(Draw.at(point, state + "0"));
        this.z = new Gate("z" + suffix, state, point, on);
        this.r = new Gate("r" + suffix, state, point, on);
        this.wn = Matrix.of(Draw.at(point, "Wn" + suffix));
        this.un = Matrix.of(Draw.at(point, "Un" + suffix));
        this.bn = Matrix.of(Draw.at(point, "bn" + suffix));
        this.qn = resetAfter ? Matrix.of(Draw.at(point, "qn" + suffix)) : bn.zero();
    }

    Matrix initial() {
        return h0;
    }

    List<Matrix> states() {
        return Draw.at(activations, state);
    }

    Map<String, List<Matrix>> activations() {
        return activations;
    }

    /** The next step. */
    Matrix ahead(Matrix x) {
        int t = xs.size();
        Matrix h = before(t);
        xs.add(x);
        Matrix update = keep("z", keep("az", z.of(x, h)).sigmoid());
        Matrix reset = keep("r", keep("ar", r.of(x, h)).sigmoid());
        Matrix inner = resetAfter ? reset.by(h.dot(un).plus(qn)) : reset.by(h).dot(un);
        Matrix candidate = keep("n", keep("an", x.dot(wn).plus(inner).plus(bn)).tanh());
        return keep("h", update.by(h).plus(update.rest().by(candidate)));
    }

    Back back(int t, Matrix dh, Sweep sweep) {
        sweep.adjoint(state, t, dh);
        Matrix deltaZ = term(
                "az",
                "dh_t⊙(h_{t−1} − n_t)⊙z_t(1 − z_t)",
                t,
                dh.by(difference(t)).by(sigmoidSlope("z", t)),
                sweep);
        Matrix slopeOfN = SlopeBugs.tanh("n" + suffix, at("n", t), at("an", t), on);
        Matrix rightN = on.has(Gate.negated("n" + suffix)) ? dh.times(-1) : dh;
        Matrix deltaN =
                term("an", "dh_t⊙(1 − z_t)⊙(1 − n_t²)", t, rightN.by(share(t)).by(slopeOfN), sweep);
        Matrix inner = resetAfter && !has(GruBugs.NO_RESET) ? deltaN.by(at("r", t)) : deltaN;
        Matrix through = inner.dot(on.has(Gate.transpose("n" + suffix)) ? un : un.transposed());
        Matrix deltaR =
                term("ar", "dr_t⊙r_t(1 − r_t)", t, toReset(t, deltaN, through).by(sigmoidSlope("r", t)), sweep);
        sweep.add("Wn" + suffix, "x_tᵀ·δn", t, seen(t).transposed().dot(deltaN));
        sweep.add("Un" + suffix, "(r_t⊙h_{t−1})ᵀ·δn", t, addedToUn(t, deltaN));
        sweep.addRows("bn" + suffix, "δn", t, deltaN);
        if (resetAfter) {
            sweep.addRows("qn" + suffix, "δn⊙r_t", t, has(GruBugs.NO_RESET_IN_BIAS) ? deltaN : deltaN.by(at("r", t)));
        }
        boolean isSwapped = has(GruBugs.EXCHANGED);
        Matrix toH = z.back(t, isSwapped ? deltaR : deltaZ, seen(t), seenState(t), sweep)
                .plus(r.back(t, isSwapped ? deltaZ : deltaR, seen(t), seenState(t), sweep))
                .plus(term("h", "dh_{t+1}⊙z_{t+1}", t - 1, carried(t, dh, sweep), sweep))
                .plus(term("h", "δn·Unᵀ⊙r_{t+1}", t - 1, candidatePath(t, through), sweep));
        return new Back(toH, deltaN.dot(wn.transposed()).plus(z.toInput(deltaZ)).plus(r.toInput(deltaR)));
    }

    /** 1 − z_t, as δn has it. */
    private Matrix share(int t) {
        Matrix z = at("z", t);
        if (has(GruBugs.NO_REST)) {
            return z.map(v -> 1);
        }
        return has(GruBugs.Z_FOR_REST) ? z : z.rest();
    }

    private Matrix addedToUn(int t, Matrix deltaN) {
        if (resetAfter) {
            Matrix inner = has(GruBugs.UN_UNRESET) || has(GruBugs.NO_RESET) ? deltaN : deltaN.by(at("r", t));
            return has(GruBugs.OTHER_CONVENTION)
                    ? seenState(t).by(at("r", t)).transposed().dot(deltaN)
                    : seenState(t).transposed().dot(inner);
        }
        Matrix seen = has(GruBugs.UN_UNRESET) || has(GruBugs.OTHER_CONVENTION)
                ? seenState(t)
                : seenState(t).by(at("r", t));
        return seen.transposed().dot(has(GruBugs.OTHER_CONVENTION) ? deltaN.by(at("r", t)) : deltaN);
    }

    private Matrix toReset(int t, Matrix deltaN, Matrix through) {
        if (resetAfter) {
            Matrix product = before(t).dot(un);
            return deltaN.by(has(GruBugs.NO_BIAS_IN_RESET) ? product : product.plus(qn));
        }
        return through.by(has(GruBugs.H_IN_RESET) ? states().get(t) : before(t));
    }

    private Matrix candidatePath(int t, Matrix through) {
        if (on.has(Gate.lacking("n" + suffix))) {
            return through.zero();
        }
        return resetAfter || has(GruBugs.NO_RESET) ? through : through.by(at("r", t));
    }

    private Matrix carried(int t, Matrix dh, Sweep sweep) {
        if (has(GruBugs.NO_CARRY)) {
            return dh.zero();
        }
        Matrix share = has(GruBugs.CARRY_BY_REST) ? at("z", t).rest() : at("z", t);
        return dh.by(term(Switches.factorOf("h"), "dh_{t+1}⊙z_{t+1}", t - 1, share, sweep));
    }

    private Matrix difference(int t) {
        Matrix h = has(GruBugs.H_IN_Z) ? states().get(t) : before(t);
        return has(GruBugs.Z_SEES_N_ONLY) ? at("n", t).times(-1) : has(GruBugs.Z_SEES_H_ONLY) ? h : h.minus(at("n", t));
    }

    private Matrix sigmoidSlope(String gate, int t) {
        return SlopeBugs.sigmoid(gate + suffix, at(gate, t), at("a" + gate, t), on);
    }

    /** What gradients of U take for h_{t−1}. */
    private Matrix seenState(int t) {
        if (has(GruBugs.WRAPS) && t == 0) {
            return states().getLast();
        }
        return has(GruBugs.SHIFTED)
                ? before(Math.max(t - 1, 0))
                : has(GruBugs.SAME_STATE) ? states().get(t) : before(t);
    }

    /** What gradients of W take for x_t. */
    private Matrix seen(int t) {
        if (has(GruBugs.OWN_OUTPUT)) {
            return states().get(t);
        }
        return has(GruBugs.X_EARLIER) ? xs.get(Math.floorMod(t - 1, xs.size())) : xs.get(t);
    }

    private boolean has(String bug) {
        return on.has(bug + suffix);
    }

    private Matrix term(String quantity, String addend, int t, Matrix right, Sweep sweep) {
        return sweep.term(quantity + suffix, addend, t, right);
    }

    private Matrix before(int t) {
        return t == 0 ? h0 : states().get(t - 1);
    }

    private Matrix keep(String name, Matrix value) {
        activations.computeIfAbsent(name + suffix, key -> new ArrayList<>()).add(value);
        return value;
    }

    private Matrix at(String name, int t) {
        return Draw.at(activations, name + suffix).get(t);
    }
}
