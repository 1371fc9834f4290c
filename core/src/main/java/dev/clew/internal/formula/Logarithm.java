package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;

/**
 * Logarithms: ln x = e·ln 2 + ln m for x = m·2ᵉ with √½ ≤ m {@literal <} √2, and ln m = 2·artanh s for s = (m − 1)/(m + 1)
 * by its Taylor series 2s + 2s³/3 + 2s⁵/5 + ...
 *
 * <p>Near 1, where ln x is about x − 1, e is 0 and nothing cancels. A second form computes ln m as a {@link Pair}, for
 * powers, where the logarithm is multiplied by up to a thousand, and for log₂, which is then exact at powers of two.
 */
public final class Logarithm {
    private Logarithm() {}

    /** What differs between the precisions. */
    private record Precision(double ln2High, double ln2Low, int terms, double leastNormal, int subnormalBits) {
        static Precision of(DType type) {
            return type == DType.F32
                    ? new Precision(0x1.62e4p-1, 0x1.7f7d1cf79abc9p-20, 6, 0x1p-126, 24)
                    : new Precision(0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45, 12, 0x1p-1022, 54);
        }
    }

    /** m and e of a positive x = m·2ᵉ with √½ ≤ m {@literal <} √2. */
    private record Split(Expression fraction, Expression exponent) {
        static Split of(DType type, Expression x) {
            Precision precision = Precision.of(type);
            Expression tiny = x.less(constant(precision.leastNormal));
            Expression scaled = tiny.select(x.times(Math.scalb(1.0, precision.subnormalBits)), x);
            Expression fraction = scaled.fraction();
            Expression upper = constant(1.4142135623730951).less(fraction);
            Expression exponent = scaled.exponent().plus(upper).minus(tiny.times(precision.subnormalBits));
            return new Split(upper.select(fraction.times(0.5), fraction), exponent);
        }
    }

    /** ln x; −∞ at 0, NaN below. */
    public static Expression log(DType type, Expression x) {
        return extended(x, log(type, x, constant(0)));
    }

    /** ln(1 + x), where the rounding error of 1 + x goes back in. */
    public static Expression log1p(DType type, Expression x) {
        Pair sum = Pair.sum(constant(1), x);
        // Where 1 + x is 0 or ∞, there is no such error.
        Expression whole = sum.high().less(constant(Double.POSITIVE_INFINITY));
        Expression low = whole.select(sum.low().div(sum.high()), constant(0));
        Expression result = extended(sum.high(), log(type, sum.high(), low));
        return x.equalTo(constant(0)).select(x, result);
    }

    /** x·ln y in f64, and 0 at x = 0 for every number y. */
    public static Expression xlogy(Expression x, Expression y) {
        Expression isNothing = x.equalTo(constant(0)).min(y.equalTo(y));
        return isNothing.select(constant(0), x.times(log(DType.F64, y)));
    }

    /** ln(1 + b·e⁻ᵃ) in f64, for b ≥ 0; ln b − a where that product leaves the range of numbers, and 0 where it is 0·∞. */
    public static Expression nats(Expression a, Expression b) {
        Expression odds = b.times(Exponential.exp(DType.F64, a.negate()));
        Expression far = log(DType.F64, b).minus(a).max(constant(0));
        return odds.less(constant(Double.POSITIVE_INFINITY)).select(log1p(DType.F64, odds), far);
    }

    /** ln(1 + eˣ), from e to the power of −|x|, which cannot overflow. */
    public static Expression softplus(DType type, Expression x) {
        return x.max(constant(0)).plus(log1p(type, Exponential.exp(type, x.abs().negate())));
    }

    /**
     * ln(eᵃ + eᵇ) in f64; of one infinity twice, that infinity. With the larger as m and their distance as d it is m + ln(1 +
     * e⁻ᵈ), whose large terms are added exactly, because they cancel where the result is near 0. There its error is that of
     * the small terms.
     */
    public static Expression logAddExp(Expression a, Expression b) {
        Expression zero = constant(0);
        Expression most = a.max(b);
        Pair apart = Pair.sum(a.min(b), most.negate());
        Expression distance = a.equalTo(b).select(zero, apart.high());
        Expression isNear = distance.negate().less(constant(800));
        Exponential.Parts power = Exponential.parts(DType.F64, distance, isNear.select(apart.low(), zero));
        Pair sum = Pair.ordered(constant(1), power.value());
        Expression low = sum.low().plus(power.scaled(power.mantissa().low()));
        Terms terms = Terms.of(DType.F64, sum.high(), low.div(sum.high()));
        Pair first = Pair.sum(most, terms.whole());
        Pair second = Pair.sum(first.high(), terms.f);
        Expression result = second.high().plus(first.low().plus(second.low()).minus(terms.less));
        return most.abs().less(constant(Double.POSITIVE_INFINITY)).select(result, most);
    }

