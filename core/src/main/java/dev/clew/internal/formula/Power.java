package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;

/**
 * xʸ = e^(y·ln x), in f64.
 *
 * <p>An error of ln x is multiplied by y and becomes a relative error of the result, so ln x needs ten more bits than a
 * double has, and so does the product. Both are {@link Pair}s. For f32 a double has bits enough.
 */
public final class Power {
    private Power() {}

    /** x to the power of y, with the special values of IEEE 754 and C: 1 to any power and anything to the power of 0 are 1. */
    public static Expression pow(DType type, Expression x, Expression y) {
        Expression zero = constant(0);
        Expression one = constant(1);
        Expression infinite = constant(Double.POSITIVE_INFINITY);
        Expression size = x.abs();
        Expression power = size.equalTo(one).select(one, exponential(type, size, y));
        Expression half = y.times(0.5);
        Expression isInteger = Rounding.round(DType.F64, y).equalTo(y);
        Expression isOdd = isInteger.min(Rounding.round(DType.F64, half).notEqualTo(half));
        Expression isNegative = one.copySign(x).less(zero);
        Expression signed = isNegative.min(isOdd).select(power.negate(), power);
        Expression isReal = isInteger.max(zero.lessOrEqual(x)).max(size.equalTo(infinite));
        Expression isNumber = x.equalTo(x).min(y.equalTo(y));
        Expression result = isNumber.select(isReal.select(signed, constant(Double.NaN)), x.plus(y));
        return y.equalTo(zero).max(x.equalTo(one)).select(one, result);
    }

    /** e^(y·ln x) for x ≥ 0; where that is infinite or 0, the exponential's clamp has it right. */
    private static Expression exponential(DType type, Expression x, Expression y) {
        if (type == DType.F32) {
            return Exponential.exp(DType.F64, y.times(Logarithm.log(DType.F64, x)));
        }
        Pair log = Logarithm.pair(x);
        Expression isFinite = constant(0).less(x).min(x.less(constant(Double.POSITIVE_INFINITY)));
        Expression high = isFinite.select(log.high(), Logarithm.log(DType.F64, x));
        Pair exponent = Pair.product(y, high);
        Expression bounded = exponent.high().abs().less(constant(1000));
        Expression low = bounded.select(y.fma(log.low(), exponent.low()), constant(0));
        return Exponential.parts(DType.F64, exponent.high(), low).value();
    }
}
