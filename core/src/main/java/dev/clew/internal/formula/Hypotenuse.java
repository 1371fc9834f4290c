package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;

/** √(a² + b²) without leaving the range of numbers in the squares, and the power of two that keeps sums of squares within it. */
public final class Hypotenuse {
    private Hypotenuse() {}

    /** 2ᵉ with 2ᵉ ≤ |x| {@literal <} 2ᵉ⁺¹, at the ends of the range the nearest whose inverse is a normal number; 1 for NaN. */
    public static Expression scale(DType type, Expression x) {
        int most = type == DType.F32 ? 126 : 1022;
        return x.equalTo(x).select(exponent(x.abs(), most).powerOfTwo(), constant(1));
    }

    private static Expression exponent(Expression size, int most) {
        return size.max(constant(Math.scalb(1.0, -most)))
                .min(constant(Math.scalb(1.0, most)))
                .exponent();
    }

    /** √(a² + b²) in f64; ∞ if either is infinite, whatever the other. */
    public static Expression hypot(Expression a, Expression b) {
        Expression infinite = constant(Double.POSITIVE_INFINITY);
        Expression exponent = exponent(a.abs().max(b.abs()), 1022);
        return isInfinite(a)
                .max(isInfinite(b))
                .select(infinite, root(a, b, exponent).times(exponent.powerOfTwo()));
    }

    /** a/√(a² + b²) in f64; 0 at (0, 0). Beside an infinity, whatever is finite is nothing; of two, both are as large. */
    public static Expression slope(Expression a, Expression b) {
        Expression most = a.abs().max(b.abs());
        Expression isFar = most.equalTo(constant(Double.POSITIVE_INFINITY));
        Expression near = isFar.select(isInfinite(a).copySign(a), a);
        Expression other = isFar.select(isInfinite(b), b);
        Expression exponent = exponent(near.abs().max(other.abs()), 1022);
        Expression slope = near.times(exponent.negate().powerOfTwo()).div(root(near, other, exponent));
        return most.equalTo(constant(0)).select(constant(0), slope);
    }

    private static Expression isInfinite(Expression x) {
        return x.abs().equalTo(constant(Double.POSITIVE_INFINITY));
    }

    /** √(a² + b²) by the power of two. */
    private static Expression root(Expression a, Expression b, Expression exponent) {
        Expression inverse = exponent.negate().powerOfTwo();
        Expression u = a.times(inverse);
        Expression v = b.times(inverse);
        Pair root = Pair.product(u, u).plus(Pair.product(v, v)).sqrt();
        return root.high().plus(root.low());
    }
}
