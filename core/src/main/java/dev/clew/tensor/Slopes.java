package dev.clew.tensor;

/** Derivatives that need care: at the edges of a domain, in the tails, or where the obvious formula cancels. */
final class Slopes {
    /** (2n + 1)·B₂ₙ for n = 1, 2, ... */
    private static final double[] TETRAGAMMA = {
        0.5, -1.0 / 6, 1.0 / 6, -0.3, 5.0 / 6, -691.0 / 210, 17.5, -3617.0 / 30, 43867.0 / 42
    };

    private Slopes() {}

    /** 1 − tanh² x. */
    static Tensor tanh(Tensor x) {
        return Unary.TANH_SLOPE.on(x);
    }

    /** σ(x)·(1 − σ(x)). */
    static Tensor sigmoid(Tensor x) {
        return Unary.SIGMOID_SLOPE.on(x);
    }

    /** 1/(1 + x²). */
    static Tensor atan(Tensor x) {
        return Unary.ATAN_SLOPE.on(x);
    }

    /** 2/√π·e^(−x²). */
    static Tensor gaussian(Tensor x) {
        return Unary.GAUSSIAN.on(x).times(1.1283791670955126);
    }

    /** The density of the normal distribution, e^(−x²/2)/√(2π). */
    static Tensor normal(Tensor x) {
        return Unary.NORMAL_DENSITY.on(x);
    }

    /** g(x) + x·g'(x) with the gate g. */
    static Tensor geluTanh(Tensor x, Tensor y) {
        return Unary.GELU_TANH_GATE
                .on(x)
                .plus(near(y).times(Unary.GELU_TANH_GATE.on(x.negate())).times(exponentSlope(x)));
    }

    /** g(x)·g(−x)·t' where g(x) = σ(t) and t = 2·√(2/π)·(x + 0.044715·x³). */
    static Tensor geluTanhGate(Tensor x, Tensor y) {
        return y.times(Unary.GELU_TANH_GATE.on(x.negate())).times(exponentSlope(x));
    }

    private static Tensor near(Tensor x) {
        return x.minimum(64).maximum(-64);
    }

    /** t'. Beyond ±64 the gate is constant, and t', or y with it, could only overflow. */
    private static Tensor exponentSlope(Tensor x) {
        return near(x).square().times(0.21406444881780073).plus(1.5957691216057308);
    }

    /** 1/√(1 − x²). */
    static Tensor arc(Tensor x) {
        return Unary.ONE_MINUS_SQUARE.on(x).rsqrt();
    }

    /** ∂aᵇ/∂a = b·aᵇ⁻¹; for b = 0 it is 0 where a⁻¹ is no number, because a⁰ is 1 everywhere. */
    static Tensor slopeByBase(Tensor a, Tensor b) {
        Tensor isFlat = b.equalTo(0).and(a.equalTo(0).or(a.isNaN())).or(vanishes(a, b));
        Tensor slope = b.maskedFill(isFlat, 0).times(a.maskedFill(isFlat, 1).pow(b.minus(1)));
        return slope.maskedFill(isFlat, 0);
    }

    /** Whether aᵇ is 0 by an infinite b, faster than any factor grows. */
    private static Tensor vanishes(Tensor a, Tensor b) {
        Tensor isSmall = a.abs().lessThan(1);
        Tensor isLarge = a.abs().greaterThan(1);
        return b.equalTo(Double.POSITIVE_INFINITY)
                .and(isSmall)
                .or(b.equalTo(Double.NEGATIVE_INFINITY).and(isLarge));
    }

    /** ∂aᵇ/∂b = aᵇ·ln a; where aᵇ is 0 at a = 0 and a = ∞, it is 0, although ln a is infinite; and at a = 0 for b = 0. */
    static Tensor slopeByExponent(Tensor a, Tensor b, Tensor y) {
        Tensor isFlat = a.equalTo(0)
                .and(b.greaterOrEqual(0))
                .or(a.equalTo(Double.POSITIVE_INFINITY).and(b.lessThan(0)));
        return y.times(Tensor.where(isFlat, a.constant(1), a).log());
    }

