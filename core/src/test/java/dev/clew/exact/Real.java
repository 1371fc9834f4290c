package dev.clew.exact;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A binary number that knows how far it may be off: mantissa·2ᵉˣᵖᵒⁿᵉⁿᵗ, within 2ᵉʳʳᵒʳ of what it stands for.
 *
 * <p>Every operation rounds to the bits of its first operand and adds up what may be wrong, so digits that cancel show in
 * the error, and whoever asked tries again with more bits.
 */
public final class Real {
    /** The error of a number that is what it stands for. */
    static final double NONE = Double.NEGATIVE_INFINITY;

    private static final BigInteger FIVE = BigInteger.valueOf(5);

    private final BigInteger mantissa;
    private final int exponent;
    private final double error;
    private final int bits;

    private Real(BigInteger mantissa, int exponent, double error, int bits) {
        this.mantissa = mantissa;
        this.exponent = exponent;
        this.error = error;
        this.bits = bits;
    }

    /** mantissa·2ᵉˣᵖᵒⁿᵉⁿᵗ, rounded to so many bits. */
    static Real of(BigInteger mantissa, int exponent, double error, int bits) {
        int more = mantissa.bitLength() - bits;
        if (more <= 0) {
            return new Real(mantissa, exponent, error, bits);
        }
        BigInteger rounded = mantissa.shiftRight(more - 1).add(BigInteger.ONE).shiftRight(1);
        double lost = mantissa.getLowestSetBit() >= more ? NONE : exponent + more - 1;
        return new Real(rounded, exponent + more, sum(error, lost), bits);
    }

    /** Exactly a finite number, for computing with so many bits. */
    public static Real of(double x, int bits) {
        if (!Double.isFinite(x)) {
            throw new IllegalArgumentException(x + " is no number");
        }
        long size = Double.doubleToLongBits(Math.abs(x));
        int exponent = Math.max((int) (size >>> 52), 1) - 1075;
        long mantissa = (size & ((1L << 52) - 1)) | (size >>> 52 == 0 ? 0 : 1L << 52);
        return new Real(BigInteger.valueOf(x < 0 ? -mantissa : mantissa), exponent, NONE, bits);
    }

    /** As many bits as this one has. */
    Real constant(double x) {
        return of(x, bits);
    }

    /** A fraction written in decimals, such as 0.044715. */
    Real decimal(String text) {
        BigDecimal number = new BigDecimal(text);
        Real power = of(FIVE.pow(number.scale()), number.scale(), NONE, Integer.MAX_VALUE);
        return of(number.unscaledValue(), 0, NONE, bits).over(power);
    }

    /** Nothing is known but that it is this within 2ᵉʳʳᵒʳ. */
    Real within(double more) {
        return new Real(mantissa, exponent, sum(error, more), bits);
    }

    /** A number of which nothing is known. */
    Real unknown() {
        return within(Integer.MAX_VALUE);
    }

    /** Of a number that is not exact, so many bits at most, and fewer if fewer are known. */
    Real shortened(int most) {
        return error == NONE
                ? this
                : of(mantissa, exponent, error, (int) Math.min(most, Math.max(magnitude() - error - 4, 2)));
    }

    BigInteger mantissa() {
        return mantissa;
    }

    int exponent() {
        return exponent;
    }

    int bits() {
        return bits;
    }

    /** log₂ of how far it may be off. */
    double error() {
        return error;
    }

    /** The least e with |x| {@literal <} 2ᵉ, of the number as it is written; very small for 0. */
    int magnitude() {
        return signum() == 0 ? Integer.MIN_VALUE / 4 : mantissa.bitLength() + exponent;
    }

    int signum() {
        return mantissa.signum();
    }

    /** Whether it is known to lie on one side of 0, and not by a hair. */
    boolean isApartFromZero() {
        return signum() != 0 && error < magnitude() - 2;
    }

    /** Whether so many of its leading bits are known, or that it is below 2ᵇᵒᵘⁿᵈ. */
    boolean isKnown(int leading, int bound) {
        return error == NONE || error <= magnitude() - 1 - leading || Math.max(error, magnitude()) < bound;
    }

    /** log₂(2ᵃ + 2ᵇ), from above. */
    static double sum(double a, double b) {
        double most = Math.max(a, b);
        double apart = most - Math.min(a, b);
        return apart < 50 ? most + Math.scalb(1.45, -(int) apart) : most;
    }

    private double bound() {
        return sum(magnitude(), error);
    }

    // -------------------------------------------------------------------------------- arithmetic

    public Real negate() {
        return new Real(mantissa.negate(), exponent, error, bits);
    }

    public Real abs() {
        return signum() < 0 ? negate() : this;
    }

