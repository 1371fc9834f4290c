package dev.clew.internal.runtime.product;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.kernel.KernelAllocation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Runs products of every kind until a run allocates nothing, and fails if that does not come. A program for a Java of its own. */
public final class ProductAllocation {
    private static final List<Product.Spec> SPECS = List.of(
            spec(DType.F32, 16, 64, 64, false, false), // whole vectors
            spec(DType.F64, 13, 32, 26, false, true), // the last one cut
            spec(DType.F32, 1, 64, 64, false, false), // one row
            spec(DType.F64, 32, 13, 32, true, false), // a sum over a batch, nothing packed
            new Product.Spec(DType.F32, 64, 32, 129, true, 64, false, 512, 32, Product.Start.NOTHING), // gathered
            new Product.Spec(DType.F32, 9, 21, 32, false, 32, false, 21, 21, Product.Start.SUM), // added
            new Product.Spec(DType.F32, 9, 21, 32, false, 32, false, 21, 21, Product.Start.BLOCK));

    private ProductAllocation() {}

    private static Product.Spec spec(DType type, int m, int k, int n, boolean transposeA, boolean transposeB) {
        return new Product.Spec(
                type,
                m,
                n,
                k,
                transposeA,
                transposeA ? m : k,
                transposeB,
                transposeB ? k : n,
                n,
                Product.Start.NOTHING);
    }

    static void main() {
        for (Product.Spec spec : SPECS) {
            MemorySegment memory = Arena.ofAuto().allocate(1 << 20, Machine.LINE);
            Product.vector(spec)
                    .ifPresent(product -> KernelAllocation.awaitNone("100 runs of " + spec, () -> {
                        for (int i = 0; i < 100; i++) {
                            product.pack(memory, 0, 1 << 17);
                            product.run(memory, 1 << 14, product.packedBytes() > 0 ? 1 << 17 : 0, 1 << 16, 0, 1);
                        }
                    }));
        }
    }
}
