package dev.clew.runtime;

import java.lang.foreign.MemorySegment;

/** A product, once for every batch. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Multiply(Product product, long[] a, long[] b, long[] c) implements Instruction {
    @Override
    public void run(MemorySegment memory) {
        for (int batch = 0; batch < c.length; batch++) {
            product.run(memory, a[batch], b[batch], c[batch], 0, 1);
        }
    }
}
