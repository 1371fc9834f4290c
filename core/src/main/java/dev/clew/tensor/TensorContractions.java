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
     * <p>Along k, blocks of 256 terms are added by fused multiply-adds in their order, and these sums in theirs; so an element is within
     * (256 + k/256)·ε of Σ |a|·|b|.
     *
     * <p>Shapes: (..., m, k) · (..., k, n) → (..., m, n).
     */
    default Tensor matmul(Tensor b) {
        return Asked.of(self(), "matmul", () -> Broadcasting.matmul(self(), b), b);
    }

    /** The inner product of two vectors, Σ a·b, added in the order of {@link #matmul}. Shapes: (n) · (n) → (). */
    default Tensor dot(Tensor b) {
        return Asked.of(self(), "dot", () -> Broadcasting.dot(self(), b), b);
    }

    /** Every element of one times every element of the other. Shapes: (a...), (b...) → (a..., b...). */
    default Tensor outer(Tensor b) {
        return Asked.of(self(), "outer", () -> Broadcasting.outer(self(), b), b);
    }
}
