package dev.clew.tensor;

import dev.clew.array.DType;

/** The methods of a tensor that compute every element from the elements at the same index. Two operands broadcast. */
sealed interface TensorElementwise permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** −x. */
    default Tensor negate() {
        return Unary.NEGATE.on(self());
    }

    /** |x|. The derivative at 0 is 0. */
    default Tensor abs() {
        return Unary.ABS.on(self());
    }

    /** −1, 0 or 1; NaN for NaN. The derivative is 0. */
    default Tensor sign() {
        return Unary.SIGN.on(self());
    }

    /** x². */
    default Tensor square() {
        return Unary.SQUARE.on(self());
    }

    /** √x; NaN below 0. The derivative at 0 is infinite. */
    default Tensor sqrt() {
        return Unary.SQRT.on(self());
    }

    /** 1/x. */
    default Tensor reciprocal() {
        return Unary.RECIPROCAL.on(self());
    }

    /** eˣ. */
    default Tensor exp() {
        return Unary.EXP.on(self());
    }

    /** The natural logarithm; −∞ at 0, NaN below. */
    default Tensor log() {
        return Unary.LOG.on(self());
    }

    /** The hyperbolic tangent. */
    default Tensor tanh() {
        return Unary.TANH.on(self());
    }

    /** σ(x) = 1/(1 + e⁻ˣ). */
    default Tensor sigmoid() {
        return Unary.SIGMOID.on(self());
    }

    /** The same value, through which no gradient flows. */
    default Tensor stopGradient() {
        return Unary.STOP_GRADIENT.on(self());
    }

    /** The same numbers in another type: rounded to nearest for f32, toward zero for i32; not 0 is true. */
    default Tensor cast(DType to) {
        return to == self().dtype() ? self() : new Elementwise.Cast(to).on(self());
    }

    /** a + b. */
    default Tensor plus(Tensor b) {
        return Broadcasting.apply(Binary.PLUS, self(), b);
    }

    /** a + b. */
    default Tensor plus(double b) {
        return plus(self().literal(b));
    }

    /** a − b. */
    default Tensor minus(Tensor b) {
        return Broadcasting.apply(Binary.MINUS, self(), b);
    }

    /** a − b. */
    default Tensor minus(double b) {
        return minus(self().literal(b));
    }

    /** a·b, element by element. */
    default Tensor times(Tensor b) {
        return Broadcasting.apply(Binary.TIMES, self(), b);
    }

    /** a·b. */
    default Tensor times(double b) {
        return times(self().literal(b));
    }

    /** a/b. */
    default Tensor div(Tensor b) {
        return Broadcasting.apply(Binary.DIV, self(), b);
    }

    /** a/b. */
    default Tensor div(double b) {
        return div(self().literal(b));
    }

    /** The larger of a and b; NaN if either is NaN. Where both are equal, each side gets half of the gradient. */
    default Tensor max(Tensor b) {
        return Broadcasting.apply(Binary.MAX, self(), b);
    }

    /** The larger of a and b; NaN if a is NaN. */
    default Tensor max(double b) {
        return max(self().literal(b));
    }

    /** The smaller of a and b; NaN if either is NaN. Where both are equal, each side gets half of the gradient. */
    default Tensor min(Tensor b) {
        return Broadcasting.apply(Binary.MIN, self(), b);
    }

    /** The smaller of a and b; NaN if a is NaN. */
    default Tensor min(double b) {
        return min(self().literal(b));
    }

    /** Where a = b, as bool; NaN equals nothing. */
    default Tensor equalTo(Tensor b) {
        return Broadcasting.apply(Binary.EQUAL, self(), b);
    }

    /** Where a = b, as bool. */
    default Tensor equalTo(double b) {
        return equalTo(self().literal(b));
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
        return b.lessThan(self());
    }

    /** Where a {@literal >} b, as bool. */
    default Tensor greaterThan(double b) {
        return self().literal(b).lessThan(self());
    }
}
