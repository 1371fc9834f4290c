package dev.clew.internal.formula;

import dev.clew.array.DType;

/**
 * A number as the unevaluated sum of two, high and low, which together hold about twice the digits of one.
 *
 * <p>What a sum or a product loses by rounding is itself a number, and a few exactly rounded steps find it (Dekker, A
 * Floating-Point Technique for Extending the Available Precision, 1971; Knuth, TAOCP 4.2.2). The functions use pairs where
 * a single rounding in the middle would show in the result. The high part of what the operations give is the sum rounded.
 */
record Pair(Expression high, Expression low) {

    /** A constant whose digits do not fit one number. */
    static Pair constant(double high, double low) {
        return new Pair(Expression.constant(high), Expression.constant(low));
    }

    /** The same in a type; in f32 the low part is what is lost of the high one. */
    static Pair constant(DType type, double high, double low) {
        float single = (float) high;
        return type == DType.F32 ? constant(single, high - single) : constant(high, low);
    }

    /** One number, exactly. */
    static Pair of(Expression x) {
        return new Pair(x, Expression.constant(0));
    }

    /** a + b, exactly (Knuth). */
    static Pair sum(Expression a, Expression b) {
        Expression sum = a.plus(b);
        Expression addend = sum.minus(a);
        return new Pair(sum, a.minus(sum.minus(addend)).plus(b.minus(addend)));
    }

    /** a + b, exactly, where |a| ≥ |b| or a = 0 (Dekker). */
    static Pair ordered(Expression a, Expression b) {
        Expression sum = a.plus(b);
        return new Pair(sum, b.minus(sum.minus(a)));
    }

    /** a·b, exactly. */
    static Pair product(Expression a, Expression b) {
        Expression product = a.times(b);
        return new Pair(product, a.fma(b, product.negate()));
    }

    static Pair select(Expression condition, Pair then, Pair otherwise) {
        return new Pair(condition.select(then.high, otherwise.high), condition.select(then.low, otherwise.low));
    }

    Pair plus(Pair b) {
        Pair sum = sum(high, b.high);
        return ordered(sum.high, sum.low.plus(low.plus(b.low)));
    }

    Pair minus(Pair b) {
        return plus(b.negate());
    }

    Pair negate() {
        return new Pair(high.negate(), low.negate());
    }

    Pair times(Expression b) {
        Pair product = product(high, b);
        return ordered(product.high, low.fma(b, product.low));
    }

    Pair times(Pair b) {
        Pair product = product(high, b.high);
        return ordered(product.high, product.low.plus(high.fma(b.low, low.times(b.high))));
    }

    /** The quotient rounded, and what is left of the dividend, divided again. */
    Pair div(Pair b) {
        Expression quotient = high.div(b.high);
        Expression rest = quotient.negate().fma(b.high, high).plus(low);
        return ordered(quotient, quotient.negate().fma(b.low, rest).div(b.high));
    }

    /** √(high + low); of 0 it is 0. */
    Pair sqrt() {
        Expression root = high.sqrt();
        Expression rest = root.negate().fma(root, high).plus(low);
        Expression zero = Expression.constant(0);
        return new Pair(root, root.equalTo(zero).select(zero, rest.div(root.plus(root))));
    }
}
