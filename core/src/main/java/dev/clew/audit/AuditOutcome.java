package dev.clew.audit;

/** What an audit comes to. */
public enum AuditOutcome {
    /** All numbers agree. */
    RIGHT("right"),
    /** The forward pass by hand computes another function, so that its gradient is that of something else. */
    OTHER_FORWARD("the forward pass differs"),
    /** The mistakes are named. */
    EXPLAINED("explained"),
    /** Several different mistakes give these numbers, and the numbers cannot tell which. */
    UNDECIDED("undecided"),
    /** It is wrong, and no known mistake reproduces it; where it begins is told. */
    UNEXPLAINED("wrong, unexplained");

    private final String label;

    AuditOutcome(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