    public Real plus(Real other) {
        Real large = magnitude() >= other.magnitude() ? this : other;
        Real small = large == this ? other : this;
        double errors = sum(error, other.error);
        if (small.signum() == 0) {
            return of(large.mantissa, large.exponent, errors, bits);
        }
        if (small.magnitude() < large.magnitude() - bits - 60 && small.magnitude() < large.exponent - 60) {
            return of(large.mantissa, large.exponent, sum(errors, small.magnitude()), bits);
        }
        int least = Math.min(large.exponent, small.exponent);
        BigInteger sum =
                large.mantissa.shiftLeft(large.exponent - least).add(small.mantissa.shiftLeft(small.exponent - least));
        return of(sum, least, errors, bits);
    }

    public Real plus(double other) {
        return plus(constant(other));
    }

    public Real minus(Real other) {
        return plus(other.negate());
    }

    public Real minus(double other) {
        return plus(-other);
    }

    public Real times(Real other) {
        double errors = sum(bound() + other.error, other.bound() + error);
        return of(mantissa.multiply(other.mantissa), exponent + other.exponent, errors, bits);
    }

    public Real times(double other) {
        return times(constant(other));
    }

    public Real square() {
        return times(this);
    }

    /** Times 2ᵏ, exactly. */
    Real scaled(int k) {
        return new Real(mantissa, exponent + k, error + k, bits);
    }

    public Real over(Real other) {
        if (!other.isApartFromZero()) {
            return unknown();
        }
        int shift = Math.max(bits + 3 + other.mantissa.bitLength() - mantissa.bitLength(), 0);
        BigInteger[] quotient = mantissa.shiftLeft(shift).divideAndRemainder(other.mantissa);
        int at = exponent - other.exponent - shift;
        double lost = quotient[1].signum() == 0 ? NONE : at;
        int least = other.magnitude() - 2;
        double errors = sum(error - least, quotient[0].bitLength() + at + 1 + other.error - least);
        return of(quotient[0], at, sum(errors, lost), bits);
    }

    public Real over(double other) {
        return over(constant(other));
    }

    public Real reciprocal() {
        return constant(1).over(this);
    }

    /** √x of a number that is not negative. */
    public Real sqrt() {
        if (signum() == 0 && error == NONE) {
            return this;
        }
        if (signum() < 0 || !isApartFromZero()) {
            return unknown();
        }
        int shift = Math.max(2 * bits + 6 - mantissa.bitLength(), 0);
        shift += Math.floorMod(exponent - shift, 2);
        BigInteger[] root = mantissa.shiftLeft(shift).sqrtAndRemainder();
        int at = (exponent - shift) / 2;
        double lost = root[1].signum() == 0 ? NONE : at;
        return of(root[0], at, sum(error - Math.floorDiv(magnitude() - 2, 2), lost), bits);
    }

    // -------------------------------------------------------------------------------- comparison

    public boolean isBelow(double bound) {
        return compare(constant(bound)) < 0;
    }

    /** By the numbers as they are written. */
    int compare(Real other) {
        if (signum() != other.signum() || signum() == 0) {
            return Integer.compare(signum(), other.signum());
        }
        int sizes = Integer.compare(magnitude(), other.magnitude());
        if (sizes != 0) {
            return sizes * signum();
        }
        int least = Math.min(exponent, other.exponent);
        return mantissa.shiftLeft(exponent - least).compareTo(other.mantissa.shiftLeft(other.exponent - least));
    }

    public Real max(Real other) {
        return compare(other) >= 0 ? this : other;
    }

    public Real min(Real other) {
        return compare(other) <= 0 ? this : other;
    }

    /** This, and a bound beyond it: for what no number of f64 tells from infinity. */
    public Real clamped(double bound) {
        return min(constant(bound)).max(constant(-bound));
    }

    public Real floor() {
        BigInteger whole = exponent >= 0 ? mantissa.shiftLeft(exponent) : mantissa.shiftRight(-exponent);
        return new Real(whole, 0, error, bits);
    }

    /** The nearest integer, the even one of two. */
    public Real round() {
        Real low = floor();
        int side = minus(low).compare(constant(0.5));
        return side > 0 || (side == 0 && low.mantissa.testBit(0)) ? low.plus(1) : low;
    }

    /** x − y·⌊x/y⌋ of numbers that are exact. */
    public Real modulo(Real other) {
        int least = Math.min(exponent, other.exponent);
        BigInteger divisor = other.mantissa.shiftLeft(other.exponent - least);
        BigInteger left = mantissa.shiftLeft(exponent - least).mod(divisor.abs());
        boolean isOtherSide = left.signum() != 0 && other.signum() < 0;
        return of(isOtherSide ? left.add(divisor) : left, least, NONE, bits);
    }

    /** Digits below 2⁻ᶠ cut off: an integer number of 2⁻ᶠ. */
    BigInteger fixed(int fraction) {
        return exponent + fraction >= 0
                ? mantissa.shiftLeft(exponent + fraction)
                : mantissa.shiftRight(-exponent - fraction);
    }

    /** About this number; only for a first guess. */
    double about() {
        int cut = Math.max(mantissa.bitLength() - 60, 0);
        return Math.scalb((double) mantissa.shiftRight(cut).longValue(), exponent + cut);
    }

    @Override
    public String toString() {
        return about() + " within 2^" + (float) error;
    }
}
