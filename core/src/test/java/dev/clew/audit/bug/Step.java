package dev.clew.audit.bug;

import java.util.List;

/** The backward pass of one step of a cell. */
interface Step {
    /** How many there are. */
    int steps();

    /** The names of the initial states, in the order of the parts of a carry. */
    List<String> initial();

    /** What the loss of a step gives to the states of that step; gradients of the readout are added on the way. */
    Carry loss(int t, Sweep sweep);

    /** From the derivatives by the states of a step to those by the states before it; gradients are added on the way. */
    Carry back(int t, Carry total, Sweep sweep);
}
