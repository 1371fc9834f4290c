package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;

/**
 * Functions made of eˣ = 2ⁿ·eʳ, with n the integer nearest to x/ln 2, so that |r| ≤ ln 2 / 2, and the Taylor series of
 * eʳ.
 *
 * <p>The series is taken so far that what is left out is below a tenth of a unit in the last place; the rest is about
 * adding big and small parts in the order that loses least. The mantissa eʳ is kept as a {@link Pair}, so that a function
 * that goes on computing with it (e to the power of a pair, sinh, 1 + eˣ) rounds once, at its end.
 */
public final class Exponential {
    private static final double LOG2_E = 0x1.71547652b82fep0;
    /** Beyond it the gate of geluTanh is 0 or 1 to the last bit. */
    private static final double GELU_TANH_BOUND = 30;

    private Exponential() {}

    /** What differs between the precisions. */
    private record Precision(
            /* 1.5·2⁵² or 1.5·2²³: adding and taking it away rounds to an integer. */
            double rounder,
            double ln2High,
            double ln2Low,
            /* Below it x·eˣ is 0 to the last bit. */
            double least,
            double most,
            int terms) {
        static Precision of(DType type) {
            return type == DType.F32
                    ? new Precision(0x1.8p23, 0x1.62e4p-1, 0x1.7f7d1cf79abc9p-20, -112, 89, 8)
                    : new Precision(0x1.8p52, 0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45, -760, 710, 14);
        }
    }

    /**
     * An exponential in parts: mantissa·2ⁿ.
     *
     * @param mantissa eʳ, about 1
     * @param less eʳ − 1, without the error of taking 1 away
     * @param half n/2 rounded, because 2ⁿ alone would overflow before a large result does, and underflow before a small one
     */
    record Parts(Pair mantissa, Expression less, Expression n, Expression half) {
        Expression scaled(Expression x) {
            return x.times(half.powerOfTwo()).times(n.minus(half).powerOfTwo());
        }

        Expression value() {
            return scaled(mantissa.high());
        }
    }

    /** e to the power of x + low, in parts. The low part is small against 1. */
    static Parts parts(DType type, Expression x, Expression low) {
        Precision precision = Precision.of(type);
        Expression clamped = x.min(constant(precision.most)).max(constant(precision.least));
        Expression n = round(precision, clamped.times(LOG2_E));
        Expression near = n.fma(constant(-precision.ln2High), clamped);
        Expression tail = n.fma(constant(-precision.ln2Low), low);
        Expression r = near.plus(tail);
        Expression rest = r.times(r).fma(r.polynomial(taylor(precision.terms)), tail);
        // 1 + near is rounded; what that loses is known exactly and goes back in with the small terms (Dekker, 1971).
        Expression sum = near.plus(1);
        Expression lost = near.minus(sum.minus(1));
        return new Parts(Pair.ordered(sum, lost.plus(rest)), near.plus(rest), n, round(precision, n.times(0.5)));
    }

    /** 1/2!, 1/3!, 1/4!, ... */
    private static double[] taylor(int terms) {
        double[] coefficients = new double[terms - 2];
        double coefficient = 1;
        for (int i = 0; i < coefficients.length; i++) {
            coefficient /= i + 2;
            coefficients[i] = coefficient;
        }
        return coefficients;
    }

    /** eˣ. */
    public static Expression exp(DType type, Expression x) {
        return parts(type, x, constant(0)).value();
    }

    /** eˣ − 1, for small x without the 1. */
    public static Expression expm1(DType type, Expression x) {
        Parts parts = parts(type, x, constant(0));
        Expression power = parts.scaled(parts.mantissa.high());
        Pair less = Pair.sum(power, constant(-1));
        Expression far = less.high().plus(less.low().plus(parts.scaled(parts.mantissa.low())));
        Expression infinite = constant(Double.POSITIVE_INFINITY);
        Expression result = parts.n.equalTo(constant(0)).select(parts.less, far);
        // The sums turn −0 into 0, and what they lose is NaN at ∞.
        return x.equalTo(constant(0)).select(x, power.equalTo(infinite).select(infinite, result));
    }

    /** 1/(1 + e⁻ˣ), from e to the power of −|x|, which cannot overflow. */
    public static Expression sigmoid(DType type, Expression x) {
        return quotient(exp(type, x.abs().negate()), x.less(constant(0)));
    }

    /** σ(x)·(1 − σ(x)) = e/(1 + e)² with e = e^(−|x|), where nothing cancels. */
    public static Expression sigmoidSlope(DType type, Expression x) {
        Expression e = exp(type, x.abs().negate());
        Expression sum = e.plus(1);
        return e.div(sum.times(sum));
    }

