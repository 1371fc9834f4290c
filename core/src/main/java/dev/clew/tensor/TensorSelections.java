package dev.clew.tensor;

/**
 * The methods of a tensor that choose elements by indices of type i32.
 *
 * <p>Indices in a tensor are data: they go from 0 to n − 1, and another is an error, where the node is made if its number is known
 * there, else in the evaluation. Those that the program states as {@code int} count from the end if they are negative, as in {@link
 * Tensor#get(int)} and {@link Tensor#slice(int, int, int)}. Classes, of {@code oneHot} and of losses, are names, and none is
 * negative.
 */
sealed interface TensorSelections permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * Rows by index from 0: an embedding lookup. The gradient of a row is the sum of those of its lookups, as
     * {@link #scatterAdd(Tensor, Tensor)} adds them. Shapes: (rows, ...), indices (...) i32 → (indices..., ...).
     */
    default Tensor gather(Tensor indices) {
        return Asked.of(self(), "gather", () -> new Selection.Gather().on(self(), indices), indices);
    }

    /** Rows by index; a negative index counts from the end. Shapes: (rows, ...) → (n, ...). */
    default Tensor gather(int... indices) {
        return Asked.of(self(), "gather", () -> Selections.gather(self(), indices), indices);
    }

    /** Elements along an axis, by index from 0 (NumPy's {@code take}). Shapes: (a, n, b), indices (i...) i32 → (a, i..., b). */
    default Tensor gather(int axis, Tensor indices) {
        return Asked.of(self(), "gather", () -> Selections.gather(self(), axis, indices), indices);
    }

    /**
     * This tensor with rows added to some of its own: the row i of {@code rows} to the row {@code indices[i]}. Equal indices
     * accumulate: blocks of 256 rows are added up in their order, and these sums in theirs, within (256 + i/256)·ε of Σ|rows|. Shapes:
     * (n, ...), indices (i...) i32, rows (i..., ...) → (n, ...).
     */
    default Tensor scatterAdd(Tensor indices, Tensor rows) {
        return scatterAdd(0, indices, rows);
    }

    /** The same along another axis. Shapes: (a, n, b), indices (i...) i32, added (a, i..., b) → (a, n, b). */
    default Tensor scatterAdd(int axis, Tensor indices, Tensor added) {
        return Asked.of(
                self(), "scatterAdd", () -> Selections.scatterAdd(self(), axis, indices, added), indices, added);
    }

    /** Elements of every line along an axis, by indices of its own (NumPy's {@code take_along_axis}). Shapes: n, k → k. */
    default Tensor takeAlong(int axis, Tensor indices) {
        return Asked.of(self(), "takeAlong", () -> Selections.takeAlong(self(), axis, indices), indices);
    }

    /** The elements along an axis in ascending order, NaN last; equal ones keep their order, and so do their gradients. */
    default Tensor sort(int axis) {
        return sort(axis, false);
    }

    /** The elements along an axis in ascending or descending order; NaN counts as the largest. */
    default Tensor sort(int axis, boolean descending) {
        return Asked.of(self(), "sort", () -> takeAlong(axis, argSort(axis, descending)));
    }

    /** The indices (i32) that sort an axis in ascending order, NaN last; equal elements keep their order. */
    default Tensor argSort(int axis) {
        return argSort(axis, false);
    }

    /** The indices (i32) that sort an axis; equal elements keep their order, and NaN counts as the largest. */
    default Tensor argSort(int axis, boolean descending) {
        return Asked.of(self(), "argSort", () -> Selections.argSort(self(), axis, descending));
    }

    /** The k largest elements along an axis, the largest first, with their indices; NaN counts as the largest. */
    default Ranked topK(int k, int axis) {
        return Asked.of(self(), "topK", () -> Selections.topK(self(), k, axis));
    }

    /** The elements on and below a diagonal of the last two axes, 0 above: j ≤ i + offset. */
    default Tensor lowerTriangle(int offset) {
        return Asked.of(self(), "lowerTriangle", () -> Selections.lowerTriangle(self(), offset));
    }

    /** The elements on and above a diagonal of the last two axes, 0 below: j ≥ i + offset. */
    default Tensor upperTriangle(int offset) {
        return Asked.of(self(), "upperTriangle", () -> Selections.upperTriangle(self(), offset));
    }

    /** One element of every row, by index, from 0. Shapes: (..., n), indices (...) i32 → (...). */
    default Tensor pick(Tensor indices) {
        return Asked.of(self(), "pick", () -> new Selection.Pick().on(self(), indices), indices);
    }

    /** One element of every row, by index; a negative index counts from the end. Shapes: (rows, n) → (rows). */
    default Tensor pick(int... indices) {
        return Asked.of(self(), "pick", () -> Selections.pick(self(), indices), indices);
    }

    /** A number where the mask (bool) holds, x elsewhere. No gradient flows to what is replaced; see {@link Tensor#where}. Shapes: the mask broadcasts. */
    default Tensor maskedFill(Tensor mask, double value) {
        return Asked.of(self(), "maskedFill", () -> Tensor.where(mask, self().literal(value), self()), mask);
    }
}
