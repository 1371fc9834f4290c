package dev.clew.runtime;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Packs the right operand of a product, once for all that use it. */
public record Pack(Product product, long b, long packed) implements Instruction {
    @Override
    public void run(MemorySegment memory) {
        product.pack(memory, b, packed);
    }

    @Override
    public List<Trial> trials() {
        return product.packTrials();
    }
}
