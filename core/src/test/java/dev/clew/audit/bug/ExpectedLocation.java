package dev.clew.audit.bug;

import dev.clew.audit.Location;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where an audit must say that an unknown bug is.
 *
 * @param quantity the array, or what every step has, in whose formula it is
 * @param step at which it begins going backwards; empty for an array
 * @param term the addend of that formula
 */
public record ExpectedLocation(String quantity, OptionalInt step, String term) {
    /** How the audit writes the addends of the cells' own lines, in the notation of their graphs. */
    private static final Map<String, String> TERMS = Map.ofEntries(
            Map.entry("a: m_t⊙dh_t⊙(1 − n_t²)", "dn_t ⊙ (1 − n_t²)"),
            Map.entry("h: δ_{t+1}·Whᵀ", "da_t·Whᵀ"),
            Map.entry("h: (1 − m_{t+1})⊙dh_{t+1}", "dh_t ⊙ (1 − m_t)"),
            Map.entry("h: do_t·Vᵀ", "do_t·Vᵀ"),
            Map.entry("Wx: x_tᵀ·δ_t", "x_tᵀ·da_t"),
            Map.entry("Wh: h_{t−1}ᵀ·δ_t", "h_{t−1}ᵀ·da_t"),
            Map.entry("b: δ_t", "Σ da_t"),
            Map.entry("V: h_tᵀ·do_t", "h_tᵀ·do_t"),
            Map.entry("o: ∂L/∂o_t", "1 / 3 ⊙ (o_t − y_t) ⊙ 2"),
            Map.entry("c: dc_{t+1}⊙f_{t+1}", "dc_t ⊙ f_t"),
            Map.entry("c: dh_t⊙o_t⊙(1 − tanh²c_t)", "dh_t ⊙ o_t ⊙ tanh′(c_t)"),
            Map.entry("LSTM h: do_t·Vᵀ", "ds_t·Vᵀ"),
            Map.entry("h: δf·Ufᵀ", "daf_t·Ufᵀ"),
            Map.entry("h: δo·Uoᵀ", "dao_t·Uoᵀ"),
            Map.entry("af: dc_t⊙c_{t−1}⊙f_t(1 − f_t)", "df_t ⊙ f_t ⊙ (1 − f_t)"),
            Map.entry("ai: dc_t⊙g_t⊙i_t(1 − i_t)", "di_t ⊙ i_t ⊙ (1 − i_t)"),
            Map.entry("ag: dc_t⊙i_t⊙(1 − g_t²)", "dg_t ⊙ (1 − g_t²)"),
            Map.entry("ao: dh_t⊙tanh(c_t)⊙o_t(1 − o_t)", "do_t ⊙ o_t ⊙ (1 − o_t)"),
            Map.entry("Uf: h_{t−1}ᵀ·δf", "h_{t−1}ᵀ·daf_t"),
            Map.entry("Wg: x_tᵀ·δg", "x_tᵀ·dag_t"),
            Map.entry("bo: δo", "Σ dao_t"),
            Map.entry("h: dh_{t+1}⊙z_{t+1}", "dh_t ⊙ z_t"),
            Map.entry("h: δn·Unᵀ⊙r_{t+1}", "dan_t·Unᵀ ⊙ r_t"),
            Map.entry("h: δz·Uzᵀ", "daz_t·Uzᵀ"),
            Map.entry("az: dh_t⊙(h_{t−1} − n_t)⊙z_t(1 − z_t)", "dz_t ⊙ z_t ⊙ (1 − z_t)"),
            Map.entry("ar: dr_t⊙r_t(1 − r_t)", "dr_t ⊙ r_t ⊙ (1 − r_t)"),
            Map.entry("an: dh_t⊙(1 − z_t)⊙(1 − n_t²)", "dn_t ⊙ (1 − n_t²)"),
            Map.entry("Un: (r_t⊙h_{t−1})ᵀ·δn", "(r_t ⊙ h_{t−1})ᵀ·dan_t"),
            Map.entry("Wz: x_tᵀ·δz", "x_tᵀ·daz_t"));

    /** Of one of the unknown bugs at the point of a seed. */
    public static ExpectedLocation of(UnknownBug bug, long seed) {
        boolean isArray =
                bug.cell().run(bug.cell().point(seed), Set.of()).gradients().containsKey(bug.quantity());
        return new ExpectedLocation(
                "d" + bug.quantity() + (isArray ? "" : "_t"),
                isArray ? OptionalInt.empty() : OptionalInt.of(bug.step()),
                term(bug));
    }

    /** What is called so in one cell only comes first. */
    private static String term(UnknownBug bug) {
        String addend = bug.quantity() + ": " + bug.addend();
        return Optional.ofNullable(TERMS.get(bug.cell() + " " + addend))
                .or(() -> Optional.ofNullable(TERMS.get(addend)))
                .orElseThrow(() -> new IllegalArgumentException("how the audit writes " + addend + " is not known"));
    }

    /** Whether it is what was said. */
    public boolean is(Location said) {
        return said.quantity().equals(quantity)
                && (step.isEmpty() || said.step().equals(step))
                && said.term().equals(term);
    }
}
