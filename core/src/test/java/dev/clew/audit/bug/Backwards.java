package dev.clew.audit.bug;

import dev.clew.audit.Family;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The ways in which the steps are gone through, of which one is right. */
final class Backwards {
    static final String NO_RECURRENT_PATH = "no recurrent path";
    static final String OVERWRITTEN = "output term overwritten by the recurrent one";
    static final String SWEPT_FORWARD = "backward steps run in forward order";
    static final String FORWARD_ORDER = "Jacobians of the steps multiplied in forward order";
    static final String LEFT_OUT = "loop ends before step 0";
    static final String INITIAL_DROPPED = "initial-state gradient dropped";
    static final String INITIAL_LATE = "adjoint of step 0 given as that of the initial state";

    private static final int FEW = 5;
    private static final int MORE = 10;

    private final Step cell;
    private final Sweep sweep;
    private final Switches on;
    private final Carry zero;

    private Backwards(Step cell, Sweep sweep, Switches on) {
        this.cell = cell;
        this.sweep = sweep;
        this.on = on;
        this.zero = cell.loss(0, new Sweep(Switches.of(Set.of()), cell.steps())).zero();
    }

    static String truncated(int steps) {
        return "truncated at " + steps;
    }

    static String chunked(int steps) {
        return "chunks of " + steps;
    }

    /** A state whose derivative stays in the step. */
    static String lost(String initial) {
        return "carry of " + initial.replace("0", "") + " not handed on";
    }

    static Sweep run(Step cell, Switches on) {
        Sweep sweep = new Sweep(on, cell.steps());
        run(cell, sweep, on);
        return sweep;
    }

    /** Adds to a sweep that others add to as well. */
    static void run(Step cell, Sweep sweep, Switches on) {
        Backwards way = new Backwards(cell, sweep, on);
        if (on.has(truncated(FEW))) {
            way.windows(FEW);
        } else if (on.has(truncated(MORE))) {
            way.windows(MORE);
        } else if (on.has(FORWARD_ORDER)) {
            way.productsInForwardOrder();
        } else if (on.has(SWEPT_FORWARD)) {
            way.through(IntStream.range(0, cell.steps()).toArray());
        } else {
            int last = on.has(LEFT_OUT) ? 1 : 0;
            way.through(IntStream.iterate(cell.steps() - 1, t -> t >= last, t -> t - 1)
                    .toArray());
        }
    }

    private void through(int[] order) {
        Carry later = on.leftovers().getOrDefault(cell.initial(), zero);
        for (int t : order) {
            Carry own = cell.loss(t, sweep);
            boolean overwritten = on.has(OVERWRITTEN) && t != order[0];
            Carry total = overwritten ? later : own.plus(later);
            Carry before = cell.back(t, total, sweep);
            boolean isLast = t == order[order.length - 1];
            later = isLast && on.has(INITIAL_LATE) ? total : isLast ? before : handed(before, t);
        }
        on.leftovers().put(cell.initial(), later);
        initial(later);
    }

    private void initial(Carry carry) {
        for (int i = 0; i < cell.initial().size(); i++) {
            Matrix value = on.has(INITIAL_DROPPED) ? carry.part(i).zero() : carry.part(i);
            sweep.initial(cell.initial().get(i), value);
        }
    }

    private Carry handed(Carry before, int t) {
        Carry handed = before;
        boolean isBoundary = on.has(chunked(FEW)) && t % FEW == 0;
        if (on.has(NO_RECURRENT_PATH) || isBoundary) {
            handed = zero;
        }
        for (int i = 0; i < cell.initial().size(); i++) {
            handed = on.has(lost(cell.initial().get(i))) ? handed.without(i) : handed;
        }
        return handed;
    }

    /** The loss of each step goes back through so many steps and no more. */
    private void windows(int most) {
        for (int s = cell.steps() - 1; s >= 0; s--) {
            Carry carry = cell.loss(s, sweep);
            for (int t = s; t >= Math.max(0, s - most); t--) {
                carry = cell.back(t, carry, sweep);
            }
            initial(s + 1 <= most ? carry : zero);
        }
    }

    /** ∂L_s/∂h_s · J_{t+1} · … · J_s for ∂L_s/∂h_s · J_s · … · J_{t+1}. */
    private void productsInForwardOrder() {
        Sweep nowhere = new Sweep(on, cell.steps());
        for (int s = cell.steps() - 1; s >= 0; s--) {
            Carry own = cell.loss(s, sweep);
            for (int t = s; t >= 0; t--) {
                cell.back(t, product(own, t + 1, s, nowhere), sweep);
            }
            initial(product(own, 0, s, nowhere));
        }
    }

    private Carry product(Carry own, int from, int to, Sweep nowhere) {
        Carry product = own;
        for (int u = from; u <= to; u++) {
            product = cell.back(u, product, nowhere);
        }
        return product;
    }

    /** The mistakes of every way, for the names of what later steps reach, initial states, and the parameters of the readout. */
    static List<Bug> bugs(String wrong, String initial, String readout) {
        String all = wrong + " " + initial;
        return List.of(
                Bug.of(NO_RECURRENT_PATH, Family.TIME, all, "dh_next stays 0 at every step."),
                Bug.of(truncated(FEW), Family.TIME, all, "The loss of a step goes back through 5 steps and no more."),
                Bug.of(truncated(MORE), Family.TIME, all, "The loss of a step goes back through 10 steps and no more."),
                Bug.of(
                        chunked(FEW),
                        Family.TIME,
                        all,
                        "Nothing is handed on from a chunk of 5 steps to the one before."),
                Bug.of(
                        OVERWRITTEN,
                        Family.TIME,
                        all,
                        "dh_t is assigned by what comes from t + 1; the output's part is lost."),
                Bug.of(SWEPT_FORWARD, Family.ORDER, all, "The loop over the backward steps counts up."),
                Bug.of(FORWARD_ORDER, Family.ORDER, all, "The Jacobian of the earliest step is multiplied first."),
                Bug.of(
                        LEFT_OUT,
                        Family.ACCUMULATION,
                        all + " " + readout,
                        "The loop over the backward steps ends at step 1."),
                Bug.of(INITIAL_DROPPED, Family.PLUMBING, initial, "The gradient of the initial state stays 0."),
                Bug.of(
                        INITIAL_LATE,
                        Family.TIME,
                        initial,
                        "The adjoint before step 0 is not computed; that of step 0 is given."));
    }

    /** The mistake that a state's derivative stays in its step, for the names of what this makes wrong. */
    static Bug ofLost(String initial, String wrong) {
        return Bug.of(
                lost(initial),
                Family.TIME,
                wrong,
                "The derivative by " + initial.replace("0", "") + "_{t−1} is computed and stays in its step.");
    }
}
