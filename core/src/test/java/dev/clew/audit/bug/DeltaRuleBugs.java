package dev.clew.audit.bug;

import dev.clew.audit.Family;
import java.util.ArrayList;
import java.util.List;

/** The mistakes of a delta-rule memory's gradient. */
final class DeltaRuleBugs {
    static final String EARLIER_FOR_Q = "S_{t−1} for S_t in dq";
    static final String TRANSPOSE_FOR_Q = "missing transpose of S in dq";
    static final String KEY_FOR_QUERY = "k for q in dS";
    static final String TURNED_OUTPUT = "q·dhᵀ for dh·qᵀ in dS";
    static final String TRANSPOSE_FOR_V = "dSᵀ·k for dS·k";
    static final String V_FOR_ERROR = "v for v − S·k in dβ";
    static final String NO_BETA_IN_V = "β missing in dv";
    static final String NO_BETA_IN_K = "β missing in dk";
    static final String SAME_MEMORY = "S_t for S_{t−1} in dk";
    static final String WRAPS = "index −1 of the memories wraps";
    static final String SHIFTED = "list of memories shifted by the initial one";
    static final String NO_READ = "dk sees what is written only";
    static final String NO_WRITE = "dk sees what is read only";
    static final String READ_TURNED = "sign of what is read in dk";
    static final String NEXT_KEY = "k_{t+1} for k_t in dS_{t−1}";
    static final String TURNED_ERASURE = "k·dvᵀ for dv·kᵀ in dS_{t−1}";
    static final String NO_ERASURE = "dv·kᵀ missing in dS_{t−1}";
    static final String ERASURE_ONLY = "carry term missing in dS_{t−1}";
    static final String ERASURE_ADDED = "sign of dv·kᵀ in dS_{t−1}";
    static final String EXCHANGED = "dk and dv exchanged";
    static final String X_EARLIER = "x_{t−1} for x_t in dW";

    private static final String WITHOUT_Q = "Wk Wv Wb bb";
    private static final String CHAIN = WITHOUT_Q + " S0";

    private DeltaRuleBugs() {}

    static List<Bug> all() {
        List<Bug> bugs = new ArrayList<>(ofMemory());
        bugs.addAll(ofKeys());
        bugs.addAll(SlopeBugs.of("beta", "Wb bb"));
        bugs.addAll(Backwards.bugs(WITHOUT_Q, "S0", "Wq V d"));
        bugs.addAll(DeltaRule.READOUT.bugs(CHAIN + " Wq V d"));
        List.of("Wq", "Wk", "Wv", "Wb", "V").forEach(name -> bugs.addAll(SumBugs.of(name)));
        bugs.addAll(SumBugs.ofBias("bb"));
        bugs.addAll(SumBugs.ofBias("d"));
        bugs.add(SumBugs.copy("Wq", "Wk"));
        bugs.add(SumBugs.copy("Wk", "Wv"));
        return bugs;
    }

    private static List<Bug> ofMemory() {
        return List.of(
                Bug.of(KEY_FOR_QUERY, Family.PLUMBING, CHAIN, "dS_t has dh·kᵀ for dh·qᵀ."),
                Bug.of(TURNED_OUTPUT, Family.ORDER, CHAIN, "dS_t has q·dhᵀ for dh·qᵀ."),
                Bug.of(TRANSPOSE_FOR_V, Family.ORDER, CHAIN, "dv and dβ have dSᵀ·k for dS·k."),
                Bug.of(NO_BETA_IN_V, Family.GATE, CHAIN, "dv lacks β, and so do dk and dS_{t−1}."),
                Bug.of(NEXT_KEY, Family.TIME, CHAIN, "dS_{t−1} has the key of the step after."),
                Bug.of(TURNED_ERASURE, Family.ORDER, CHAIN, "dS_{t−1} has k·dvᵀ for dv·kᵀ."),
                Bug.of(NO_ERASURE, Family.TIME, CHAIN, "dS_{t−1} lacks −dv·kᵀ, as if nothing were erased."),
                Bug.of(ERASURE_ONLY, Family.TIME, CHAIN, "dS_{t−1} lacks dS_t."),
                Bug.of(ERASURE_ADDED, Family.SCALE, CHAIN, "dS_{t−1} has dS_t + dv·kᵀ for dS_t − dv·kᵀ."));
    }

    private static List<Bug> ofKeys() {
        return List.of(
                Bug.of(EARLIER_FOR_Q, Family.TIME, "Wq", "dq has S_{t−1} for S_t."),
                Bug.of(TRANSPOSE_FOR_Q, Family.ORDER, "Wq", "dq has S·dh for Sᵀ·dh."),
                Bug.of(V_FOR_ERROR, Family.TIME, "Wb bb", "dβ has v for v − S_{t−1}·k."),
                Bug.of(NO_BETA_IN_K, Family.GATE, "Wk", "dk has dSᵀ·e without β."),
                Bug.of(SAME_MEMORY, Family.TIME, "Wk", "dk has S_t for S_{t−1}."),
                Bug.of(WRAPS, Family.TIME, "Wk", "dk has the last memory for the initial one at step 0."),
                Bug.of(SHIFTED, Family.TIME, "Wk", "dk has S_{t−2}: the list of memories begins with S_0."),
                Bug.of(NO_READ, Family.ACCUMULATION, "Wk", "dk lacks −Sᵀ·dv."),
                Bug.of(NO_WRITE, Family.ACCUMULATION, "Wk", "dk lacks β·dSᵀ·e."),
                Bug.of(READ_TURNED, Family.SCALE, "Wk", "dk has + Sᵀ·dv for − Sᵀ·dv."),
                Bug.of(EXCHANGED, Family.PLUMBING, "Wk Wv", "Keys and values are given each other's derivative."),
                Bug.of(X_EARLIER, Family.TIME, "Wq Wk Wv Wb", "dW has x_{t−1} for x_t, and the last one at step 0."));
    }
}
