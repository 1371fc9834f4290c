package dev.clew.exact;

import dev.clew.array.DType;
import java.math.BigInteger;

/**
 * A number rounded to a type.
 *
 * @param nearest of two that are as near the even one
 * @param rest the exact one less that, in units in the last place of the type
 */
public record Rounded(double nearest, double rest) {
    /** Bits of the rest. */
    private static final int FINE = 60;
    /** Bits of a number that is not exact, of which none is wrong. */
    private static final int SURE = 120;

    public static Rounded of(Real number, DType type) {
        // So that halves are halves.
        Real exact = number.shortened(SURE);
        int digits = type == DType.F32 ? 24 : 53;
        int least = type == DType.F32 ? -149 : -1074;
        int unit = Math.max(exact.magnitude() - digits, least);
        BigInteger fine = exact.abs().fixed(FINE - unit);
        BigInteger nearest = exact.abs().scaled(-unit).round().fixed(0);
        double size = Math.scalb((double) nearest.longValueExact(), unit);
        if (nearest.bitLength() + unit > (type == DType.F32 ? 128 : 1024)) {
            return new Rounded(exact.signum() * Double.POSITIVE_INFINITY, 0);
        }
        double rest = Math.scalb(fine.subtract(nearest.shiftLeft(FINE)).doubleValue(), -FINE);
        // A power of two that was rounded to has units twice as large.
        double units = nearest.bitLength() > digits ? rest / 2 : rest;
        return new Rounded(exact.signum() < 0 ? -size : size, exact.signum() < 0 ? -units : units);
    }

    /** How far a number of the type is from the exact one, in units in the last place of the type. */
    public double error(DType type, double found) {
        if (Double.isInfinite(nearest) || !Double.isFinite(found)) {
            return found == nearest ? 0 : Double.POSITIVE_INFINITY;
        }
        double unit = type == DType.F32 ? Math.ulp((float) nearest) : Math.ulp(nearest);
        return Math.abs((found - nearest) / unit - rest);
    }
}
