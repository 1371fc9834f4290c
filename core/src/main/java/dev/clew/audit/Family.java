package dev.clew.audit;

/** The kinds of mistakes that gradients written by hand have. */
public enum Family {
    /** The sign, or a constant factor: 1/B, 1/T, 2, ½, a learning rate. */
    SCALE("sign or factor"),
    /** A transpose that is missing or too much, another matrix, Jacobians in the wrong order. */
    ORDER("transpose or order"),
    /** Terms of a sum over the steps, the batch or the uses that are left out, assigned instead of added, or counted twice. */
    ACCUMULATION("accumulation"),
    /** The recurrent path: missing, truncated, a carry that is lost, another step's value. */
    TIME("time"),
    /** The derivative of an activation: missing, at the wrong place, of another function. */
    ACTIVATION("activation"),
    /** The derivative of the loss: its shortcut, its epsilon, its mean. */
    LOSS("loss"),
    /** Masks and gates: ignored, those of another step, exchanged. */
    GATE("mask or gate"),
    /** Names and places: a gradient dropped, copied, exchanged, a stale value of the call before. */
    PLUMBING("plumbing");

    private final String label;

    Family(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
