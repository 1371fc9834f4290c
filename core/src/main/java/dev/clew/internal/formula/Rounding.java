package dev.clew.internal.formula;

import dev.clew.array.DType;

/** Integers near a number, and what division by one leaves; all exact. */
public final class Rounding {
    private Rounding() {}

    /**
     * The nearest integer, the even one of two. Adding 2⁵² (f32: 2²³) to a smaller positive number and taking it away
     * again leaves no digit below 1; a larger number is an integer already.
     */
    public static Expression round(DType type, Expression x) {
        double integersFrom = type == DType.F32 ? 0x1p23 : 0x1p52;
        Expression size = x.abs();
        Expression rounded = size.plus(integersFrom).minus(integersFrom).copySign(x);
        return size.less(Expression.constant(integersFrom)).select(rounded, x);
    }

    /** The largest integer that is not above x. */
    public static Expression floor(DType type, Expression x) {
        Expression near = round(type, x);
        return near.minus(x.less(near));
    }

    /** The smallest integer that is not below x. */
    public static Expression ceil(DType type, Expression x) {
        return floor(type, x.negate()).negate();
    }

    /** a − b·⌊a/b⌋: what division leaves, with the sign of the divisor, also where it is 0. */
    public static Expression remainder(Expression a, Expression b) {
        Expression zero = Expression.constant(0);
        Expression left = a.remainder(b);
        Expression otherSide = left.less(zero).equalTo(b.less(zero)).select(left, left.plus(b));
        return left.equalTo(zero).select(zero.copySign(b), otherSide);
    }
}
