package dev.clew.audit;

/** What differences of values say about one number of a gradient. */
public enum Verdict {
    /** The differences give another number. */
    WRONG("wrong"),
    /** Differences of every step disagree with each other by more than rounding explains. */
    UNSETTLED("undecided, the differences do not settle"),
    /** A value or the gradient is NaN or infinite here, as at the edge of the domain. */
    NOT_FINITE("undecided, not finite"),
    /** The slopes on the two sides differ, and the number lies between them. */
    KINK("undecided, a kink"),
    /** Rounding within the formula hides the slope: large numbers cancel. */
    CANCELLATION("undecided, cancellation"),
    /** The value hardly moves: rounding of the result hides the slope. */
    SATURATED("undecided, saturated"),
    /** The value does not move at all, and the gradient is 0: they agree, but a factor would not be noticed. */
    FLAT("flat"),
    /** The differences give the same number. */
    RIGHT("right");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /** Whether the differences decide: {@link #RIGHT} or {@link #WRONG}. */
    public boolean isDecided() {
        return this == RIGHT || this == WRONG;
    }

    @Override
    public String toString() {
        return label;
    }
}
