package dev.clew.formula;

import static dev.clew.formula.Expression.constant;

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
    private static final Pair TWO_OVER_ROOT_PI = Pair.constant(0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56);
    /** From here on the series would lose more digits than the tail. */
    private static final double NEAR = 0.75;
    /** Beyond it erfc x and Φ(−x) are 0 to the last bit. */
    private static final double END = 40;

    private static final double[] TAIL = {
        0x1.3ba5916e9fd7fp+0,
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
        Expression far = constant(1).minus(tail(x.abs(), square(x))).copySign(x);
        return x.abs().less(constant(NEAR)).select(series(x).rounded(), far);
    }

    /** erfc x = 1 − erf x, without losing digits where erf x is near 1. */
    public static Expression erfc(Expression x) {
        return complement(x, square(x));
    }

    /** The normal distribution Φ(x) = erfc(−x/√2)/2, with e^(−x²/2) from x and not from the rounded x/√2. */
    public static Expression normal(Expression x) {
        Pair square = square(x);
        Pair half = new Pair(square.high().times(0.5), square.low().times(0.5));
        return complement(x.times(-0.7071067811865476), half).times(0.5);
    }

    private static Pair square(Expression x) {
        Expression bounded = x.abs().min(constant(END));
        return Pair.product(bounded, bounded);
    }

    private static Expression complement(Expression x, Pair square) {
        Pair series = series(x);
        Pair near = Pair.sum(constant(1), series.high().negate());
        Expression inner = near.high().plus(near.low().minus(series.low()));
        Expression tail = tail(x.abs(), square);
        Expression outer = x.less(constant(0)).select(constant(2).minus(tail), tail);
        return x.abs().less(constant(NEAR)).select(inner, outer);
    }

    /** The Maclaurin series, as 2/√π·x exactly and the rest. */
    private static Pair series(Expression x) {
        double[] coefficients = new double[17];
        double factorial = 1;
        for (int i = 0; i < coefficients.length; i++) {
            int k = i + 1;
            factorial *= -k;
            coefficients[i] = 2 / Math.sqrt(Math.PI) / (factorial * (2 * k + 1));
        }
        Expression square = x.times(x);
        Pair first = Pair.product(x, TWO_OVER_ROOT_PI.high());
        Expression low = x.fma(TWO_OVER_ROOT_PI.low(), first.low());
        return new Pair(first.high(), x.times(square).fma(square.polynomial(coefficients), low));
    }

    /** erfc x for x ≥ 0.5, from x² to twice the digits. */
    private static Expression tail(Expression x, Pair square) {
        Expression bounded = x.min(constant(END));
        Expression t = bounded.minus(4).div(bounded.plus(4));
        Pair quotient = Pair.of(t.polynomial(TAIL)).div(Pair.sum(bounded.plus(bounded), constant(1)));
        Exponential.Parts power = Exponential.parts(
                DType.F64, square.high().negate(), square.low().negate());
        return power.scaled(power.mantissa().times(quotient).rounded());
    }
}
