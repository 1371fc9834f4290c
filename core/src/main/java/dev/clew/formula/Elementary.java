package dev.clew.formula;

import static dev.clew.formula.Expression.constant;

import dev.clew.array.DType;

/**
 * The elementary functions as expressions of exactly rounded primitives.
 *
 * <p>Each reduces its argument to a short interval and sums a series there. The series are the textbook ones (Taylor of
 * eʳ, of 2·artanh s, and Lambert's continued fraction of tanh), taken far enough that what is left out is below a tenth
 * of a unit in the last place; the rest is about adding big and small parts in the order that loses least. Measured
 * against exact values the errors stay below 2 units in the last place.
 */
public final class Elementary {
    private static final double LOG2_E = 1.4426950408889634;

    private Elementary() {}

    /** What differs between the precisions. */
    private record Precision(
            /* 1.5·2⁵² or 1.5·2²³: adding and taking it away rounds to an integer. */
            double rounder,
            double ln2High,
            double ln2Low,
            double expLeast,
            double expMost,
            int expTerms,
            int logTerms,
            double leastNormal,
            int subnormalBits) {
        static Precision of(DType type) {
            return type == DType.F32
                    ? new Precision(0x1.8p23, 0x1.62e4p-1, 0x1.7f7d1cf79abc9p-20, -104, 89, 8, 6, 0x1p-126, 24)
                    : new Precision(
                            0x1.8p52, 0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45, -746, 710, 14, 12, 0x1p-1022, 54);
        }
    }

    /** eˣ = 2ⁿ·eʳ with n the integer nearest to x/ln 2, so that |r| ≤ ln 2 / 2, and the Taylor series of eʳ. */
    public static Expression exp(DType type, Expression x) {
        Precision precision = Precision.of(type);
        Expression clamped = x.min(constant(precision.expMost)).max(constant(precision.expLeast));
        Expression n = round(precision, clamped.times(LOG2_E));
        Expression near = n.fma(constant(-precision.ln2High), clamped);
        Expression r = n.fma(constant(-precision.ln2Low), near);
        double[] taylor = new double[precision.expTerms - 2];
        double coefficient = 1;
        for (int i = 0; i < taylor.length; i++) {
            coefficient /= i == 0 ? 2 : i + 2;
            taylor[i] = coefficient;
        }
        // 1 + near is rounded; what that loses is known exactly and goes back in with the small terms (Dekker, 1971).
        Expression rest = n.fma(constant(-precision.ln2Low), r.times(r).times(r.polynomial(taylor)));
        Expression sum = near.plus(1);
        Expression lost = near.minus(sum.minus(1));
        Expression power = sum.plus(lost.plus(rest));
        Expression half = round(precision, n.times(0.5));
        // Two powers, because 2ⁿ alone would overflow before a large result does, and underflow before a small one.
        return power.times(half.powerOfTwo()).times(n.minus(half).powerOfTwo());
    }

    /**
     * ln x = e·ln 2 + ln m with √½ ≤ m < √2. With f = m − 1 and s = f/(2 + f), ln m = f − (f²/2 − s·(f²/2 + R)), where R =
     * 2s²/3 + 2s⁴/5 + ... comes from ln m = 2·artanh s.
     */
    public static Expression log(DType type, Expression x) {
        Precision precision = Precision.of(type);
        Expression zero = constant(0);
        Expression tiny = x.less(constant(precision.leastNormal));
        Expression scaled = tiny.select(x.times(Math.scalb(1.0, precision.subnormalBits)), x);
        Expression upper = constant(1.4142135623730951).less(scaled.fraction());
        Expression m = upper.select(scaled.fraction().times(0.5), scaled.fraction());
        Expression exponent = scaled.exponent().plus(upper).minus(tiny.times(precision.subnormalBits));
        Expression f = m.minus(1);
        Expression s = f.div(f.plus(2));
        Expression square = s.times(s);
        double[] series = new double[precision.logTerms];
        for (int i = 1; i < series.length; i++) {
            series[i] = 2.0 / (2 * i + 1);
        }
        Expression half = f.times(f).times(0.5);
        Expression rest = s.fma(half.plus(square.polynomial(series)), exponent.times(precision.ln2Low));
        Expression log = exponent.fma(constant(precision.ln2High), f.minus(half.minus(rest)));
        Expression positive = x.less(constant(Double.POSITIVE_INFINITY)).select(log, x);
        Expression notPositive = x.equalTo(zero).select(constant(Double.NEGATIVE_INFINITY), constant(Double.NaN));
        return zero.less(x).select(positive, notPositive);
    }

    /**
     * tanh x: below 0.625 a convergent of Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + ...))), written as x plus a
     * small correction; above it 1 − 2/(e²ˣ + 1).
     */
    public static Expression tanh(DType type, Expression x) {
        Expression square = x.times(x);
        boolean single = type == DType.F32;
        Expression numerator =
                single ? square.polynomial(-315, -14) : square.polynomial(-11486475, -810810, -12870, -44);
        Expression denominator =
                single ? square.polynomial(945, 420, 15) : square.polynomial(34459425, 16216200, 945945, 13860, 45);
        Expression small = x.times(square).fma(numerator.div(denominator), x);
        Expression size = x.abs();
        Expression tail = constant(2).div(exp(type, size.plus(size)).plus(1));
        Expression large = constant(1).minus(tail);
        Expression signed = x.less(constant(0)).select(large.negate(), large);
        // The sum above turns −0 into 0.
        return x.equalTo(constant(0)).select(x, size.less(constant(0.625)).select(small, signed));
    }

    /** 1/(1 + e⁻ˣ), from e to the power of −|x|, which cannot overflow. */
    public static Expression sigmoid(DType type, Expression x) {
        Expression e = exp(type, x.abs().negate());
        Expression negative = x.less(constant(0));
        Expression sum = e.plus(1);
        Expression lost = e.minus(sum.minus(1));
        Expression quotient = negative.select(e, constant(1)).div(sum);
        // 1 + e is rounded; to first order the quotient by the exact sum is q − q·lost/(1 + e), and 1/(1 + e) is at
        // hand.
        Expression inverse = negative.select(constant(1).minus(quotient), quotient);
        return quotient.times(lost).negate().fma(inverse, quotient);
    }

    private static Expression round(Precision precision, Expression x) {
        return x.plus(precision.rounder).minus(precision.rounder);
    }
}
