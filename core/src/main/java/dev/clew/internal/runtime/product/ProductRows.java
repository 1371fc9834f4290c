package dev.clew.internal.runtime.product;

/** Some rows of a plain product. */
sealed interface ProductRows permits ProductDoubles, ProductFloats {
    /** Computes the rows of c that begin at c. Byte offsets into memory. */
    void run(int rows, long a, long b, long c);
}
