package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * ln |Γ(x)| and its first two derivatives in f64.
 *
 * <p>From 8 on, Stirling's series. Below, Γ(x + 1) = x·Γ(x) leads to where a series is good: for ln Γ the Taylor series at 2, whose
 * coefficients are (ζ(k) − 1)/k with alternating signs, so that its zeros at 1 and 2 come out with all digits; for the derivatives
 * Stirling's series again. Below 0, Γ(x)·Γ(1 − x) = π/sin πx.
 */
public final class Gamma {
    private static final double LARGE = 8;
    /** Where x and −x differ in the last digits only, and 1/x² may be infinite. */
    private static final double TINY = 0x1p-60;

    /** 1 − γ, (ζ(2) − 1)/2, −(ζ(3) − 1)/3, ... */
    private static final double[] AT_TWO = {
        0x1.b0ee6072093cep-2,
        0x1.4a34cc4a60fa6p-2,
        -0x1.13e001a557607p-4,
        0x1.51322ac7d8483p-6,
        -0x1.e404fc218f5f2p-8,
        0x1.7add6eadb6c30p-9,
        -0x1.38ac5c2bf8e08p-10,
        0x1.0b36af86396e9p-11,
        -0x1.d3fd4c76d2fc8p-13,
        0x1.a127b0f17d65ap-14,
        -0x1.78de5bd7c81efp-15,
        0x1.580dcee66eb02p-16,
        -0x1.3cbc963ce2243p-17,
        0x1.2597a39f34aacp-18,
        -0x1.11b2eb7679541p-19,
        0x1.0064cdeb22f0fp-20,
        -0x1.e2600d93cfd2fp-22,
        0x1.c76bbb3f07a4dp-23,
        -0x1.af5a6cbbf8a97p-24,
        0x1.99b93c2070b0fp-25,
        -0x1.862c734df3eacp-26,
        0x1.7469daccfadcdp-27,
        -0x1.6434a8447aeadp-28,
        0x1.555a877ffd2c3p-29,
        -0x1.47b1679258d0ep-30,
        0x1.3b15d2b2fc10cp-31,
        -0x1.2f69a9fabe3e0p-32
    };
    /** B₂ₙ for n = 1, 2, ... */
    private static final double[] BERNOULLI = {
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798
    };

    private static final double HALF_LOG_TWO_PI = 0x1.d67f1c864beb5p-1;

    private Gamma() {}

    /** ln |Γ(x)|; ∞ at ±∞, at 0 and at negative integers. */
    public static Expression logGamma(Expression x) {
        Expression zero = constant(0);
        Expression infinite = constant(Double.POSITIVE_INFINITY);
        Expression size = x.abs();
        Expression positive = size.less(constant(LARGE)).select(small(size), large(size));
        Expression sine = sine(size);
        Expression reflected =
                log(constant(Math.PI).div(size.times(sine.abs()))).minus(positive);
        Expression pole = sine.equalTo(zero).max(size.equalTo(infinite));
        Expression negative = isTiny(size).select(positive, pole.select(infinite, reflected));
        Expression result = x.less(zero).select(negative, size.less(infinite).select(positive, infinite));
        Expression complete = x.equalTo(zero).select(infinite, result);
        return x.equalTo(x).select(complete, x);
    }

    /** 0 to 8, by the Taylor series at 2 of what lies between 1.5 and 2.5. */
    private static Expression small(Expression x) {
        Expression rest = x;
        Expression product = constant(1);
        for (int i = 0; i < (int) LARGE - 2; i++) {
            Expression next = rest.minus(1);
            Expression isAbove = constant(2.5).lessOrEqual(rest);
            product = isAbove.select(product.times(next), product);
            rest = isAbove.select(next, rest);
        }
        Expression isNearZero = x.less(constant(0.5));
        Expression isNearOne = x.less(constant(1.5));
        Expression z = isNearZero.select(x, isNearOne.select(x.minus(1), rest.minus(2)));
        Expression series = z.times(z.polynomial(AT_TWO));
        // Γ(x) = Γ(x + 2)/(x·(x + 1)) and Γ(x) = Γ(x + 1)/x.
        Expression divisor = isNearZero.select(x.times(x.plus(1)), isNearOne.select(x, product));
        Expression log = Logarithm.log(DType.F64, divisor);
        return series.plus(isNearOne.select(log.negate(), log));
    }

