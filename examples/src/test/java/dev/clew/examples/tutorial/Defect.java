package dev.clew.examples.tutorial;

/** One defect of the five notebooks each, or none. */
enum Defect {
    NONE("everything is right", ""),
    SIGN("do_t = −∂L/∂o_t", "do_t = ∂L/∂o_t"),
    NO_TRANSPOSE("dh_t += Wh δ_{t+1}", "dh_t += Whᵀ δ_{t+1}"),
    SAME_STATE("dWh += δ_t h_tᵀ", "dWh += δ_t h_{t−1}ᵀ"),
    NO_RECURRENT_PATH("dh_t = Wyᵀ do_t", "dh_t = Wyᵀ do_t + Whᵀ δ_{t+1}"),
    SUMS_KEPT("the sums of all gradients go on from the call before", "they begin at 0 in every call"),
    CARRY_KEPT("Whᵀ δ of the first step is the carry into the last step of the next call", "it begins at 0"),
    INPUT_GRADIENT_DROPPED("dWx stays 0", "dWx += δ_t x_tᵀ"),
    SHORTCUT("do_t = p_t − y_t, though y_t does not sum to 1", "do_t = p_t Σ_k y_k − y_t"),
    FIRST_STEP_LEFT_OUT("dWh += δ_t h_{t−1}ᵀ for t > 0 only", "dWh += δ_0 h_initᵀ too"),
    EPSILON_IGNORED("do_t = p_t Σ_k y_k − y_t", "do_t = p_t Σ_k y_k s_k − y_t ⊙ s_t, s_t = p_t / (p_t + ε)");

    private final String written;
    private final String right;

    Defect(String written, String right) {
        this.written = written;
        this.right = right;
    }

    String written() {
        return written;
    }

    String right() {
        return this == NONE ? written : right;
    }
}
