package dev.clew.internal.runtime.product;

/**
 * Distances in memory, in bytes: from row to row and step to step (of k) of a, from step to step and column to column of b, from row to
 * row of c.
 */
record ProductStrides(long rowA, long stepA, long stepB, long columnB, long rowC, int lanes) {

    static ProductStrides of(Product.Spec spec, ProductLanes lanes) {
        long bytes = spec.type().bytes();
        return new ProductStrides(
                bytes * (spec.transposeA() ? 1 : spec.strideA()),
                bytes * (spec.transposeA() ? spec.strideA() : 1),
                bytes * (spec.transposeB() ? 1 : spec.strideB()),
                bytes * (spec.transposeB() ? spec.strideB() : 1),
                bytes * spec.strideC(),
                lanes.count());
    }

    /** From one vector of columns of b to the next, as it lies. */
    long vectorB() {
        return lanes * columnB;
    }
}