    /** (x − ½)·ln x − x + ½·ln 2π + Σ B₂ₙ/(2n·(2n − 1)·x²ⁿ⁻¹). */
    private static Expression large(Expression x) {
        double[] coefficients = new double[BERNOULLI.length];
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = BERNOULLI[i] / ((2 * i + 2) * (2 * i + 1));
        }
        Expression inverse = constant(1).div(x);
        Expression series = inverse.times(inverse.times(inverse).polynomial(coefficients));
        Expression log = log(x);
        return x.times(log.minus(1)).plus(series.plus(HALF_LOG_TWO_PI).minus(log.times(0.5)));
    }

    /** Γ'(x)/Γ(x); NaN at negative integers, −∞ at 0 (∞ at −0). */
    public static Expression digamma(Expression x) {
        Expression size = x.abs();
        Shifted shifted = Shifted.of(size);
        double[] coefficients = new double[BERNOULLI.length];
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = BERNOULLI[i] / (2 * i + 2);
        }
        Expression square = shifted.inverse.times(shifted.inverse);
        Expression series = square.fma(square.polynomial(coefficients), shifted.inverse.times(0.5));
        // 1/x is larger than all other terms, and comes last.
        Expression positive =
                log(shifted.x).minus(series).minus(shifted.inverses).minus(shifted.first);
        Expression own = constant(1).div(size);
        Expression reflected =
                positive.plus(own).plus(constant(Math.PI).times(cosine(size)).div(sine(size)));
        Expression isPole = sine(size).equalTo(constant(0));
        Expression negative = isTiny(size).select(own, isPole.select(constant(Double.NaN), reflected));
        Expression result = x.less(constant(0)).select(negative, positive);
        Expression infinite = constant(Double.POSITIVE_INFINITY);
        Expression atInfinity = x.less(constant(0)).select(constant(Double.NaN), x);
        Expression finite = size.less(infinite).select(result, atInfinity);
        return x.equalTo(constant(0)).select(constant(-1).div(x), finite);
    }

    /** The derivative of digamma, Σ 1/(x + k)²; ∞ at 0 and at negative integers. */
    public static Expression trigamma(Expression x) {
        Expression size = x.abs();
        Shifted shifted = Shifted.of(size);
        Expression inverse = shifted.inverse;
        Expression square = inverse.times(inverse);
        Expression series = inverse.times(square).fma(square.polynomial(BERNOULLI), square.times(0.5));
        Expression positive = inverse.plus(series).plus(shifted.squares);
        Expression quotient = constant(Math.PI).div(sine(size));
        Expression own = constant(1).div(size);
        Expression reflected = quotient.times(quotient).minus(positive.minus(own.times(own)));
        Expression negative = isTiny(size).select(positive, reflected);
        return x.less(constant(0)).select(negative, positive);
    }

    private static Expression isTiny(Expression size) {
        return size.less(constant(TINY));
    }

    /** x + n from 8 on, with 1/(x + n), and over the n terms before Σ 1/(x + k) without the first, and Σ 1/(x + k)². */
    private record Shifted(
            Expression x, Expression inverse, Expression first, Expression inverses, Expression squares) {
        static Shifted of(Expression x) {
            Expression at = x;
            Expression inverses = constant(0);
            Expression squares = constant(0);
            List<Expression> terms = new ArrayList<>();
            for (int i = 0; i < (int) LARGE; i++) {
                Expression isSmall = x.less(constant(LARGE - i));
                Expression inverse = constant(1).div(x.plus(i));
                terms.add(isSmall.select(inverse, constant(0)));
                at = isSmall.select(x.plus(i + 1), at);
            }
            // The smallest first.
            for (Expression term : terms.subList(1, terms.size()).reversed()) {
                inverses = inverses.plus(term);
                squares = term.fma(term, squares);
            }
            Expression first = terms.getFirst();
            return new Shifted(at, constant(1).div(at), first, inverses, first.fma(first, squares));
        }
    }

    private static Expression log(Expression x) {
        return Logarithm.log(DType.F64, x);
    }

    /** sin πx for x ≥ 0, exactly 0 at integers; the sign alternates. */
    private static Expression sine(Expression x) {
        Expression n = Rounding.round(DType.F64, x);
        Expression sine = Trigonometric.sin(DType.F64, x.minus(n).times(Math.PI));
        return isOdd(n).select(sine.negate(), sine);
    }

    private static Expression cosine(Expression x) {
        Expression n = Rounding.round(DType.F64, x);
        Expression cosine = Trigonometric.cos(DType.F64, x.minus(n).times(Math.PI));
        return isOdd(n).select(cosine.negate(), cosine);
    }

    private static Expression isOdd(Expression n) {
        Expression half = n.times(0.5);
        return Rounding.round(DType.F64, half).notEqualTo(half);
    }
}