    /** ln(x·(1 + low)) of a positive finite x and a low that is small against 1. */
    private static Expression log(DType type, Expression x, Expression low) {
        Terms terms = Terms.of(type, x, low);
        return terms.exponent.fma(constant(terms.ln2), terms.f.minus(terms.less));
    }

    /**
     * ln(x·(1 + low)) as exponent·ln2 + f − less. With f = m − 1 and s = f/(2 + f), ln m = f − (f²/2 − s·(f²/2 + R)), where R
     * = 2s²/3 + 2s⁴/5 + ...
     *
     * @param ln2 so short that its product with the exponent is exact; the rest of ln 2 is in less
     */
    private record Terms(Expression exponent, double ln2, Expression f, Expression less) {
        static Terms of(DType type, Expression x, Expression low) {
            Precision precision = Precision.of(type);
            Split split = Split.of(type, x);
            Expression f = split.fraction.minus(1);
            Expression s = f.div(f.plus(2));
            Expression square = s.times(s);
            double[] series = new double[precision.terms];
            for (int i = 1; i < series.length; i++) {
                series[i] = 2.0 / (2 * i + 1);
            }
            Expression half = f.times(f).times(0.5);
            Expression small = split.exponent.fma(constant(precision.ln2Low), low);
            Expression rest = s.fma(half.plus(square.polynomial(series)), small);
            return new Terms(split.exponent, precision.ln2High, f, half.minus(rest));
        }

        Expression whole() {
            return exponent.times(ln2);
        }
    }

    /** A logarithm of positive finite numbers, completed: ∞ and NaN are themselves, at 0 it is −∞, below 0 NaN. */
    private static Expression extended(Expression x, Expression log) {
        Expression zero = constant(0);
        Expression positive = x.less(constant(Double.POSITIVE_INFINITY)).select(log, x);
        Expression notPositive = x.equalTo(zero).select(constant(Double.NEGATIVE_INFINITY), constant(Double.NaN));
        return zero.less(x).select(positive, notPositive);
    }

    /** log₂ x in f64. */
    public static Expression log2(Expression x) {
        Split split = Split.of(DType.F64, x);
        Pair fraction = fraction(split.fraction).times(Pair.constant(0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56));
        Pair sum = Pair.sum(split.exponent, fraction.high());
        return extended(x, sum.high().plus(sum.low().plus(fraction.low())));
    }

    /** ln x in f64 as a pair with some 67 good bits, for x positive and finite. */
    static Pair pair(Expression x) {
        Split split = Split.of(DType.F64, x);
        Expression e = split.exponent;
        Pair whole = new Pair(e.times(0x1.62e42fefa38p-1), e.times(0x1.ef35793c7673p-45));
        return whole.plus(fraction(split.fraction));
    }

    /** ln m for √½ ≤ m ≤ √2: the first terms of the series as pairs, the rest, which is a millionth of the sum, not. */
    private static Pair fraction(Expression m) {
        Pair s = Pair.of(m.minus(1)).div(Pair.sum(m, constant(1)));
        Pair square = s.times(s);
        double[] series = new double[11];
        for (int i = 0; i < series.length; i++) {
            series[i] = 1.0 / (2 * i + 7);
        }
        Expression rest = square.high().times(square.high().polynomial(series));
        Pair sum = Pair.constant(0x1.999999999999ap-3, -0x1.999999999999ap-57).plus(Pair.of(rest));
        sum = Pair.constant(0x1.5555555555555p-2, 0x1.5555555555555p-56).plus(sum.times(square));
        sum = sum.times(square).times(s).plus(s);
        return new Pair(sum.high().times(2), sum.low().times(2));
    }
}
