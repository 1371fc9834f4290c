package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.audit.ByHand;
import java.util.Map;

/**
 * A mistake of no known kind, in a place that is known.
 *
 * @param cell whose gradient it is in
 * @param quantity the gradient, or what every step has, in whose formula it is
 * @param addend of that formula
 * @param step the last step at which it acts, the first going backwards
 * @param alteration what becomes of the addend
 * @param inFactor whether it befalls a factor of the addend instead: the slope, or the gate
 */
public record UnknownBug(
        AuditedCell cell, String quantity, String addend, int step, Alteration alteration, boolean inFactor) {

    /** Forward and backward by hand, with this mistake. */
    public ByHand run(Map<String, NDArray> point) {
        String place = inFactor ? Switches.factorOf(quantity) : quantity;
        return cell.run(
                point,
                Switches.of((name, text, t, right) ->
                        name.equals(place) && text.equals(addend) && t <= step ? alteration.of(right, t) : right));
    }

    @Override
    public String toString() {
        return cell + ": in d" + quantity + ", " + (inFactor ? "a factor of " : "") + addend + " " + alteration
                + ", from step " + step + " backwards";
    }
}
