package dev.clew.tensor;

/** The methods of a tensor that sum products over a shared axis. */
sealed interface TensorContractions permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * The matrix product, with NumPy's rules: a vector on the left is a row, on the right a column, and the result lacks
     * that axis; batch axes broadcast.
     *
     * <p>Shapes: (..., m, k) · (..., k, n) → (..., m, n).
     */
    default Tensor matmul(Tensor b) {
        return Broadcasting.matmul(self(), b);
    }

    /** The inner product of two vectors, Σ a·b. Shapes: (n) · (n) → (). */
    default Tensor dot(Tensor b) {
        return Broadcasting.dot(self(), b);
    }

    /** Every element of one times every element of the other. Shapes: (a...), (b...) → (a..., b...). */
    default Tensor outer(Tensor b) {
        return Broadcasting.outer(self(), b);
    }
}
