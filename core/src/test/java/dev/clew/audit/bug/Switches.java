package dev.clew.audit.bug;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which lines of code by hand are the wrong ones.
 *
 * @param names of the mistakes that are made
 * @param edits of terms, in the order in which they are applied
 * @param leftovers what the call before handed to its initial states, and this one begins with; it keeps its own there
 */
record Switches(Set<String> names, List<Edit> edits, Map<List<String>, Carry> leftovers) {
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
        return new Switches(bugs.stream().map(Bug::name).collect(Collectors.toSet()), List.of(), new HashMap<>());
    }

    /** With what a call before this one has left. */
    Switches withLeftovers(Map<List<String>, Carry> ofCallBefore) {
        return new Switches(names, edits, ofCallBefore);
    }

    /** With one more mistake. */
    Switches and(String name) {
        Set<String> more = new LinkedHashSet<>(names);
        more.add(name);
        return new Switches(more, edits, leftovers);
    }

    /** What edits call a factor of a quantity's addend, not the addend itself. */
    static String factorOf(String quantity) {
        return "factor of " + quantity;
    }

    static Switches of(Edit edit) {
        return new Switches(Set.of(), List.of(edit), new HashMap<>());
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
