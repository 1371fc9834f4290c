package dev.clew.internal.runtime.kernel;

/**
 * How many nodes C2 makes while it reads a method: measured on JDK 25, rounded up.
 *
 * <p>C2 inlines what a method calls while it reads it, until it has made 18 000 nodes ({@code NodeCountInliningCutoff} of HotSpot). What
 * it inlines after that has lost the exact class of its vectors, and may leave them as objects: then the method allocates for ever.
 */
final class KernelCost {
    /** A method has no more. What it has beside its vectors, and what another processor makes of them, is within the rest. */
    static final int MOST = 13_000;

    /** Where one vector needs more than that, it may have so many. */
    static final int MOST_OF_ANY = 15_000;

    static final int STORE = 600;
    /** Of some lanes of a vector. */
    static final int CUT_STORE = 3_000;
    /** Taking a vector into a reduction, and all around the loop. */
    static final int FOLD = 450;

    static final int REDUCTION = 4_500;
    static final int LOAD = 600;
    private static final int OPERATION = 420;

    private KernelCost() {}

    /** The nodes of one vector or mask. */
    static int of(KernelNode node) {
        return switch (node.op()) {
            case LOAD, LOAD_ROW -> LOAD;
            case REDUCED -> 0;
            case CONSTANT -> 20;
            case NOT -> OPERATION / 2;
            case CAST_MASK, CONVERT -> 2 * OPERATION;
            case POWER_OF_TWO -> 3 * OPERATION;
            case EXPONENT, FRACTION -> 4 * OPERATION;
            case COPY_SIGN -> 6 * OPERATION;
            default -> OPERATION;
        };
    }
}
