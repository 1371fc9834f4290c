package dev.clew.audit.bug;

import dev.clew.audit.Family;
import java.util.ArrayList;
import java.util.List;

/** The mistakes of an sLSTM's gradient that an LSTM does not have. */
final class SlstmBugs {
    static final String NO_QUOTIENT = "1/n missing in dc_t";
    static final String NO_NORMALIZER = "normalizer taken for a constant in h_t";
    static final String N_FOR_SQUARE = "c/n for c/n² in dn_t";
    static final String NORMALIZER_TURNED = "sign of c/n² in dn_t";
    static final String NO_N_IN_I = "δi sees the cell state only";
    static final String NO_N_IN_F = "δf sees the cell state only";
    static final String NO_EXP_IN_I = "slope of the exponential missing in δi";
    static final String NO_EXP_IN_F = "slope of the exponential missing in δf";
    static final String SIGMOID_IN_I = "i(1 − i) for i in δi";
    static final String SLOPE_OF_SIGMOID = "σ(1 − σ) for 1 − σ in δf";
    static final String SIGMOID_ITSELF = "σ for 1 − σ in δf";
    static final String STABILIZED_IN_SLOPE = "1 − f for 1 − σ(af) in δf";
    static final String CONSTANT = "stabilizer taken for a constant";
    static final String NO_EARLIER_M = "m_{t−1} taken for a constant";
    static final String NO_M_IN_I = "stabilizer of the input gate taken for a constant";
    static final String NO_M_IN_F = "stabilizer of the forget gate taken for a constant";
    static final String MAX_TO_BOTH = "maximum's derivative to both";
    static final String MAX_TO_F = "maximum's derivative to its first argument always";
    static final String MAX_TURNED = "maximum's derivative to the smaller one";
    static final String F_FOR_I = "f_t for i_t in δz";
    static final String C_FOR_QUOTIENT = "c_t for c_t/n_t in δo";
    static final String NO_FORGET = "f_t missing in dc_{t−1}";
    static final String I_FOR_F = "i_t for f_t in dc_{t−1}";
    static final String NO_FORGET_IN_N = "f_t missing in dn_{t−1}";
    static final String SAME_N = "n_t for n_{t−1} in δf";

    private static final String W = "Wi Wf Wz Wo";
    private static final String U = "Ui Uf Uz Uo";
    private static final String PARAMETERS = W + " " + U + " bi bf bz bo";
    private static final String INITIAL = "h0 c0 n0 m0";
    private static final String CHAIN = PARAMETERS + " " + INITIAL;

    private SlstmBugs() {}

    static List<Bug> all() {
        List<Bug> bugs = new ArrayList<>(ofNormalizer());
        bugs.addAll(ofGates());
        bugs.addAll(ofStabilizer());
        bugs.addAll(ofLists());
        bugs.addAll(SlopeBugs.of("z", CHAIN));
        bugs.addAll(SlopeBugs.of("o", CHAIN));
        bugs.addAll(Backwards.bugs(PARAMETERS, INITIAL, "V d"));
        List.of("h0", "c0", "n0", "m0").forEach(state -> bugs.add(Backwards.ofLost(state, CHAIN)));
        bugs.addAll(Slstm.READOUT.bugs(CHAIN + " V d"));
        for (String gate : Slstm.GATES) {
            bugs.addAll(Gate.bugs(gate, CHAIN));
            bugs.addAll(SumBugs.of("W" + gate));
            bugs.addAll(SumBugs.of("U" + gate));
            bugs.addAll(SumBugs.ofBias("b" + gate));
        }
        bugs.add(SumBugs.copy("Ui", "Uf"));
        bugs.add(SumBugs.copy("bo", "bz"));
        return bugs;
    }

    private static List<Bug> ofNormalizer() {
        return List.of(
                Bug.of(NO_QUOTIENT, Family.ACTIVATION, CHAIN, "dc_t has dh⊙o for dh⊙o/n."),
                Bug.of(NO_NORMALIZER, Family.ACCUMULATION, CHAIN, "dn_t lacks −dh⊙o⊙c/n²."),
                Bug.of(N_FOR_SQUARE, Family.ACTIVATION, CHAIN, "dn_t has −dh⊙o⊙c/n for −dh⊙o⊙c/n²."),
                Bug.of(NORMALIZER_TURNED, Family.SCALE, CHAIN, "dn_t has dh⊙o⊙c/n² for −dh⊙o⊙c/n²."),
                Bug.of(NO_N_IN_I, Family.ACCUMULATION, CHAIN, "δi has dc⊙z for dc⊙z + dn."),
                Bug.of(NO_N_IN_F, Family.ACCUMULATION, CHAIN, "δf has dc⊙c_{t−1} for dc⊙c_{t−1} + dn⊙n_{t−1}."),
                Bug.of(NO_FORGET_IN_N, Family.GATE, CHAIN, "dn_{t−1} has dn for dn⊙f."),
                Bug.of(SAME_N, Family.TIME, CHAIN, "δf has n_t for n_{t−1}."));
    }

