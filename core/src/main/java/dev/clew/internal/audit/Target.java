package dev.clew.internal.audit;

/**
 * Numbers that were written by hand, and the node whose cotangent they are.
 *
 * @param name of the array, or of the quantity of a step
 * @param node the position of the node; -1 for one on which the loss does not depend
 * @param step counted from 0 as the user does; -1 for an array
 * @param yours the numbers
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record Target(String name, int node, int step, double[] yours) {
    boolean isArray() {
        return step < 0;
    }

    @Override
    public String toString() {
        return isArray() ? name : name + "[" + step + "]";
    }
}
