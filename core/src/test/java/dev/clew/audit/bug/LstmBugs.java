package dev.clew.audit.bug;

import dev.clew.audit.Family;
import java.util.ArrayList;
import java.util.List;

/** The mistakes of an LSTM's gradient. */
final class LstmBugs {
    static final String NO_LOSS_OF_C = "loss on the last cell state dropped";
    static final String C_FOR_TANH = "c_t for tanh(c_t) in δo";
    static final String ASSIGNED = "dc_t assigned";
    static final String PARENTHESIS = "σ'(f) on one addend only";
    static final String NO_SLOPE_OF_C = "1 − tanh²c_t missing";
    static final String SLOPE_OF_C_ITSELF = "1 − c_t² for 1 − tanh²c_t";
    static final String I_FOR_G = "i_t for g_t in δi";
    static final String F_FOR_I = "f_t for i_t in δg";
    static final String I_FOR_F = "i_t for f_t in dc_{t−1}";
    static final String FORGET_MISSING = "f_t missing in dc_{t−1}";
    static final String NEXT_FORGET = "f_{t+1} for f_t in dc_{t−1}";
    static final String SAME_C = "c_t for c_{t−1} in δf";
    static final String C_WRAPS = "index −1 of the cell states wraps";
    static final String C_SHIFTED = "list of cell states shifted by the initial one";
    static final String SAME_H = "h_t for h_{t−1} in dU";
    static final String H_WRAPS = "index −1 of the states wraps";
    static final String H_SHIFTED = "list of states shifted by the initial one";
    static final String X_EARLIER = "x_{t−1} for x_t in dW";
    static final String X_EARLIER_FOR_G = "x_{t−1} for x_t in dWg";
    static final String EXCHANGED = "δf and δi exchanged";
    static final String O_FOR_G = "δo for δg";
    static final String NO_PEEP_O = "δo⊙po missing in dc_t";
    static final String NO_PEEPS = "peephole terms missing in dc_{t−1}";
    static final String NO_PEEP_I = "δi⊙pi missing in dc_{t−1}";
    static final String PEEP_AT_C = "c_t for c_{t−1} in dpf and dpi";
    static final String PO_AT_EARLIER = "c_{t−1} for c_t in dpo";

    private static final String U = "Uf Ui Ug Uo";
    private static final String W = "Wf Wi Wg Wo";
    private static final String B = "bf bi bg bo";

    private LstmBugs() {}

    /** Whose δ a gate takes. */
    static String taken(String gate, Switches on) {
        if (on.has(EXCHANGED)) {
            return gate.equals("f") ? "i" : gate.equals("i") ? "f" : gate;
        }
        return on.has(O_FOR_G) && gate.equals("g") ? "o" : gate;
    }

    static List<Bug> of(boolean peepholes) {
        String parameters = W + " " + U + " " + B + (peepholes ? " pf pi po" : "");
        String chain = parameters + " h0 c0";
        List<Bug> bugs = new ArrayList<>(ofCell(chain));
        bugs.addAll(ofLists(chain, peepholes));
        bugs.addAll(Backwards.bugs(parameters, "h0 c0", "V d"));
        bugs.add(Backwards.ofLost("h0", chain));
        bugs.add(Backwards.ofLost("c0", chain));
        bugs.addAll(Lstm.READOUT.bugs(chain + " V d"));
        if (peepholes) {
            bugs.addAll(ofPeepholes(chain));
        }
        for (String gate : Lstm.GATES) {
            bugs.addAll(SlopeBugs.of(gate, chain));
            bugs.addAll(Gate.bugs(gate, chain));
            bugs.addAll(SumBugs.of("W" + gate));
            bugs.addAll(SumBugs.of("U" + gate));
            bugs.addAll(SumBugs.ofBias("b" + gate));
        }
        bugs.add(SumBugs.copy("Ui", "Uf"));
        bugs.add(SumBugs.copy("Wo", "Wi"));
        bugs.add(SumBugs.copy("bg", "bi"));
        bugs.add(SumBugs.copies("Wi", "Wo", "Wf"));
        return bugs;
    }

