package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.Divided;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A product, once for every batch. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record BatchedProduct(Product product, long[] a, long[] b, long[] c) implements Divided {

    @Override
    public void run(MemorySegment memory, int part, int parts) {
        for (int batch = 0; batch < c.length; batch++) {
            product.run(memory, a[batch], b[batch], c[batch], part, parts);
        }
    }

    @Override
    public int pieces() {
        return product.pieces();
    }

    @Override
    public void reach(int part, int parts, Reach reach) {
        for (int batch = 0; batch < c.length; batch++) {
            product.reach(a[batch], b[batch], c[batch], part, parts, reach);
        }
    }

    @Override
    public List<Trial> trials() {
        return product.trials();
    }
}
