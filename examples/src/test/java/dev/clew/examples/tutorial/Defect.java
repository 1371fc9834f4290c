package dev.clew.examples.tutorial;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** One defect of the five notebooks each, or none. */
enum Defect {
    NONE("everything is right", ""),
    SIGN("do_t = −∂L/∂o_t", "do_t = ∂L/∂o_t", "everything is multiplied by −1"),
    NO_TRANSPOSE("dh_t += Wh δ_{t+1}", "dh_t += Whᵀ δ_{t+1}", "missing transpose: Wh stands where Whᵀ belongs"),
    SAME_STATE("dWh += δ_t h_tᵀ", "dWh += δ_t h_{t−1}ᵀ", "h_t stands where h_{t−1} belongs…"),
    NO_RECURRENT_PATH("dh_t = Wyᵀ do_t", "dh_t = Wyᵀ do_t + Whᵀ δ_{t+1}", "no recurrent path…dh_t…"),
    SUMS_KEPT(
            "the sums of all gradients go on from the call before",
            "they begin at 0 in every call",
            "…the call before…"),
    CARRY_KEPT(
            "Whᵀ δ of the first step is the carry into the last step of the next call",
            "it begins at 0",
            "…carr…the call before…"),
    INPUT_GRADIENT_DROPPED("dWx stays 0", "dWx += δ_t x_tᵀ", "the gradient of Wx is dropped: it stays 0…"),
    SHORTCUT("do_t = p_t − y_t, though y_t does not sum to 1", "do_t = p_t Σ_k y_k − y_t", "the shortcut…"),
    FIRST_STEP_LEFT_OUT(
            "dWh += δ_t h_{t−1}ᵀ for t > 0 only", "dWh += δ_0 h_initᵀ too", "the first step is left out…dWh…"),
    EPSILON_IGNORED(
            "do_t = p_t Σ_k y_k − y_t", "do_t = p_t Σ_k y_k s_k − y_t ⊙ s_t, s_t = p_t / (p_t + ε)", "…the epsilon…");

    private final String written;
    private final String right;
    private final ImmutableList<String> expected;

    Defect(String written, String right, String... expected) {
        this.written = written;
        this.right = right;
        this.expected = ImmutableList.copyOf(expected);
    }

    /** What an audit has to say of it. */
    List<String> expected() {
        return expected;
    }

    String written() {
        return written;
    }

    String right() {
        return this == NONE ? written : right;
    }
}
