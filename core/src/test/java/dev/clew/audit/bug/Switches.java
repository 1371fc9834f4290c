package dev.clew.audit.bug;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which lines of code by hand are the wrong ones.
 *
 * @param names of the mistakes that are made
 * @param edits of terms, in the order in which they are applied
 */
record Switches(Set<String> names, List<Edit> edits) {
    Switches {
        names = Set.copyOf(names);
        edits = List.copyOf(edits);
    }

    /** What becomes of a term, whatever it was. */
    @FunctionalInterface
    interface Edit {
        /** The term to be added instead, for an addend of a quantity at a step. */
        Matrix of(String quantity, String addend, int step, Matrix right);
    }

    static Switches of(Set<Bug> bugs) {
        return new Switches(bugs.stream().map(Bug::name).collect(Collectors.toSet()), List.of());
    }

    static Switches of(Edit edit) {
        return new Switches(Set.of(), List.of(edit));
    }

    boolean has(String name) {
        return names.contains(name);
    }

    Matrix term(String quantity, String addend, int step, Matrix right) {
        Matrix term = right;
        for (Edit edit : edits) {
            term = edit.of(quantity, addend, step, term);
        }
        return term;
    }
}
