package dev.clew.tensor;

/** Derivatives that need a word of care at the edges of a domain. */
final class Slopes {
    private Slopes() {}

    /** 2/√π·e^(−x²). */
    static Tensor gaussian(Tensor x) {
        return x.square().negate().exp().times(1.1283791670955126);
    }

    /** The density of the normal distribution, e^(−x²/2)/√(2π). */
    static Tensor normal(Tensor x) {
        return x.square().times(-0.5).exp().times(0.3989422804014327);
    }

    /** σ(t) + y·σ(−t)·t' with t = 2·√(2/π)·(x + 0.044715·x³). Beyond ±64 it is constant, and t' could only overflow. */
    static Tensor geluTanh(Tensor x, Tensor y) {
        Tensor bounded = x.minimum(64).maximum(-64);
        Tensor square = bounded.square();
        Tensor t = square.times(0.07135481627260025).plus(1.5957691216057308).times(bounded);
        Tensor slope = square.times(0.21406444881780073).plus(1.5957691216057308);
        return t.sigmoid().plus(y.times(t.negate().sigmoid()).times(slope));
    }

    /** 1/√(1 − x²), with 1 − x² as a product that does not cancel near 1. */
    static Tensor arc(Tensor x) {
        return x.constant(1).minus(x).times(x.plus(1)).rsqrt();
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

    /** eᵃ/(eᵃ + eᵇ); one half where both are the same infinity. */
    static Tensor share(Tensor a, Tensor b) {
        Tensor isSameInfinity = a.equalTo(b).and(a.isFinite().not());
        return Tensor.where(isSameInfinity, a.constant(0), a.minus(b)).sigmoid();
    }
}
