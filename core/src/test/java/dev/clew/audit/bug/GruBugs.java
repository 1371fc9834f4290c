package dev.clew.audit.bug;

import dev.clew.audit.Family;
import java.util.ArrayList;
import java.util.List;

/** The mistakes of one layer of a GRU; their names end in its suffix. */
final class GruBugs {
    static final String Z_FOR_REST = "z for 1 − z in δn";
    static final String NO_REST = "1 − z missing in δn";
    static final String NO_RESET = "r missing on the candidate's way to h_{t−1}";
    static final String NO_RESET_IN_BIAS = "r missing in dqn";
    static final String UN_UNRESET = "r missing in dUn";
    static final String OTHER_CONVENTION = "r at both sides in dUn";
    static final String NO_BIAS_IN_RESET = "bias missing in δr";
    static final String H_IN_RESET = "h_t for h_{t−1} in δr";
    static final String H_IN_Z = "h_t for h_{t−1} in δz";
    static final String NO_CARRY = "carry term missing";
    static final String CARRY_BY_REST = "1 − z for z in the carry term";
    static final String Z_SEES_N_ONLY = "δz sees the candidate only";
    static final String Z_SEES_H_ONLY = "δz sees the old state only";
    static final String WRAPS = "index −1 of the states wraps";
    static final String SHIFTED = "list of states shifted by the initial one";
    static final String SAME_STATE = "h_t for h_{t−1} in dU";
    static final String X_EARLIER = "x_{t−1} for x_t in dW";
    static final String OWN_OUTPUT = "own output for the input in dW";
    static final String EXCHANGED = "δz and δr exchanged";

    private GruBugs() {}

    /** Those of a layer; what an error in it reaches are its own parameters and initial state, and those of layers below. */
    static List<Bug> of(String suffix, boolean resetAfter, boolean widthsMatch, String below) {
        String parameters = parameters(suffix, resetAfter);
        String chain = parameters + " h" + suffix + "0" + below;
        List<Bug> bugs = new ArrayList<>(ofLayer(chain));
        bugs.addAll(ofLists(suffix, widthsMatch));
        bugs.addAll(ofReset(suffix, resetAfter, chain));
        List<Bug> named = new ArrayList<>();
        bugs.forEach(bug -> named.add(new Bug(bug.name() + suffix, bug.family(), bug.wrong(), bug.what())));
        for (String gate : List.of("z", "r", "n")) {
            named.addAll(SlopeBugs.of(gate + suffix, chain));
            named.addAll(Gate.bugs(gate + suffix, chain));
            named.addAll(SumBugs.of("W" + gate + suffix));
            named.addAll(SumBugs.of("U" + gate + suffix));
            named.addAll(SumBugs.ofBias("b" + gate + suffix));
        }
        named.addAll(resetAfter ? SumBugs.ofBias("qn" + suffix) : List.of());
        named.add(SumBugs.copy("Uz" + suffix, "Ur" + suffix));
        named.add(SumBugs.copy("Wz" + suffix, "Wr" + suffix));
        named.add(SumBugs.copies("Uz" + suffix, "Ur" + suffix, "Un" + suffix));
        named.add(SumBugs.copy("bn" + suffix, "bz" + suffix));
        return named;
    }

    static String parameters(String suffix, boolean resetAfter) {
        StringBuilder names = new StringBuilder();
        for (String gate : List.of("z", "r", "n")) {
            names.append("W%1$s%2$s U%1$s%2$s b%1$s%2$s ".formatted(gate, suffix));
        }
        return names.append(resetAfter ? "qn" + suffix : "").toString().strip();
    }

    private static List<Bug> ofLayer(String chain) {
        return List.of(
                Bug.of(Z_FOR_REST, Family.GATE, chain, "δn has z_t for 1 − z_t."),
                Bug.of(NO_REST, Family.GATE, chain, "δn lacks 1 − z_t."),
                Bug.of(H_IN_Z, Family.TIME, chain, "δz has h_t − n_t for h_{t−1} − n_t."),
                Bug.of(NO_CARRY, Family.TIME, chain, "dh_{t−1} lacks dh_t⊙z_t."),
                Bug.of(CARRY_BY_REST, Family.GATE, chain, "dh_{t−1} has dh_t⊙(1 − z_t) for dh_t⊙z_t."),
                Bug.of(Z_SEES_N_ONLY, Family.ACCUMULATION, chain, "δz lacks what comes from z_t⊙h_{t−1}."),
                Bug.of(Z_SEES_H_ONLY, Family.ACCUMULATION, chain, "δz lacks what comes from (1 − z_t)⊙n_t."),
                Bug.of(EXCHANGED, Family.GATE, chain, "The derivatives of the two gates are exchanged."));
    }

    private static List<Bug> ofLists(String suffix, boolean widthsMatch) {
        String u = "Uz%1$s Ur%1$s Un%1$s".formatted(suffix);
        String w = "Wz%1$s Wr%1$s Wn%1$s".formatted(suffix);
        List<Bug> bugs = new ArrayList<>(List.of(
                Bug.of(WRAPS, Family.TIME, u, "dU has the last state for the initial one at step 0."),
                Bug.of(SHIFTED, Family.TIME, u, "dU has h_{t−2}: the list of states begins with h_0."),
                Bug.of(SAME_STATE, Family.TIME, u, "dU has h_t for h_{t−1}."),
                Bug.of(X_EARLIER, Family.TIME, w, "dW has x_{t−1} for x_t, and the last one at step 0.")));
        if (widthsMatch) {
            bugs.add(Bug.of(OWN_OUTPUT, Family.PLUMBING, w, "dW has the output of the layer for its input."));
        }
        return bugs;
    }

    private static List<Bug> ofReset(String suffix, boolean resetAfter, String chain) {
        List<Bug> bugs = new ArrayList<>(List.of(
                Bug.of(UN_UNRESET, Family.GATE, "Un" + suffix, "dUn lacks r_t."),
                Bug.of(OTHER_CONVENTION, Family.GATE, "Un" + suffix, "dUn is that of the other convention.")));
        if (resetAfter) {
            bugs.add(Bug.of(
                    NO_RESET, Family.GATE, chain, "The derivative by h·Un + qn lacks r_t, for Un and for h_{t−1}."));
            bugs.add(Bug.of(NO_RESET_IN_BIAS, Family.GATE, "qn" + suffix, "dqn lacks r_t."));
            bugs.add(Bug.of(NO_BIAS_IN_RESET, Family.ACTIVATION, chain, "δr has h·Un for h·Un + qn."));
        } else {
            bugs.add(Bug.of(NO_RESET, Family.GATE, chain, "dh_{t−1} has δn·Unᵀ without r_t."));
            bugs.add(Bug.of(H_IN_RESET, Family.TIME, chain, "δr has h_t for h_{t−1}."));
        }
        return bugs;
    }
}
