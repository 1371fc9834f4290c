package dev.clew.nn.loss;

import dev.clew.tensor.Tensor;

/**
 * Distances in standard deviations, z = d·e⁻ˢ, and where they are too large for a square. There everything is replaced before it is
 * computed, since no derivative of a number that is not finite is one, even times 0.
 *
 * @param z 0 where it is too far
 * @param isFar where z² is beyond the numbers: the density is 0
 */
record Standardized(Tensor z, Tensor isFar) {
    /** Half of e⁻ˢ at a time: it may leave the range of numbers where z does not. At d = 0, z is 0 however narrow it is. */
    static Standardized of(Tensor distance, Tensor logDeviation) {
        Tensor half = logDeviation.times(-0.5).exp();
        Tensor isNarrow = half.isFinite().not().and(half.isNaN().not());
        Tensor square = distance.times(half).times(half).square();
        Tensor isFar = distance.notEqualTo(0).and(square.equalTo(Double.POSITIVE_INFINITY));
        Tensor isOff = isFar.or(isNarrow.and(distance.equalTo(0)));
        Tensor width = logDeviation.maskedFill(isOff, 0).times(-0.5).exp();
        return new Standardized(distance.maskedFill(isOff, 0).times(width).times(width), isFar);
    }

    Tensor squares() {
        return z.square();
    }
}
