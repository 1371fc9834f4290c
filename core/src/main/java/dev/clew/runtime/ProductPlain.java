package dev.clew.runtime;

import dev.clew.array.DType;
import java.lang.foreign.MemorySegment;

/** The plain form of a product. */
record ProductPlain(Spec spec) implements Product {
    /** What a block of rows of c may take of the first-level cache, in bytes. */
    private static final int BLOCK_BYTES = 1 << 14;

    @Override
    public long packedBytes() {
        return 0;
    }

    @Override
    public void pack(MemorySegment memory, long b, long packed) {}

    @Override
    public void run(MemorySegment memory, long a, long b, long c, int part, int parts) {
        boolean byRows = spec.m() >= spec.n();
        int from = ProductSplit.share(byRows ? spec.m() : spec.n(), part, parts);
        int to = ProductSplit.share(byRows ? spec.m() : spec.n(), part + 1, parts);
        int height = byRows ? to - from : spec.m();
        int width = byRows ? spec.n() : to - from;
        if (height == 0 || width == 0) {
            return;
        }
        long bytes = spec.type().bytes();
        long rowA = (spec.transposeA() ? 1 : spec.strideA()) * bytes;
        long columnB = (spec.transposeB() ? spec.strideB() : 1) * bytes;
        int atOnce = Math.clamp(BLOCK_BYTES / (width * bytes), 1, height);
        for (int row = 0; row < height; row += atOnce) {
            int rows = Math.min(atOnce, height - row);
            long atA = a + (row + (byRows ? from : 0)) * rowA;
            long atB = b + (byRows ? 0 : from * columnB);
            long atC = c + ((row + (byRows ? from : 0)) * (long) spec.strideC() + (byRows ? 0 : from)) * bytes;
            if (spec.type() == DType.F64) {
                new ProductDoubles(spec, memory, rows, width).run(atA, atB, atC);
            } else {
                new ProductFloats(spec, memory, rows, width).run(atA, atB, atC);
            }
        }
    }
}
