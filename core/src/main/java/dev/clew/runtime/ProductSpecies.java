package dev.clew.runtime;

import dev.clew.array.DType;
import java.util.Optional;
import jdk.incubator.vector.VectorShape;

/** What this machine's vectors are. Must only be loaded where the Vector API is. */
final class ProductSpecies {
    private ProductSpecies() {}

    /** The widest vectors that the machine is good at; empty if they hold a single number. */
    static Optional<ProductLanes> preferred(DType type) {
        int bits = Math.min(ProductLanes.MOST_BITS, VectorShape.preferredShape().vectorBitSize());
        return bits < ProductLanes.LEAST_BITS ? Optional.empty() : Optional.of(new ProductLanes(type, bits));
    }
}