    /** b/(eᵃ + b) in f64; 0 for b = 0, also where eᵃ is 0. */
    public static Expression left(Expression a, Expression b) {
        Expression zero = constant(0);
        Expression power = exp(DType.F64, a);
        Expression isNothing = b.equalTo(zero).min(power.equalTo(zero));
        return isNothing.select(zero, constant(1).div(power.div(b).plus(1)));
    }

    /** eᵃ/(eᵃ + eᵇ) in f64, where a − b is exact; one half where both are the same infinity. */
    public static Expression share(Expression a, Expression b) {
        Expression zero = constant(0);
        Pair apart = Pair.sum(a, b.negate());
        Expression distance = a.equalTo(b).select(zero, apart.high());
        Expression isNegative = distance.less(zero);
        Expression low = isNegative.select(apart.low(), apart.low().negate());
        Expression isNear = apart.high().abs().less(constant(800));
        Parts parts = parts(DType.F64, distance.abs().negate(), isNear.select(low, zero));
        return quotient(parts.value(), isNegative);
    }

    /** e/(1 + e) or 1/(1 + e), for e from 0 to 1. */
    private static Expression quotient(Expression e, Expression isSmaller) {
        Expression sum = e.plus(1);
        Expression lost = e.minus(sum.minus(1));
        Expression rounded = isSmaller.select(e, constant(1)).div(sum);
        // 1 + e is rounded; to first order the quotient by the exact sum is q − q·lost/(1 + e), and 1/(1 + e) is at
        // hand.
        Expression inverse = isSmaller.select(constant(1).minus(rounded), rounded);
        return rounded.times(lost).negate().fma(inverse, rounded);
    }

    /** x·σ(x); NaN at −∞. */
    public static Expression silu(DType type, Expression x) {
        return timesSigmoid(type, x, Pair.of(x), -Precision.of(type).least);
    }

    /** x·σ(2u) = x·(1 + tanh u)/2 with u = √(2/π)·(x + 0.044715·x³); NaN at −∞. */
    public static Expression geluTanh(DType type, Expression x) {
        return timesSigmoid(type, x, geluTanhExponent(type, x), GELU_TANH_BOUND);
    }

    /** σ(2u) with u = √(2/π)·(x + 0.044715·x³). */
    public static Expression geluTanhGate(DType type, Expression x) {
        Expression isNegative = x.less(constant(0));
        Pair t = geluTanhExponent(type, x);
        Expression low = isNegative.select(t.low(), t.low().negate());
        return quotient(parts(type, t.high().abs().negate(), low).value(), isNegative);
    }

    private static Pair geluTanhExponent(DType type, Expression x) {
        Expression bounded = x.min(constant(GELU_TANH_BOUND)).max(constant(-GELU_TANH_BOUND));
        Pair cubic = Pair.constant(type, 0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61);
        Pair linear = Pair.constant(type, 0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54);
        return Pair.product(bounded, bounded).times(cubic).plus(linear).times(bounded);
    }

    /**
     * x·σ(t), where x and t have the same sign. For t {@literal <} 0 it is x·eᵗ/(1 + eᵗ), and the power of two goes to the
     * quotient: x·eᵗ alone would lose digits below the normal range.
     *
     * @param bound beyond it, σ(t) is 1 to the last bit, and on the other side x·eᵗ is 0
     */
    private static Expression timesSigmoid(DType type, Expression x, Pair t, double bound) {
        Expression isNegative = x.less(constant(0));
        Expression low = isNegative.select(t.low(), t.low().negate());
        Parts parts = parts(type, t.high().abs().negate(), low);
        Pair sum = Pair.ordered(constant(1), parts.value());
        Pair denominator = new Pair(sum.high(), sum.low().plus(parts.scaled(parts.mantissa.low())));
        Expression bounded = x.max(constant(-bound));
        Pair quotient = Pair.select(isNegative, parts.mantissa.times(bounded), Pair.of(x))
                .div(denominator);
        Expression result = isNegative.select(parts.scaled(quotient.high()), quotient.high());
        // The sum of a pair turns −0 into 0, and what a quotient leaves is NaN at ∞.
        Expression complete = x.less(constant(bound)).select(result.copySign(x), x);
        return x.equalTo(constant(Double.NEGATIVE_INFINITY)).select(constant(Double.NaN), complete);
    }

    private static Expression round(Precision precision, Expression x) {
        return x.plus(precision.rounder).minus(precision.rounder);
    }
}
