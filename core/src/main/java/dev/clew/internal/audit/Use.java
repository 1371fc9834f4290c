package dev.clew.internal.audit;

/**
 * One use of a node by another: along it, backwards, a cotangent flows.
 *
 * @param index its number
 * @param user the position of the node that uses
 * @param slot which of its inputs
 * @param input the position of what is used
 * @param time the step to which the derivative of this use belongs
 */
record Use(int index, int user, int slot, int input, int time) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Use use && use.index == index;
    }

    @Override
    public int hashCode() {
        return index;
    }
}
