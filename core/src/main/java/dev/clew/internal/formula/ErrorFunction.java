package dev.clew.internal.formula;

import static dev.clew.internal.formula.Expression.constant;

import dev.clew.array.DType;

/**
 * The error function, its complement and the normal distribution in f64.
 *
 * <p>For small x the Maclaurin series 2/√π·(x − x³/3 + x⁵/(5·2!) − ...). Beyond, erfc x = e^(−x²)·g(x)/(1 + 2x), where g hardly
 * varies: it goes from 1 at 0 to 2/√π at ∞ (the form is that of Shepherd and Laframboise, Chebyshev Approximation of
 * (1 + 2x) exp(x²) erfc x, 1981). In t = (x − 4)/(x + 4) it is a Chebyshev series of 25 terms, written below as a
 * polynomial; what it leaves out is below 10⁻¹⁷. The exponent −x² is taken as a {@link Pair}: rounded it would be wrong by
 * hundreds of units in the tail.
 */
public final class ErrorFunction {
    private static final double TWO_OVER_ROOT_PI = 0x1.20dd750429b6dp+0;
    private static final double TWO_OVER_ROOT_PI_LOW = 0x1.1ae3a914fed80p-56;
    private static final Pair ROOT_HALF = Pair.constant(0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55);
    /** From here on the series would lose more digits than the tail. */
    private static final double NEAR = 0.75;
    /** Beyond it erfc x and Φ(−x) are 0 to the last bit. */
    private static final double END = 40;

    private static final double TAIL_START = 0x1.3ba5916e9fd7fp+0;
    private static final double TAIL_START_LOW = -0x1.9ead8311858cbp-55;
    private static final double[] TAIL = {
        -0x1.1df1ad154a287p-3,
        0x1.f7f5df66fd6c2p-7,
        0x1.16ecefcfa4d42p-4,
        -0x1.9ddb23c3e8a22p-4,
        0x1.7fee004e1e9dcp-4,
        -0x1.0fb06dfe5229fp-4,
        0x1.3079edf51fc68p-5,
        -0x1.0962388397d97p-6,
        0x1.49c672e0029c2p-8,
        -0x1.8d4a9b00c7997p-11,
        -0x1.a1df5db3b79f4p-13,
        0x1.3be04bf52bb5ap-13,
        -0x1.995385e20c3b6p-16,
        -0x1.78861f18ee7b4p-17,
        0x1.7ef6b7a31e6a9p-18,
        0x1.3981051d34c77p-22,
        -0x1.b8d249727cce8p-21,
        0x1.4cbb15f961e46p-24,
        0x1.c8b87aa039fb6p-24,
        -0x1.613ab11aa87fdp-26,
        -0x1.a83c2ea8364c9p-27,
        0x1.b39ff8659b236p-29,
        0x1.ffeb28f8a7c30p-31,
        -0x1.246d137a7141bp-32
    };

    private ErrorFunction() {}

    /** erf x = 2/√π·∫₀ˣ e^(−t²) dt. */
    public static Expression erf(Expression x) {
        Pair size = Pair.of(x.abs());
        Expression far = constant(1).minus(Tail.of(size, square(size.high())).value());
        Pair series = series(size);
        Expression near = series.high().plus(series.low());
        return size.high().less(constant(NEAR)).select(near, far).copySign(x);
    }

    /** erfc x = 1 − erf x, without losing digits where erf x is near 1. */
    public static Expression erfc(Expression x) {
        return complement(x, Pair.of(x.abs()), square(x));
    }

    /** e^(−x²), of x² and not of that rounded. */
    public static Expression gaussian(Expression x) {
        Pair square = square(x);
        return Exponential.parts(DType.F64, square.high().negate(), square.low().negate())
                .value();
    }

    /** The density of the normal distribution, e^(−x²/2)/√(2π). */
    public static Expression density(Expression x) {
        Pair square = square(x);
        Exponential.Parts parts = Exponential.parts(
                DType.F64, square.high().times(-0.5), square.low().times(-0.5));
        return parts.scaled(parts.mantissa().high().times(0.3989422804014327));
    }

