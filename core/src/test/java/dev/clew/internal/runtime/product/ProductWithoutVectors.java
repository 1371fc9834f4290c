package dev.clew.internal.runtime.product;

import dev.clew.array.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A product where the Vector API is not there. A program for a Java of its own. */
final class ProductWithoutVectors {
    static final String DONE = "empty, and 2 times 3 is 6.0";

    private ProductWithoutVectors() {}

    static void main() {
        Product.Spec spec = new Product.Spec(DType.F32, 1, 1, 1, false, 1, false, 1, 1, Product.Start.NOTHING);
        MemorySegment memory = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, 2, 3, 0);
        Product.plain(spec).run(memory, 0, 4, 8, 0, 1);
        float product = memory.getAtIndex(ValueLayout.JAVA_FLOAT, 2);
        System.out.println((Product.vector(spec).isEmpty() ? "empty" : "vectors") + ", and 2 times 3 is " + product);
    }
}
