package dev.clew.exact;

import java.util.Arrays;

/**
 * A function by its definition.
 *
 * @param inputs how many numbers it takes
 * @param domain where it is a number; poles and kinks are elsewhere
 */
public record ExactFunction(int inputs, Domain domain, Formula formula) {
    private static final int FIRST = 128;
    private static final int MOST = 1 << 14;

    /** Below 2 to this power there is no number of f64, and nothing of one. */
    private static final int NOTHING = -1200;

    /** Where a function is defined. */
    @FunctionalInterface
    public interface Domain {
        boolean has(Real... x);
    }

    /** Computes with the bits of its first input, and says in the result how far it may be off. */
    @FunctionalInterface
    public interface Formula {
        Real of(Real... x);
    }

    public boolean isDefined(double... x) {
        return domain.has(reals(FIRST, x));
    }

    /** The value with so many leading bits known, however many it takes to compute with. */
    public Real at(int leading, double... x) {
        return known(leading, FIRST, bits -> formula.of(reals(bits, x)));
    }

    /** A number that is computed with more bits as often as it comes out with too few. */
    static Real known(int leading, int first, WithBits number) {
        for (int bits = Math.max(first, leading + 60); bits <= MOST; bits *= 2) {
            Real value = number.with(bits);
            if (value.isKnown(leading, NOTHING)) {
                return value;
            }
        }
        throw new ArithmeticException("no " + leading + " bits of " + number.with(MOST));
    }

    /** A number from how many bits to compute with. */
    @FunctionalInterface
    interface WithBits {
        Real with(int bits);
    }

    private static Real[] reals(int bits, double... x) {
        return Arrays.stream(x).mapToObj(number -> Real.of(number, bits)).toArray(Real[]::new);
    }
}
