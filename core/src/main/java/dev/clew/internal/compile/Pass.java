package dev.clew.internal.compile;

/**
 * What the compiler may do besides what it must; each may be left out. The values stay the same to the bit, but for those that
 * {@link #MERGE} touches.
 */
public enum Pass {
    /** Algebra that is exact, and every node once. */
    SIMPLIFY,
    /**
     * Products that share something become one. Where they, or sums, are terms of one sum, its terms are then added in another order,
     * that of the merged sum from its first term on: that rounds differently, and {@link dev.clew.tensor.Tensor#value()} says how far.
     */
    MERGE,
    /** Loops over a product and a sum are one operation. */
    LOOP,
    /** Elementwise operations share loops. */
    FUSE,
    /** What can be computed early is; otherwise the order is that of creation. */
    ORDER,
    /** The parts of a concat are computed in adjacent places. */
    PLACE
}