    /** The normal distribution Φ(x) = erfc(−x/√2)/2, with e^(−x²/2) from x and not from the rounded x/√2. */
    public static Expression normal(Expression x) {
        Pair square = square(x);
        Pair half = new Pair(square.high().times(0.5), square.low().times(0.5));
        Pair scaled = Pair.of(x.abs().min(constant(END))).times(ROOT_HALF);
        return complement(x.negate(), scaled, half).times(0.5);
    }

    /**
     * x·Φ(x); NaN at −∞. Φ stays a {@link Pair} until it is multiplied, and where it is small the power of two goes to the
     * product.
     */
    public static Expression gelu(Expression x) {
        Expression isNegative = x.less(constant(0));
        Expression bounded = x.max(constant(-END)).min(constant(END));
        Pair square = Pair.product(bounded, bounded);
        Pair size = Pair.of(bounded.abs()).times(ROOT_HALF);
        Pair series = signed(isNegative.not(), series(size));
        Pair near = Pair.of(constant(1)).plus(series).times(bounded);
        Tail tail =
                Tail.of(size, new Pair(square.high().times(0.5), square.low().times(0.5)));
        Pair small = tail.mantissa.times(bounded);
        Pair large = Pair.of(constant(2)).minus(Pair.of(tail.value())).times(bounded.times(0.5));
        Expression far = isNegative.select(tail.power.scaled(small.high().times(0.5)), large.high());
        Expression result = size.high().less(constant(NEAR)).select(near.high().times(0.5), far);
        Expression complete = x.less(constant(END)).select(result.copySign(x), x);
        return x.equalTo(constant(Double.NEGATIVE_INFINITY)).select(constant(Double.NaN), complete);
    }

    private static Pair signed(Expression isPositive, Pair x) {
        return Pair.select(isPositive, x, x.negate());
    }

    private static Pair square(Expression x) {
        Expression bounded = x.abs().min(constant(END));
        return Pair.product(bounded, bounded);
    }

    /** erfc of the size with the sign of x. */
    private static Expression complement(Expression x, Pair size, Pair square) {
        Expression isNegative = x.less(constant(0));
        Pair series = series(size);
        Pair signed = signed(isNegative, series);
        Pair sum = Pair.sum(constant(1), signed.high());
        Expression near = sum.high().plus(sum.low().plus(signed.low()));
        Expression tail = Tail.of(size, square).value();
        Expression far = isNegative.select(constant(2).minus(tail), tail);
        return size.high().less(constant(NEAR)).select(near, far);
    }

    /** The Maclaurin series, as 2/√π·x exactly and the rest. */
    private static Pair series(Pair x) {
        double[] coefficients = new double[17];
        double factorial = 1;
        for (int i = 0; i < coefficients.length; i++) {
            int k = i + 1;
            factorial *= -k;
            coefficients[i] = TWO_OVER_ROOT_PI / (factorial * (2 * k + 1));
        }
        Expression square = x.high().times(x.high());
        Pair first = Pair.product(x.high(), constant(TWO_OVER_ROOT_PI));
        Expression slope = constant(1).minus(square).times(TWO_OVER_ROOT_PI);
        Expression low = x.low().fma(slope, x.high().fma(constant(TWO_OVER_ROOT_PI_LOW), first.low()));
        return new Pair(first.high(), x.high().times(square).fma(square.polynomial(coefficients), low));
    }

    /** erfc x for x ≥ {@value #NEAR}, from x and x² to twice the digits: the mantissa by a power of two. */
    private record Tail(Pair mantissa, Exponential.Parts power) {
        static Tail of(Pair x, Pair square) {
            Expression bounded = x.high().min(constant(END));
            Expression t = bounded.minus(4).div(bounded.plus(4));
            Pair numerator = Pair.ordered(constant(TAIL_START), t.fma(t.polynomial(TAIL), constant(TAIL_START_LOW)));
            Pair twice = Pair.sum(bounded.plus(bounded), constant(1));
            Pair denominator = new Pair(twice.high(), twice.low().plus(x.low().plus(x.low())));
            Exponential.Parts power = Exponential.parts(
                    DType.F64, square.high().negate(), square.low().negate());
            return new Tail(power.mantissa().times(numerator.div(denominator)), power);
        }

        Expression value() {
            return power.scaled(mantissa.high());
        }
    }
}
