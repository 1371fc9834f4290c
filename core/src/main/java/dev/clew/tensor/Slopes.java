package dev.clew.tensor;

/** Derivatives that need care: at the edges of a domain, in the tails, or where the obvious formula cancels. */
final class Slopes {
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
        return Unary.GELU_TANH_GATE.on(x).plus(y.times(Unary.GELU_TANH_GATE.on(x.negate())).times(exponentSlope(x)));
    }

    /** g(x)·g(−x)·t' where g(x) = σ(t) and t = 2·√(2/π)·(x + 0.044715·x³). */
    static Tensor geluTanhGate(Tensor x, Tensor y) {
        return y.times(Unary.GELU_TANH_GATE.on(x.negate())).times(exponentSlope(x));
    }

    /** t'. Beyond ±64 the gate is constant, and t' could only overflow. */
    private static Tensor exponentSlope(Tensor x) {
        return x.minimum(64).maximum(-64).square().times(0.21406444881780073).plus(1.5957691216057308);
    }

    /** 1/√(1 − x²). */
    static Tensor arc(Tensor x) {
        return Unary.ONE_MINUS_SQUARE.on(x).rsqrt();
    }

    /** ∂aᵇ/∂a = b·aᵇ⁻¹; for b = 0 it is 0 where a⁻¹ is no number, because a⁰ is 1 everywhere. */
    static Tensor slopeByBase(Tensor a, Tensor b) {
        Tensor isFlat = b.equalTo(0).and(a.equalTo(0).or(a.isNaN()));
        Tensor slope = b.times(a.maskedFill(isFlat, 1).pow(b.minus(1)));
        return slope.maskedFill(isFlat, 0);
    }

    /** ∂aᵇ/∂b = aᵇ·ln a; at a = 0 it is 0 for b ≥ 0, although ln a is infinite. */
    static Tensor slopeByExponent(Tensor a, Tensor b, Tensor y) {
        Tensor isFlat = a.equalTo(0).and(b.greaterOrEqual(0));
        return y.times(Tensor.where(isFlat, a.constant(1), a).log());
    }

    /** a/(a² + b²), without leaving the range of numbers in the squares; NaN at (0, 0), where there is no angle. */
    static Tensor overSquaredNorm(Tensor a, Tensor b) {
        Tensor scale = a.abs().maximum(b.abs()).stopGradient();
        Tensor nearA = a.div(scale);
        Tensor nearB = b.div(scale);
        return nearA.div(nearA.square().plus(nearB.square())).div(scale);
    }

    /** eᵃ/(eᵃ + eᵇ). */
    static Tensor share(Tensor a, Tensor b) {
        return Binary.EXP_SHARE.on(a, b);
    }
}