    /**
     * a/(a² + b²), without leaving the range of numbers in the squares; NaN at (0, 0), where there is no angle, and 0 if either is
     * infinite.
     */
    static Tensor overSquaredNorm(Tensor a, Tensor b) {
        Tensor most = a.abs().maximum(b.abs()).stopGradient();
        Tensor isFar = most.equalTo(Double.POSITIVE_INFINITY);
        Tensor scale = most.maskedFill(isFar, 1);
        Tensor nearA = a.maskedFill(isFar, 0).div(scale);
        Tensor nearB = b.maskedFill(isFar, 1).div(scale);
        return nearA.div(nearA.square().plus(nearB.square())).div(scale);
    }

    /** −n of the remainder y = a − n·b; of a finite a by an infinite b, n is 0 or −1. */
    static Tensor lessMultiples(Tensor a, Tensor b, Tensor y) {
        Tensor isFar = a.isFinite().and(y.abs().equalTo(Double.POSITIVE_INFINITY));
        return y.minus(a).div(b).round().maskedFill(isFar, 1);
    }

    /** eᵃ/(eᵃ + eᵇ). */
    static Tensor share(Tensor a, Tensor b) {
        return Binary.EXP_SHARE.on(a, b);
    }

    /** b/(eᵃ + b). */
    static Tensor left(Tensor a, Tensor b) {
        return Binary.NATS_SLOPE.on(a, b);
    }

    /** eᵃ/(eᵃ + b). */
    static Tensor shareOf(Tensor a, Tensor b) {
        Tensor power = a.exp();
        return power.times(power.plus(b).reciprocal());
    }

    /** a/√(a² + b²). */
    static Tensor overHypot(Tensor a, Tensor b) {
        return Binary.HYPOT_SLOPE.on(a, b);
    }

    /** √(a² + b²), and 1 in place of 0. */
    static Tensor divisor(Tensor a, Tensor b) {
        return a.hypot(b).maskedFill(a.equalTo(0).and(b.equalTo(0)), 1);
    }

    /** b as the operand of the logarithm in a·ln b: 1 where a is 0 and there is no logarithm. */
    static Tensor defined(Tensor a, Tensor b) {
        return b.maskedFill(a.equalTo(0).and(b.lessOrEqual(0)), 1);
    }

    /**
     * The second derivative of digamma, −2·Σ 1/(x + k)³, as a formula that has derivatives of every order: eight terms, and of the rest the
     * series −1/z² − 1/z³ − Σ (2n + 1)·B₂ₙ/z²ⁿ⁺². Below 0 it is that of 1 − x less 2π³·cos πx/sin³ πx.
     */
    static Tensor tetragamma(Tensor x) {
        Tensor isPositive = x.greaterThan(0);
        Tensor from = Tensor.where(isPositive, x, x.negate().plus(1));
        Tensor r = from.plus(8).reciprocal();
        Tensor square = r.square();
        Tensor series = square.constant(TETRAGAMMA[TETRAGAMMA.length - 1]);
        for (int i = TETRAGAMMA.length - 2; i >= 0; i--) {
            series = series.times(square).plus(TETRAGAMMA[i]);
        }
        Tensor sum = square.plus(square.times(r)).plus(square.square().times(series));
        for (int k = 7; k >= 0; k--) {
            Tensor inverse = from.plus(k).reciprocal();
            sum = sum.plus(inverse.square().times(inverse).times(2));
        }
        Tensor part = x.minus(x.round()).maskedFill(isPositive, 0.5);
        Tensor quotient = part.times(Math.PI).sin().reciprocal().times(Math.PI);
        // cos πx, with all its digits where it is nearly 0.
        Tensor cosine = part.abs().negate().plus(0.5).times(Math.PI).sin();
        Tensor reflected = quotient.square().times(quotient).times(cosine).times(2);
        return sum.plus(reflected.maskedFill(isPositive, 0)).negate();
    }
}
