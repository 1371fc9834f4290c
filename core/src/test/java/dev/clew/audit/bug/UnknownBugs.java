package dev.clew.audit.bug;

import java.util.ArrayList;
import java.util.List;

/** Fifty mistakes outside every family: no name is right for them, but where they are can be told. */
public final class UnknownBugs {
    private static final AuditedCell RNN = ZoneoutRnn.squared();
    private static final AuditedCell LSTM = Lstm.plain();
    private static final AuditedCell GRU = Gru.resetBefore();
    private static final int LAST = ZoneoutRnn.STEPS - 1;
    private static final int LAST_OF_LSTM = Lstm.STEPS - 1;
    private static final int LAST_OF_GRU = Gru.STEPS - 1;

    private UnknownBugs() {}

    /** All of them. */
    public static List<UnknownBug> all() {
        List<UnknownBug> all = new ArrayList<>(ofStatesOfRnn());
        all.addAll(ofGradientsOfRnn());
        all.addAll(ofStatesOfLstm());
        all.addAll(ofGatesOfLstm());
        all.addAll(ofGru());
        all.addAll(ofFactors());
        return all;
    }

    private static List<UnknownBug> ofStatesOfRnn() {
        String recurrent = "δ_{t+1}·Whᵀ";
        String carry = "(1 − m_{t+1})⊙dh_{t+1}";
        String output = "do_t·Vᵀ";
        return List.of(
                rnn("h", recurrent, LAST - 1, Alteration.POWER),
                rnn("h", recurrent, LAST - 1, Alteration.ROTATED),
                rnn("h", recurrent, 6, Alteration.MAGNITUDE),
                rnn("h", recurrent, LAST - 1, Alteration.BY_STEP),
                rnn("h", recurrent, 4, Alteration.NOISY),
                rnn("h", carry, LAST - 1, Alteration.SQUARED),
                rnn("h", carry, LAST - 1, Alteration.ROTATED),
                rnn("h", carry, 7, Alteration.REVERSED),
                rnn("h", carry, LAST - 1, Alteration.RANDOM_FACTORS),
                rnn("h", output, LAST, Alteration.SIGN),
                rnn("h", output, LAST, Alteration.EXCHANGED_UNITS),
                rnn("h", output, 8, Alteration.CLIPPED));
    }

    private static List<UnknownBug> ofGradientsOfRnn() {
        String delta = "m_t⊙dh_t⊙(1 − n_t²)";
        return List.of(
                rnn("a", delta, LAST, Alteration.ROOT),
                rnn("a", delta, LAST, Alteration.CENTERED),
                rnn("a", delta, 5, Alteration.WITHOUT_LAST),
                rnn("Wx", "x_tᵀ·δ_t", LAST, Alteration.SQUASHED),
                rnn("Wx", "x_tᵀ·δ_t", LAST, Alteration.REVERSED_ROWS),
                rnn("Wh", "h_{t−1}ᵀ·δ_t", LAST, Alteration.TURNED_BLOCK),
                rnn("Wh", "h_{t−1}ᵀ·δ_t", 6, Alteration.BY_UNIT),
                rnn("b", "δ_t", LAST, Alteration.ROTATED),
                rnn("V", "h_tᵀ·do_t", LAST, Alteration.ROUNDED),
                rnn("o", "∂L/∂o_t", LAST, Alteration.CUBED));
    }

    private static List<UnknownBug> ofStatesOfLstm() {
        String carry = "dc_{t+1}⊙f_{t+1}";
        String fromH = "dh_t⊙o_t⊙(1 − tanh²c_t)";
        return List.of(
                lstm("c", carry, LAST_OF_LSTM - 1, Alteration.ROTATED),
                lstm("c", carry, LAST_OF_LSTM - 1, Alteration.POWER),
                lstm("c", carry, 6, Alteration.FADING),
                lstm("c", fromH, LAST_OF_LSTM, Alteration.MAGNITUDE),
                lstm("c", fromH, 9, Alteration.REVERSED),
                lstm("h", "δf·Ufᵀ", LAST_OF_LSTM - 1, Alteration.SQUASHED),
                lstm("h", "δo·Uoᵀ", LAST_OF_LSTM - 1, Alteration.ROTATED),
                lstm("h", "do_t·Vᵀ", LAST_OF_LSTM, Alteration.NORMALIZED));
    }

