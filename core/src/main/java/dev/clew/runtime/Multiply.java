package dev.clew.runtime;

import java.lang.foreign.MemorySegment;

/**
 * A product, once for every batch.
 *
 * @param isLarge whether it is worth two threads
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Multiply(Product product, long[] a, long[] b, long[] c, boolean isLarge)
        implements Instruction, Workers.Task {
    /** Below about 10 µs, handing over costs more than it gives. */
    private static final long LARGE = 2_000_000;

    /** Whether a product of these sizes is worth two threads. */
    public static boolean isLarge(Product.Spec spec) {
        return (long) spec.m() * spec.n() * spec.k() >= LARGE / 2;
    }

    @Override
    public void run(MemorySegment memory) {
        if (isLarge) {
            Workers.run(this, memory);
        } else {
            run(memory, 0, 1);
        }
    }

    @Override
    public void run(MemorySegment memory, int part, int parts) {
        for (int batch = 0; batch < c.length; batch++) {
            product.run(memory, a[batch], b[batch], c[batch], part, parts);
        }
    }
}
