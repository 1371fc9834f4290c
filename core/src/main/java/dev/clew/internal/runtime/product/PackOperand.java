package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.Divided;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Packs the right operand of a product, once for all that use it. Parts are panels. */
public record PackOperand(Product product, long b, long packed) implements Divided {
    @Override
    public void run(MemorySegment memory, int part, int parts) {
        product.pack(memory, b, packed, part, parts);
    }

    @Override
    public int pieces() {
        return product.packPieces();
    }

    @Override
    public void reach(int part, int parts, Reach reach) {
        product.packReach(b, packed, part, parts, reach);
    }

    @Override
    public List<Trial> trials() {
        return product.packTrials();
    }
}
