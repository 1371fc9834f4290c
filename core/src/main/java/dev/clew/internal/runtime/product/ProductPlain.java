package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.Divided;
import dev.clew.internal.runtime.Split;
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
    public void pack(MemorySegment memory, long b, long packed, int part, int parts) {}

    @Override
    public int packPieces() {
        return 1;
    }

    @Override
    public void packReach(long b, long packed, int part, int parts, Divided.Reach reach) {}

    @Override
    public void run(MemorySegment memory, long a, long b, long c, int part, int parts) {
        boolean byRows = spec.m() >= spec.n();
        int from = Split.share(byRows ? spec.m() : spec.n(), part, parts);
        int to = Split.share(byRows ? spec.m() : spec.n(), part + 1, parts);
        int height = byRows ? to - from : spec.m();
        int width = byRows ? spec.n() : to - from;
        if (height == 0 || width == 0) {
            return;
        }
        long bytes = spec.type().bytes();
        long rowA = (spec.transposeA() ? 1 : spec.strideA()) * bytes;
        long columnB = (spec.transposeB() ? spec.strideB() : 1) * bytes;
        int atOnce = Math.clamp(BLOCK_BYTES / (width * bytes), 1, height);
        long atB = b + (byRows ? 0 : from * columnB);
        ProductRows product = new ProductRows(spec, memory, width, atB);
        for (int done = 0; done < height; done += atOnce) {
            long row = (byRows ? from : 0L) + done;
            long atC = c + (row * spec.strideC() + (byRows ? 0 : from)) * bytes;
            product.run(Math.min(atOnce, height - done), a + row * rowA, atB, atC);
        }
    }

    @Override
    public int pieces() {
        return Math.max(spec.m(), spec.n());
    }

    @Override
    public void reach(long a, long b, long c, int part, int parts, Divided.Reach reach) {
        boolean byRows = spec.m() >= spec.n();
        int from = Split.share(byRows ? spec.m() : spec.n(), part, parts);
        int to = Split.share(byRows ? spec.m() : spec.n(), part + 1, parts);
        spec.reach(a, c, byRows ? from : 0, byRows ? to : spec.m(), byRows ? 0 : from, byRows ? spec.n() : to, reach);
        reach.reads(b, b + spec.bytesB());
    }
}