    private static List<Bug> ofGates() {
        return List.of(
                Bug.of(NO_EXP_IN_I, Family.ACTIVATION, CHAIN, "δi lacks the slope of the exponential, its value."),
                Bug.of(NO_EXP_IN_F, Family.ACTIVATION, CHAIN, "δf lacks the slope of the exponential, its value."),
                Bug.of(
                        SIGMOID_IN_I,
                        Family.ACTIVATION,
                        CHAIN,
                        "δi has the slope of a logistic gate for that of an exponential."),
                Bug.of(SLOPE_OF_SIGMOID, Family.ACTIVATION, CHAIN, "δf has σ' for the slope of log σ."),
                Bug.of(SIGMOID_ITSELF, Family.ACTIVATION, CHAIN, "δf has σ for 1 − σ."),
                Bug.of(
                        STABILIZED_IN_SLOPE,
                        Family.ACTIVATION,
                        CHAIN,
                        "δf has 1 − f, of the stabilized gate, for 1 − σ(af)."),
                Bug.of(F_FOR_I, Family.GATE, CHAIN, "δz has dc⊙f for dc⊙i."),
                Bug.of(C_FOR_QUOTIENT, Family.ACTIVATION, CHAIN, "δo has dh⊙c for dh⊙c/n."),
                Bug.of(NO_FORGET, Family.GATE, CHAIN, "dc_{t−1} has dc for dc⊙f."),
                Bug.of(I_FOR_F, Family.GATE, CHAIN, "dc_{t−1} has dc⊙i for dc⊙f."),
                Bug.of(
                        LstmBugs.EXCHANGED,
                        Family.GATE,
                        CHAIN,
                        "The derivatives of the forget and the input gate are exchanged."),
                Bug.of(
                        LstmBugs.NO_LOSS_OF_C,
                        Family.LOSS,
                        CHAIN,
                        "The loss on c_T is not added to dc at the last step."));
    }

    private static List<Bug> ofStabilizer() {
        return List.of(
                Bug.of(CONSTANT, Family.PLUMBING, CHAIN, "Nothing is differentiated through m_t."),
                Bug.of(NO_EARLIER_M, Family.TIME, CHAIN, "Nothing is handed to m_{t−1}."),
                Bug.of(NO_M_IN_I, Family.ACCUMULATION, CHAIN, "dm_t lacks what comes from the input gate."),
                Bug.of(NO_M_IN_F, Family.ACCUMULATION, CHAIN, "dm_t lacks what comes from the forget gate."),
                Bug.of(MAX_TO_BOTH, Family.GATE, CHAIN, "Both arguments of the maximum are given its derivative."),
                Bug.of(
                        MAX_TO_F,
                        Family.GATE,
                        CHAIN,
                        "The first argument of the maximum is given its derivative at every element."),
                Bug.of(MAX_TURNED, Family.GATE, CHAIN, "The smaller argument of the maximum is given its derivative."));
    }

    private static List<Bug> ofLists() {
        return List.of(
                Bug.of(LstmBugs.SAME_C, Family.TIME, CHAIN, "δf has c_t for c_{t−1}."),
                Bug.of(
                        LstmBugs.C_WRAPS,
                        Family.TIME,
                        "Wi Ui bi Wf Uf bf h0 m0",
                        "δf has the last cell state for the initial one at step 0."),
                Bug.of(
                        LstmBugs.C_SHIFTED,
                        Family.TIME,
                        CHAIN,
                        "δf has c_{t−2}: the list of cell states begins with c_0."),
                Bug.of(LstmBugs.SAME_H, Family.TIME, U, "dU has h_t for h_{t−1}."),
                Bug.of(LstmBugs.H_WRAPS, Family.TIME, U, "dU has the last state for the initial one at step 0."),
                Bug.of(LstmBugs.H_SHIFTED, Family.TIME, U, "dU has h_{t−2}: the list of states begins with h_0."),
                Bug.of(LstmBugs.X_EARLIER, Family.TIME, W, "dW has x_{t−1} for x_t, and the last one at step 0."));
    }
}
