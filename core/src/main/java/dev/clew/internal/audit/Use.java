package dev.clew.internal.audit;

/**
 * One use of a node by another: along it, backwards, a cotangent flows.
 *
 * @param user the position of the node that uses
 * @param slot which of its inputs
 * @param input the position of what is used
 * @param time the step to which the derivative of this use belongs
 */
record Use(int user, int slot, int input, int time) {}