    private static List<Bug> ofCell(String chain) {
        return List.of(
                Bug.of(NO_LOSS_OF_C, Family.LOSS, chain, "The loss on c_T is not added to dc at the last step."),
                Bug.of(C_FOR_TANH, Family.ACTIVATION, chain, "δo has dh⊙c_t for dh⊙tanh(c_t)."),
                Bug.of(
                        ASSIGNED,
                        Family.ACCUMULATION,
                        chain,
                        "dc_t is assigned by what comes from h; the carry is lost."),
                Bug.of(
                        PARENTHESIS,
                        Family.ACTIVATION,
                        chain,
                        "In δf the slope binds to what comes from h, not to the carry."),
                Bug.of(NO_SLOPE_OF_C, Family.ACTIVATION, chain, "dc_t has dh⊙o without 1 − tanh²c_t."),
                Bug.of(SLOPE_OF_C_ITSELF, Family.ACTIVATION, chain, "dc_t has 1 − c_t² for 1 − tanh²c_t."),
                Bug.of(I_FOR_G, Family.GATE, chain, "δi has dc⊙i for dc⊙g."),
                Bug.of(F_FOR_I, Family.GATE, chain, "δg has dc⊙f for dc⊙i."),
                Bug.of(I_FOR_F, Family.GATE, chain, "dc_{t−1} has dc⊙i for dc⊙f."),
                Bug.of(FORGET_MISSING, Family.GATE, chain, "dc_{t−1} has dc for dc⊙f."),
                Bug.of(NEXT_FORGET, Family.TIME, chain, "dc_{t−1} has the forget gate of the step after."),
                Bug.of(
                        EXCHANGED,
                        Family.GATE,
                        chain,
                        "The derivatives of the forget and the input gate are exchanged."),
                Bug.of(O_FOR_G, Family.PLUMBING, chain, "The candidate is given the derivative of the output gate."));
    }

    private static List<Bug> ofLists(String chain, boolean peepholes) {
        String wrapped = "Wf Uf bf h0" + (peepholes ? " pf c0" : "");
        return List.of(
                Bug.of(SAME_C, Family.TIME, chain, "δf has c_t for c_{t−1}."),
                Bug.of(C_WRAPS, Family.TIME, wrapped, "δf has the last cell state for the initial one at step 0."),
                Bug.of(C_SHIFTED, Family.TIME, chain, "δf has c_{t−2}: the list of cell states begins with c_0."),
                Bug.of(SAME_H, Family.TIME, U, "dU has h_t for h_{t−1}."),
                Bug.of(H_WRAPS, Family.TIME, U, "dU has the last state for the initial one at step 0."),
                Bug.of(H_SHIFTED, Family.TIME, U, "dU has h_{t−2}: the list of states begins with h_0."),
                Bug.of(X_EARLIER, Family.TIME, W, "dW has x_{t−1} for x_t, and the last one at step 0."),
                Bug.of(X_EARLIER_FOR_G, Family.TIME, "Wg", "dWg has x_{t−1} for x_t, and the last one at step 0."));
    }

    private static List<Bug> ofPeepholes(String chain) {
        return List.of(
                Bug.of(NO_PEEP_O, Family.TIME, chain, "dc_t lacks what comes through the peephole of the output gate."),
                Bug.of(NO_PEEPS, Family.TIME, chain, "dc_{t−1} lacks what comes through the peepholes of f and i."),
                Bug.of(NO_PEEP_I, Family.TIME, chain, "dc_{t−1} lacks what comes through the peephole of i."),
                Bug.of(PEEP_AT_C, Family.TIME, "pf pi", "dpf and dpi have c_t for c_{t−1}."),
                Bug.of(PO_AT_EARLIER, Family.TIME, "po", "dpo has c_{t−1} for c_t."));
    }
}
