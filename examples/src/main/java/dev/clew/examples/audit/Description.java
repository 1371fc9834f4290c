package dev.clew.examples.audit;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What the options say of the model.
 *
 * @param cell what a step computes
 * @param objective what is differentiated
 * @param orientation on which side of matrices vectors stand
 * @param axes in which order arrays of steps have their axes
 * @param gates in which order matrices of several gates have them
 * @param stateFirst whether matrices over both take the state before the input
 * @param updateNew whether a GRU's z is the share of the new state
 * @param mask what a mask does
 * @param symbols how many there are, if inputs are symbols whatever their type
 * @param names that were given for roles
 */
record Description(
        Cell cell,
        Objective objective,
        Orientation orientation,
        Axes axes,
        String gates,
        boolean stateFirst,
        boolean updateNew,
        MaskUse mask,
        OptionalInt symbols,
        Map<String, String> names) {
    /** What a mask does. */
    enum MaskUse {
        /** Where it is 0 the state stays, and the loss does not count. */
        BOTH("both"),
        /** Where it is 0 the loss does not count. */
        LOSS("loss"),
        /** Where it is 0 the state stays. */
        STATE("state");

        private final String label;

        MaskUse(String label) {
            this.label = label;
        }

        boolean isOfState() {
            return this != LOSS;
        }

        boolean isOfLoss() {
            return this != STATE;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    Description {
        names = ImmutableMap.copyOf(names);
        if (!sorted(gates).equals(sorted(cell.gates()))) {
            throw new IllegalArgumentException("--gates=" + gates + ": the gates of " + cell + " are the letters of "
                    + cell.gates() + ", in the order in which the matrices have them");
        }
    }

    /** Of PyTorch's conventions. */
    static Description of(Cell cell, Objective objective) {
        return new Description(
                cell,
                objective,
                Orientation.COLUMN,
                new Axes("tbf"),
                cell.gates(),
                true,
                false,
                MaskUse.BOTH,
                OptionalInt.empty(),
                Map.of());
    }

    private static String sorted(String letters) {
        return letters.chars()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The names that were given for roles of weights. */
    Map<String, String> namesOfWeights() {
        return names(role -> !DataRole.isOne(role) && !isStep(role));
    }

    /** The name that was given for some data, or the likely ones. */
    List<String> namesOf(DataRole role) {
        String name = names.get(role.role());
        return name == null ? role.names() : List.of(name);
    }

    /** The user's name of what a step computes. */
    String nameOfStep(String letter) {
        return names.getOrDefault(letter, letter);
    }

    private boolean isStep(String role) {
        return cell.letters().contains(role) || role.equals("y");
    }

    private Map<String, String> names(Predicate<String> roles) {
        Map<String, String> some = new LinkedHashMap<>(names);
        some.keySet().removeIf(roles.negate());
        return some;
    }
}
