package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.internal.runtime.product.Product;

/**
 * A product (m, k) · (k, n) and how its operands lie; their rows lie one after the other.
 *
 * @param transposedLeft whether the left operand lies as (k, m)
 * @param transposedRight whether the right operand lies as (n, k)
 */
record ProductCase(DType type, int m, int k, int n, boolean transposedLeft, boolean transposedRight) {
    static ProductCase of(DType type, int m, int k, int n) {
        return new ProductCase(type, m, k, n, false, false);
    }

    static ProductCase ofTransposedLeft(DType type, int m, int k, int n) {
        return new ProductCase(type, m, k, n, true, false);
    }

    static ProductCase ofTransposedRight(DType type, int m, int k, int n) {
        return new ProductCase(type, m, k, n, false, true);
    }

    String name() {
        return m + "x" + k + "x" + n + (transposedLeft ? ", left transposed" : "")
                + (transposedRight ? ", right transposed" : "");
    }

    /** Whether one row is multiplied, so that the right operand is read once. */
    boolean isVector() {
        return m == 1;
    }

    double flops() {
        return 2.0 * m * k * n;
    }

    long rightBytes() {
        return (long) k * n * type.bytes();
    }

    Product.Spec spec() {
        return new Product.Spec(
                type,
                m,
                n,
                k,
                transposedLeft,
                transposedLeft ? m : k,
                transposedRight,
                transposedRight ? k : n,
                n,
                Product.Start.NOTHING);
    }
}
