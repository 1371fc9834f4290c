package dev.clew.tensor;

import dev.clew.array.DType;

/**
 * The methods of a tensor that compute every element from the elements at the same index. Two operands broadcast. How near values and
 * derivatives are to the exact ones, and what becomes of NaN, infinities and signed zeros, stands on the page of {@link Tensor}; here, what
 * is particular to one function.
 */
sealed interface TensorElementwise permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    // ------------------------------------------------------------------------------- one operand

    /** −x; of i32 it wraps around. */
    default Tensor negate() {
        return Unary.NEGATE.on(self());
    }

    /** |x|; of i32 it wraps around. The derivative at 0 is 0. */
    default Tensor abs() {
        return Unary.ABS.on(self());
    }

    /** −1, 0 or 1; NaN for NaN. The derivative is 0. */
    default Tensor sign() {
        return Unary.SIGN.on(self());
    }

    /** x²; of i32 it wraps around. */
    default Tensor square() {
        return Unary.SQUARE.on(self());
    }

    /**
     * √x; NaN below 0. The derivative at 0 is infinite, and times 0, as from a {@link Tensor#where where} that discards the root, NaN:
     * there, make the operand 1 before.
     */
    default Tensor sqrt() {
        return Unary.SQRT.on(self());
    }

    /** 1/√x; infinite at 0 (−∞ at −0), NaN below. */
    default Tensor rsqrt() {
        return Unary.RSQRT.on(self());
    }

    /** 1/x; at 0 infinite, with its sign. */
    default Tensor reciprocal() {
        return Unary.RECIPROCAL.on(self());
    }

    /** eˣ. */
    default Tensor exp() {
        return Unary.EXP.on(self());
    }

    /** eˣ − 1, with all digits for small x. */
    default Tensor expm1() {
        return Unary.EXPM1.on(self());
    }

    /** ln x; −∞ at 0, NaN below. */
    default Tensor log() {
        return Unary.LOG.on(self());
    }

    /** ln(1 + x), with all digits for small x; −∞ at −1, NaN below. */
    default Tensor log1p() {
        return Unary.LOG1P.on(self());
    }

    /** log₂ x, exact for powers of two; −∞ at 0, NaN below. */
    default Tensor log2() {
        return Unary.LOG2.on(self());
    }

    /** sin x, x in radians and of any size; NaN at ±∞. */
    default Tensor sin() {
        return Unary.SIN.on(self());
    }

    /** cos x, x in radians and of any size; NaN at ±∞. */
    default Tensor cos() {
        return Unary.COS.on(self());
    }

    /** tan x, x in radians and of any size; NaN at ±∞. */
    default Tensor tan() {
        return Unary.TAN.on(self());
    }

    /** The angle from −π/2 to π/2 whose sine is x; NaN outside −1 to 1. The derivative at ±1 is infinite. */
    default Tensor asin() {
        return Unary.ASIN.on(self());
    }

    /** The angle from 0 to π whose cosine is x; NaN outside −1 to 1. The derivative at ±1 is infinite. */
    default Tensor acos() {
        return Unary.ACOS.on(self());
    }

    /** The angle from −π/2 to π/2 whose tangent is x. */
    default Tensor atan() {
        return Unary.ATAN.on(self());
    }

    /** (eˣ − e⁻ˣ)/2. */
    default Tensor sinh() {
        return Unary.SINH.on(self());
    }

    /** (eˣ + e⁻ˣ)/2. */
    default Tensor cosh() {
        return Unary.COSH.on(self());
    }

    /** The hyperbolic tangent. */
    default Tensor tanh() {
        return Unary.TANH.on(self());
    }

    /** 2/√π·∫₀ˣ e^(−t²) dt. */
    default Tensor erf() {
        return Unary.ERF.on(self());
    }

    /** 1 − erf x, with all digits where it is small. */
    default Tensor erfc() {
        return Unary.ERFC.on(self());
    }

    /** Φ(x) = (1 + erf(x/√2))/2, the normal distribution; with all digits where it is small. */
    default Tensor normalCdf() {
        return Unary.NORMAL_CDF.on(self());
    }

    /** σ(x) = 1/(1 + e⁻ˣ). */
    default Tensor sigmoid() {
        return Unary.SIGMOID.on(self());
    }

    /** ln σ(x) = −ln(1 + e⁻ˣ), finite for every finite x. */
    default Tensor logSigmoid() {
        return Asked.of(self(), "logSigmoid", () -> self().negate().softplus().negate());
    }

    /** ln(1 + eˣ), finite for every finite x. The derivative is σ(x). */
    default Tensor softplus() {
        return Unary.SOFTPLUS.on(self());
    }

    /**
     * ln |Γ(x)|; ∞ at ±∞, at 0 and at negative integers. Within 8 units for x {@literal >} 0; below 0 it is off by up to 10⁻¹⁵ times the
     * larger of its size and that of x·ln |x|, since its zeros there come from terms that cancel.
     */
    default Tensor logGamma() {
        return Unary.LOG_GAMMA.on(self());
    }

    /**
     * ψ(x) = Γ'(x)/Γ(x), the derivative of {@link #logGamma()}; NaN at negative integers and −∞. Within 4 units for x {@literal >} 0, but
     * where it is below 1, around its zero at 1.46, off by up to 10⁻¹⁵, and below 0 by twice that times the largest of 1, 1/|x| and
     * |π·cot πx|.
     */
    default Tensor digamma() {
        return Unary.DIGAMMA.on(self());
    }

    /**
     * Σ 1/(x + k)² over k from 0, the derivative of {@link #digamma()}; ∞ at 0 and at negative integers. Within 4 units for
     * x {@literal >} 0 and 6 below. It has all higher derivatives, of which no bound is known.
     */
    default Tensor trigamma() {
        return Unary.TRIGAMMA.on(self());
    }

    /** x/(1 + |x|); NaN at ±∞. The derivative at 0 is 1. */
    default Tensor softsign() {
        return Unary.SOFTSIGN.on(self());
    }

    /** max(x, 0); NaN for NaN. The derivative at 0 is 0. */
    default Tensor relu() {
        return Unary.RELU.on(self());
    }

    /** x where x {@literal >} 0, else slope·x. The derivative at 0 is the slope. */
    default Tensor leakyRelu(double slope) {
        return Asked.of(self(), "leakyRelu", () -> Activations.leakyRelu(self(), slope));
    }

    /** x where x {@literal >} 0, else alpha·(eˣ − 1), within 3 units in the last place. The derivative at 0 is alpha. */
    default Tensor elu(double alpha) {
        return Asked.of(self(), "elu", () -> Activations.elu(self(), alpha));
    }

    /** λ·elu(x, α) with λ ≈ 1.0507 and α ≈ 1.6733. The derivative at 0 is λ·α. */
    default Tensor selu() {
        return Asked.of(self(), "selu", () -> Activations.selu(self()));
    }

    /** x·Φ(x), Φ being {@link #normalCdf()}; NaN at −∞, as in PyTorch and JAX, although its limit there is 0. */
    default Tensor gelu() {
        return Unary.GELU.on(self());
    }

    /** x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2, which is nearly {@link #gelu()}; NaN at −∞, where its limit is 0. */
    default Tensor geluTanh() {
        return Unary.GELU_TANH.on(self());
    }

    /** x·σ(x); NaN at −∞, as in PyTorch and JAX, although its limit there is 0. */
    default Tensor silu() {
        return Unary.SILU.on(self());
    }

    /** x between −1 and 1, beyond them the nearer of the two. The derivative at ±1 is 0. */
    default Tensor hardTanh() {
        return Asked.of(self(), "hardTanh", () -> Activations.hardTanh(self()));
    }

    /** (x + 3)/6 between −3 and 3, 0 below and 1 above. The derivative at ±3 is 0. */
    default Tensor hardSigmoid() {
        return Asked.of(self(), "hardSigmoid", () -> Activations.hardSigmoid(self()));
    }

    /** ⌊x⌋, the largest integer not above x. The derivative is 0. */
    default Tensor floor() {
        return Unary.FLOOR.on(self());
    }

    /** ⌈x⌉, the smallest integer not below x. The derivative is 0. */
    default Tensor ceil() {
        return Unary.CEIL.on(self());
    }

    /** The nearest integer; halfway, the even one. The derivative is 0. */
    default Tensor round() {
        return Unary.ROUND.on(self());
    }

    /** x, but not below one bound or above the other; NaN for NaN. On the bounds the derivative is 1, beyond them 0. */
    default Tensor clip(double least, double most) {
        return Asked.of(self(), "clip", () -> Activations.clip(self(), least, most));
    }

    /** Where x is NaN, as bool. */
    default Tensor isNaN() {
        return Unary.IS_NAN.on(self());
    }

    /** Where x is neither NaN nor infinite, as bool. */
    default Tensor isFinite() {
        return Unary.IS_FINITE.on(self());
    }

    /** Where x (bool) does not hold. */
    default Tensor not() {
        return Unary.NOT.on(self());
    }

    /** The same value, through which no gradient flows. */
    default Tensor stopGradient() {
        return Unary.STOP_GRADIENT.on(self());
    }

    /**
     * The same value with the derivative of another formula: dy = d(other). For steps and other functions whose own derivative is of no
     * use, {@code u.greaterThan(0).cast(u.dtype()).withDerivativeOf(u.sigmoid())} (a surrogate, or straight-through estimate: Bengio et
     * al., 2013, arXiv 1308.3432). Of higher order are the derivatives of {@code other}. {@code GradientCheck} compares with {@code other}, moved to this value.
     *
     * <p>Shapes: broadcast to one.
     */
    default Tensor withDerivativeOf(Tensor other) {
        return Broadcasting.apply(Binary.WITH_DERIVATIVE_OF, self(), other);
    }

    /** The same numbers in another type: rounded to nearest for f32, toward zero for i32; not 0 is true. */
    default Tensor cast(DType to) {
        return Asked.of(self(), "cast", () -> to == self().dtype() ? self() : new Elementwise.Cast(to).on(self()), to);
    }

    // ------------------------------------------------------------------------------ two operands

    /** a + b; of i32 it wraps around. */
    default Tensor plus(Tensor b) {
        return Broadcasting.apply(Binary.PLUS, self(), b);
    }

    /** a + b; of i32 it wraps around. */
    default Tensor plus(double b) {
        return plus(self().literal(b));
    }

    /** a − b; of i32 it wraps around. */
    default Tensor minus(Tensor b) {
        return Broadcasting.apply(Binary.MINUS, self(), b);
    }

    /** a − b; of i32 it wraps around. */
    default Tensor minus(double b) {
        return minus(self().literal(b));
    }

    /** a·b, element by element; of i32 it wraps around. */
    default Tensor times(Tensor b) {
        return Broadcasting.apply(Binary.TIMES, self(), b);
    }

    /** a·b; of i32 it wraps around. */
    default Tensor times(double b) {
        return times(self().literal(b));
    }

    /** a/b; infinite for b = 0 and a ≠ 0. Integers must be cast first, because a quotient of them need not be one. */
    default Tensor div(Tensor b) {
        return Broadcasting.apply(Binary.DIV, self(), b);
    }

    /** a/b. */
    default Tensor div(double b) {
        return div(self().literal(b));
    }

    /** a − b·⌊a/b⌋, which has the sign of b; NaN by 0, and of i32 then 0. The derivative by a is 1, also at the jumps; that by b, −⌊a/b⌋, is ∞ where a − y leaves the range of numbers. */
    default Tensor remainder(Tensor b) {
        return Broadcasting.apply(Binary.REMAINDER, self(), b);
    }

    /** a − b·⌊a/b⌋, which has the sign of b; NaN by 0, and of i32 then 0. The derivative by a is 1, also at the jumps; that by b, −⌊a/b⌋, is ∞ where a − y leaves the range of numbers. */
    default Tensor remainder(double b) {
        return remainder(self().literal(b));
    }

    /** aᵇ; NaN for a {@literal <} 0 unless b is an integer. a⁰ and 1ᵇ are 1, even of NaN. At a = 0 the derivative by b is 0 for b ≥ 0. */
    default Tensor pow(Tensor b) {
        return Broadcasting.apply(Binary.POW, self(), b);
    }

    /** aᵇ; NaN for a {@literal <} 0 unless b is an integer. */
    default Tensor pow(double b) {
        return pow(self().literal(b));
    }

    /** The angle of the point (b, a), from −π to π; a zero tells its side by its sign. The derivative at (0, 0) is NaN; at infinities it is 0. */
    default Tensor atan2(Tensor b) {
        return Broadcasting.apply(Binary.ATAN2, self(), b);
    }

    /**
     * ln(eᵃ + eᵇ), finite for all finite a and b. Of one infinity twice it is that infinity, and each side gets half of the
     * gradient. In f64, a result within 1/32 of 0 comes from terms that cancel, and is off by up to 2·10⁻¹⁷ instead.
     */
    default Tensor logAddExp(Tensor b) {
        return Broadcasting.apply(Binary.LOG_ADD_EXP, self(), b);
    }

    /** √(a² + b²), also where the squares leave the range of numbers; ∞ if either is infinite. At (0, 0) the derivatives are 0, and of two infinities ±√½. */
    default Tensor hypot(Tensor b) {
        return Broadcasting.apply(Binary.HYPOT, self(), b);
    }

    /**
     * a·ln b, and 0 where a is 0, whatever b is unless NaN. Where a is 0 and b has no finite logarithm, the derivatives are taken as 0.
     */
    default Tensor xlogy(Tensor b) {
        return Broadcasting.apply(Binary.XLOGY, self(), b);
    }

    /** The larger of a and b; NaN if either is NaN. Where both are equal, each side gets half of the gradient. */
    default Tensor maximum(Tensor b) {
        return Broadcasting.apply(Binary.MAXIMUM, self(), b);
    }

    /** The larger of a and b; NaN if a is NaN. Where both are equal, a gets half of the gradient. */
    default Tensor maximum(double b) {
        return maximum(self().literal(b));
    }

    /** The smaller of a and b; NaN if either is NaN. Where both are equal, each side gets half of the gradient. */
    default Tensor minimum(Tensor b) {
        return Broadcasting.apply(Binary.MINIMUM, self(), b);
    }

    /** The smaller of a and b; NaN if a is NaN. Where both are equal, a gets half of the gradient. */
    default Tensor minimum(double b) {
        return minimum(self().literal(b));
    }

    /**
     * a + weight·(b − a), from the nearer end: of finite numbers a for a weight of 0, b for 1, exactly. Where b − a leaves the range of
     * numbers it is ±∞ or NaN.
     */
    default Tensor lerp(Tensor b, Tensor weight) {
        return Asked.of(self(), "lerp", () -> Activations.lerp(self(), b, weight), b, weight);
    }

    /**
     * a + weight·(b − a), from the nearer end: of finite numbers a for a weight of 0, b for 1, exactly. Where b − a leaves the range of
     * numbers it is ±∞ or NaN.
     */
    default Tensor lerp(Tensor b, double weight) {
        return Asked.of(self(), "lerp", () -> Activations.lerp(self(), b, weight), b);
    }

    // ------------------------------------------------------------------------------ truth values

    /** Where a = b, as bool; NaN equals nothing. */
    default Tensor equalTo(Tensor b) {
        return Broadcasting.apply(Binary.EQUAL, self(), b);
    }

    /** Where a = b, as bool. */
    default Tensor equalTo(double b) {
        return equalTo(self().literal(b));
    }

    /** Where a ≠ b, as bool; NaN differs from everything. */
    default Tensor notEqualTo(Tensor b) {
        return Broadcasting.apply(Binary.NOT_EQUAL, self(), b);
    }

    /** Where a ≠ b, as bool. */
    default Tensor notEqualTo(double b) {
        return notEqualTo(self().literal(b));
    }

    /** Where a {@literal <} b, as bool. */
    default Tensor lessThan(Tensor b) {
        return Broadcasting.apply(Binary.LESS, self(), b);
    }

    /** Where a {@literal <} b, as bool. */
    default Tensor lessThan(double b) {
        return lessThan(self().literal(b));
    }

    /** Where a ≤ b, as bool. */
    default Tensor lessOrEqual(Tensor b) {
        return Broadcasting.apply(Binary.LESS_OR_EQUAL, self(), b);
    }

    /** Where a ≤ b, as bool. */
    default Tensor lessOrEqual(double b) {
        return lessOrEqual(self().literal(b));
    }

    /** Where a {@literal >} b, as bool. */
    default Tensor greaterThan(Tensor b) {
        return Broadcasting.apply(Binary.GREATER, self(), b);
    }

    /** Where a {@literal >} b, as bool. */
    default Tensor greaterThan(double b) {
        return greaterThan(self().literal(b));
    }

    /** Where a ≥ b, as bool. */
    default Tensor greaterOrEqual(Tensor b) {
        return Broadcasting.apply(Binary.GREATER_OR_EQUAL, self(), b);
    }

    /** Where a ≥ b, as bool. */
    default Tensor greaterOrEqual(double b) {
        return greaterOrEqual(self().literal(b));
    }

    /** Where both a and b (bool) hold. */
    default Tensor and(Tensor b) {
        return Broadcasting.apply(Binary.AND, self(), b);
    }

    /** Where a or b (bool) holds, or both. */
    default Tensor or(Tensor b) {
        return Broadcasting.apply(Binary.OR, self(), b);
    }

    /** Where either a or b (bool) holds, not both. */
    default Tensor xor(Tensor b) {
        return Broadcasting.apply(Binary.XOR, self(), b);
    }
}
