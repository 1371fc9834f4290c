package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import dev.clew.internal.runtime.product.Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** A product on random numbers from −1 to 1, that lie in a memory of their own: a, b, c, and b packed. */
final class ProductOperands {
    private static final int LINE = 64;
    /** A number that is as good as impossible; comparing with it keeps the reading from being dropped. */
    private static final long NEVER = 0x5ca1ab1e0ddba11L;

    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

    private final ProductCase shape;
    private final Product product;
    private final MemorySegment memory;
    private final long b;
    private final long c;
    private final long packed;
    private long mixed;

    ProductOperands(ProductCase shape) {
        this.shape = shape;
        Product.Spec spec = shape.spec();
        product = Product.vector(spec)
                .orElseThrow(() -> new IllegalStateException("start with --add-modules jdk.incubator.vector"));
        long size = shape.type().bytes();
        b = (long) spec.strideA() * (spec.transposeA() ? spec.k() : spec.m()) * size;
        c = b + (long) spec.strideB() * (spec.transposeB() ? spec.n() : spec.k()) * size;
        packed = c + (long) spec.strideC() * spec.m() * size;
        memory = Arena.ofAuto().allocate(packed + Math.max(product.packedBytes(), LINE), LINE);
        Random random = new Random(1);
        for (long at = 0; at < c; at += size) {
            if (shape.type() == DType.F32) {
                memory.set(ValueLayout.JAVA_FLOAT, at, 2 * random.nextFloat() - 1);
            } else {
                memory.set(ValueLayout.JAVA_DOUBLE, at, 2 * random.nextDouble() - 1);
            }
        }
        pack();
    }

    ProductCase shape() {
        return shape;
    }

    /** Of the operands and the result, without the packed one. */
    long bytes() {
        return packed;
    }

    long packedBytes() {
        return product.packedBytes();
    }

    void pack() {
        product.pack(memory, b, packed);
    }

    void run() {
        product.run(memory, 0, product.packedBytes() > 0 ? packed : b, c, 0, 1);
    }

    /** Reads as many bytes as the right operand has, and does no more with them than to mix them. */
    void read() {
        mixed ^= mix(memory, b, (int) (shape.rightBytes() / LONGS.vectorByteSize() / 4));
        if (mixed == NEVER) {
            throw new AssertionError("random bits came to " + NEVER);
        }
    }

    private static long mix(MemorySegment memory, long from, int rounds) {
        long base = from & ((1L << 56) - 1);
        LongVector s0 = LongVector.zero(LONGS);
        LongVector s1 = s0;
        LongVector s2 = s0;
        LongVector s3 = s0;
        for (int i = 0; i < rounds; i++) {
            long at = base + i * 4L * LONGS.vectorByteSize();
            s0 = s0.lanewise(VectorOperators.XOR, load(memory, at));
            s1 = s1.lanewise(VectorOperators.XOR, load(memory, at + LONGS.vectorByteSize()));
            s2 = s2.lanewise(VectorOperators.XOR, load(memory, at + 2L * LONGS.vectorByteSize()));
            s3 = s3.lanewise(VectorOperators.XOR, load(memory, at + 3L * LONGS.vectorByteSize()));
        }
        LongVector all = s0.lanewise(VectorOperators.XOR, s1).lanewise(VectorOperators.XOR, s2);
        return all.lanewise(VectorOperators.XOR, s3).lane(0);
    }

    private static LongVector load(MemorySegment memory, long at) {
        return LongVector.fromMemorySegment(LONGS, memory, at, ByteOrder.nativeOrder());
    }
}
