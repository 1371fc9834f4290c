package dev.clew.internal.audit;

import java.util.List;

/**
 * The same use at every step: what a mistake in one line of a backward loop touches.
 *
 * @param index its number
 * @param userRole the role of the nodes that use
 * @param slot which of their inputs
 * @param inputRole the role of what they use
 * @param crosses whether it carries a state from step to step
 * @param uses in the order of time
 */
record UseRole(int index, int userRole, int slot, int inputRole, boolean crosses, List<Use> uses) {
    int firstTime() {
        return uses.getFirst().time();
    }

    int lastTime() {
        return uses.getLast().time();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UseRole role && role.index == index;
    }

    @Override
    public int hashCode() {
        return index;
    }
}