    private static List<UnknownBug> ofGatesOfLstm() {
        String ofI = "dc_t⊙g_t⊙i_t(1 − i_t)";
        return List.of(
                lstm("af", "dc_t⊙c_{t−1}⊙f_t(1 − f_t)", LAST_OF_LSTM, Alteration.ROOT),
                lstm("ai", ofI, LAST_OF_LSTM, Alteration.EXCHANGED_UNITS),
                lstm("ai", ofI, 5, Alteration.POSITIVE),
                lstm("ag", "dc_t⊙i_t⊙(1 − g_t²)", LAST_OF_LSTM, Alteration.RANDOM_FACTORS),
                lstm("ao", "dh_t⊙tanh(c_t)⊙o_t(1 − o_t)", LAST_OF_LSTM, Alteration.CLIPPED),
                lstm("Uf", "h_{t−1}ᵀ·δf", LAST_OF_LSTM, Alteration.TURNED_BLOCK),
                lstm("Wg", "x_tᵀ·δg", LAST_OF_LSTM, Alteration.BY_STEP),
                lstm("bo", "δo", LAST_OF_LSTM, Alteration.CUBED));
    }

    private static List<UnknownBug> ofGru() {
        String carry = "dh_{t+1}⊙z_{t+1}";
        return List.of(
                gru("h", carry, LAST_OF_GRU - 1, Alteration.ROTATED),
                gru("h", carry, 6, Alteration.SQUARED),
                gru("h", "δn·Unᵀ⊙r_{t+1}", LAST_OF_GRU - 1, Alteration.POWER),
                gru("h", "δz·Uzᵀ", LAST_OF_GRU - 1, Alteration.NOISY),
                gru("az", "dh_t⊙(h_{t−1} − n_t)⊙z_t(1 − z_t)", LAST_OF_GRU, Alteration.BY_UNIT),
                gru("ar", "dr_t⊙r_t(1 − r_t)", LAST_OF_GRU, Alteration.SIGN),
                gru("an", "dh_t⊙(1 − z_t)⊙(1 − n_t²)", 7, Alteration.CENTERED),
                gru("Un", "(r_t⊙h_{t−1})ᵀ·δn", LAST_OF_GRU, Alteration.REVERSED_ROWS),
                gru("Wz", "x_tᵀ·δz", LAST_OF_GRU, Alteration.WITHOUT_LAST));
    }

    private static List<UnknownBug> ofFactors() {
        return List.of(
                new UnknownBug(RNN, "a", "m_t⊙dh_t⊙(1 − n_t²)", LAST, Alteration.POWER, true),
                new UnknownBug(LSTM, "c", "dc_{t+1}⊙f_{t+1}", LAST_OF_LSTM - 1, Alteration.SQUARED, true),
                new UnknownBug(GRU, "h", "dh_{t+1}⊙z_{t+1}", LAST_OF_GRU - 1, Alteration.ROOT, true));
    }

    private static UnknownBug rnn(String quantity, String addend, int step, Alteration alteration) {
        return new UnknownBug(RNN, quantity, addend, step, alteration, false);
    }

    private static UnknownBug lstm(String quantity, String addend, int step, Alteration alteration) {
        return new UnknownBug(LSTM, quantity, addend, step, alteration, false);
    }

    private static UnknownBug gru(String quantity, String addend, int step, Alteration alteration) {
        return new UnknownBug(GRU, quantity, addend, step, alteration, false);
    }
}
