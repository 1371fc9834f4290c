package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;

/**
 * The hyperbolic functions: sums of eˣ and e⁻ˣ where these differ enough, series where they cancel.
 *
 * <p>The larger of the two exponentials is taken as a pair; the other is 1 by it, and too small for its rounding to matter.
 */
public final class Hyperbolic {
    private Hyperbolic() {}

    /**
     * tanh x: below 0.625 a convergent of Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + ...))), written as x plus a
     * small correction; above it 1 − 2e/(1 + e) with e = e^(−2|x|).
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
        Expression large = constant(1).minus(tail(type, size));
        Expression signed = x.less(constant(0)).select(large.negate(), large);
        // The sum above turns −0 into 0.
        return x.equalTo(constant(0)).select(x, size.less(constant(0.625)).select(small, signed));
    }

    /** 1 − tanh² x, as t·(2 − t) with t = 1 − tanh |x|: nothing cancels, and the exponential is that of tanh. */
    public static Expression tanhSlope(DType type, Expression x) {
        Expression tail = tail(type, x.abs());
        return tail.times(constant(2).minus(tail));
    }

    /** 1 − tanh x for x ≥ 0, from a power that cannot overflow. */
    private static Expression tail(DType type, Expression x) {
        Expression e = Exponential.exp(type, x.plus(x).negate());
        return e.plus(e).div(e.plus(1));
    }

    /** sinh x in f64: below 1 its Taylor series x + x³/3! + x⁵/5! + ..., above it (eˣ − e⁻ˣ)/2. */
    public static Expression sinh(Expression x) {
        Expression square = x.times(x);
        double[] series = new double[9];
        double coefficient = 1;
        for (int i = 0; i < series.length; i++) {
            coefficient /= (2 * i + 2) * (2 * i + 3);
            series[i] = coefficient;
        }
        Expression small = x.times(square).fma(square.polynomial(series), x);
        Halves halves = halves(x.abs());
        Expression large =
                halves.growing.minus(halves.falling.minus(halves.low)).copySign(x);
        return x.abs().less(constant(1)).select(small, large);
    }

    /** cosh x in f64: (eˣ + e⁻ˣ)/2. */
    public static Expression cosh(Expression x) {
        Halves halves = halves(x.abs());
        return halves.growing.plus(halves.falling.plus(halves.low));
    }

    /** Half of eˣ as a pair, growing + low, and half of e⁻ˣ, for x ≥ 0. */
    private record Halves(Expression growing, Expression low, Expression falling) {}

    private static Halves halves(Expression x) {
        // Clamped near the end of the range, eˣ would be infinite before its half is; so the half goes to the mantissa.
        Expression bounded = x.min(constant(712));
        Expression shift = constant(708).less(bounded).select(constant(8), constant(0));
        Exponential.Parts parts = Exponential.parts(DType.F64, bounded.minus(shift), constant(0));
        Pair scale = Pair.select(
                constant(0).less(shift),
                Pair.constant(0x1.749ea7d470c6ep+10, -0x1.e83fe3ef6afd4p-47),
                Pair.constant(0.5, 0));
        Pair mantissa = parts.mantissa().times(scale);
        Expression growing = parts.scaled(mantissa.high());
        return new Halves(growing, parts.scaled(mantissa.low()), constant(0.25).div(growing));
    }
}
