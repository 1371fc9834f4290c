package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Packs the right operand of a product, once for all that use it. */
public record PackOperand(Product product, long b, long packed) implements Instruction {
    @Override
    public void run(MemorySegment memory) {
        product.pack(memory, b, packed);
    }

    @Override
    public List<Trial> trials() {
        return product.packTrials();
    }
}
