package dev.clew.testing;

/** How much larger than usual this run of the tests is: the system property {@code clew.tries}, and 1 without it. */
public final class Tries {
    public static final int FACTOR = Integer.getInteger("clew.tries", 1);

    private Tries() {}

    /** A number of seeds, examples or repetitions, as large as this run asks for; jqwik's properties see to theirs. */
    public static int times(int usual) {
        return Math.multiplyExact(usual, FACTOR);
    }

    /**
     * A number of steps over time, or of seconds that so many may take, as large as this run asks for. It grows with the digits
     * of the factor, since time and memory grow with it.
     */
    public static int longer(int usual) {
        return Math.multiplyExact(usual, Integer.SIZE - Integer.numberOfLeadingZeros(FACTOR));
    }
}
