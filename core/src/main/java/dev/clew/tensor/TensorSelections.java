package dev.clew.tensor;

/** The methods of a tensor that choose elements by indices of type i32. */
sealed interface TensorSelections permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** Rows by index: an embedding lookup. Shapes: (rows, ...), indices (...) i32 → (indices..., ...). */
    default Tensor gather(Tensor indices) {
        return new Selection.Gather().on(self(), indices);
    }

    /** Rows by index. Shapes: (rows, ...) → (n, ...). */
    default Tensor gather(int... indices) {
        return gather(Tensor.of(indices));
    }

    /** One element of every row, by index. Shapes: (..., n), indices (...) i32 → (...). */
    default Tensor pick(Tensor indices) {
        return new Selection.Pick().on(self(), indices);
    }

    /** One element of every row, by index. Shapes: (rows, n) → (rows). */
    default Tensor pick(int... indices) {
        return pick(Tensor.of(indices));
    }

    /** A number where the mask (bool) holds, x elsewhere. No gradient flows to what is replaced. Shapes: the mask broadcasts. */
    default Tensor maskedFill(Tensor mask, double value) {
        return Tensor.where(mask, self().literal(value), self());
    }
}
