package dev.clew.compile;

/** What the compiler may do besides what it must; each may be left out, and the values stay the same. */
enum Pass {
    /** Algebra that is exact, and every node once. */
    SIMPLIFY,
    /** Products that share something become one. */
    MERGE,
    /** Elementwise operations share loops. */
    FUSE,
    /** What can be computed early is; otherwise the order is that of creation. */
    ORDER,
    /** The parts of a concat are computed in adjacent places. */
    PLACE
}
