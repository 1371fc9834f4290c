package dev.clew.audit.bug;

import dev.clew.audit.Family;
import java.util.Set;

/**
 * One mistake that can be switched on.
 *
 * @param name within its cell
 * @param family what kind of mistake it is
 * @param wrong the names of the gradients that come out wrong
 * @param what in one sentence, what stands there instead of what
 */
public record Bug(String name, Family family, Set<String> wrong, String what) {
    public Bug {
        wrong = Set.copyOf(wrong);
    }

    static Bug of(String name, Family family, String wrong, String what) {
        return new Bug(name, family, Set.of(wrong.split(" ")), what);
    }

    @Override
    public String toString() {
        return name;
    }
}
