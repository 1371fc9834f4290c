package dev.clew.tensor;

/** Elementwise functions that are formulas of others, and so have their derivatives from those. */
final class Activations {
    /** Of Klambauer et al., Self-Normalizing Neural Networks, 2017. */
    private static final double SELU_SCALE = 1.0507009873554805;

    /** Scale times alpha. */
    private static final double SELU_NEGATIVE = 1.7580993408473768;

    private Activations() {}

    static Tensor leakyRelu(Tensor x, double slope) {
        return Tensor.where(x.greaterThan(0), x, x.times(slope));
    }

    static Tensor elu(Tensor x, double alpha) {
        return positiveOr(x, x, alpha);
    }

    static Tensor selu(Tensor x) {
        return positiveOr(x, x.times(SELU_SCALE), SELU_NEGATIVE);
    }

    /** The side that is not taken is e⁰ − 1, so that no infinity of it can meet a gradient of 0. */
    private static Tensor positiveOr(Tensor x, Tensor positive, double alpha) {
        Tensor isPositive = x.greaterThan(0);
        Tensor negative = Tensor.where(isPositive, x.constant(0), x);
        return Tensor.where(isPositive, positive, negative.expm1().times(alpha));
    }

    static Tensor hardTanh(Tensor x) {
        return Tensor.where(x.abs().lessThan(1), x, x.sign());
    }

    static Tensor hardSigmoid(Tensor x) {
        return Tensor.where(
                x.abs().lessThan(3), x.plus(3).div(6), x.sign().plus(1).times(0.5));
    }

    static Tensor clip(Tensor x, double least, double most) {
        if (!(least <= most)) {
            throw new IllegalArgumentException("clip " + x.shape() + " to " + least + " .. " + most
                    + ": the lower bound must not be above the upper one, and neither NaN");
        }
        Tensor raised = Tensor.where(x.lessThan(least), x.constant(least), x);
        return Tensor.where(x.greaterThan(most), x.constant(most), raised);
    }

    /** From the nearer end, so that the ends themselves come out exactly. */
    static Tensor lerp(Tensor a, Tensor b, Tensor weight) {
        Tensor span = b.minus(a);
        Tensor fromA = a.plus(span.times(weight));
        Tensor fromB = b.minus(span.times(weight.literal(1).minus(weight)));
        return Tensor.where(weight.lessThan(0.5), fromA, fromB);
    }

    static Tensor lerp(Tensor a, Tensor b, double weight) {
        Tensor span = b.minus(a);
        return weight < 0.5 ? a.plus(span.times(weight)) : b.minus(span.times(1 - weight));
    }
}
