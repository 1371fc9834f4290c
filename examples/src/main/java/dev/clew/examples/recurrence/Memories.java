package dev.clew.examples.recurrence;

import dev.clew.tensor.Tensor;

/** Memories that are matrices, one for every sequence of a batch: (batch, keys, values). */
final class Memories {
    /** Is added to squares, so that a key of 0, as that of padding, stays 0. */
    private static final double LITTLE = 1e-12;

    private Memories() {}

    /** kᵀv. Shapes: k (batch, keys), v (batch, values) → (batch, keys, values). */
    static Tensor outer(Tensor k, Tensor v) {
        return k.expandDims(2).times(v.expandDims(1));
    }

    /** q·S. Shapes: q (batch, keys), memory (batch, keys, values) → (batch, values). */
    static Tensor read(Tensor q, Tensor memory) {
        return q.expandDims(1).matmul(memory).squeeze(1);
    }

    /** k/‖k‖ along the last axis. */
    static Tensor normalized(Tensor k) {
        return k.times(k.square().sum(true, -1).plus(LITTLE).rsqrt());
    }
}
