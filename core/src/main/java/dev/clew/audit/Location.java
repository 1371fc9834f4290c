package dev.clew.audit;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a gradient that no explanation reproduces begins to be wrong.
 *
 * @param quantity the array or the step's quantity whose formula goes wrong
 * @param step at which step, counted from 0, going backwards; empty if it cannot be told, or for all
 * @param term the addend of its formula that does not fit, in the notation of the forward pass
 * @param others addends that cannot be excluded
 * @param line the line of the forward pass whose derivative it is
 */
public record Location(String quantity, OptionalInt step, String term, List<String> others, Optional<String> line) {
    public Location {
        others = List.copyOf(others);
    }

    @Override
    public String toString() {
        return "in the formula of " + quantity
                + (step.isPresent() ? ", from step " + step.getAsInt() + " backwards" : "")
                + (term.isEmpty() ? "" : ", in the term " + term)
                + (others.isEmpty() ? "" : "; not to be excluded: " + String.join(", ", others))
                + line.map(each -> " (" + each + ")").orElse("");
    }
}
