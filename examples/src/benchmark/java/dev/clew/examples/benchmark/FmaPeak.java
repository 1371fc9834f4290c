package dev.clew.examples.benchmark;

import dev.clew.array.DType;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * What one core can do at most: independent chains of fused multiply-adds, enough of them to hide the latency of each (4 cycles on
 * two units need 8; 12 leave some slack).
 */
final class FmaPeak {
    private static final int ROUNDS = 200_000;
    private static final int CHAINS = 12;
    private static final int TRIES = 12;

    private FmaPeak() {}

    /** In GFLOP/s, the best of some short tries; an fma counts as two operations. */
    static double gigaflops(DType dtype) {
        boolean single = dtype == DType.F32;
        int lanes = single ? FloatVector.SPECIES_PREFERRED.length() : DoubleVector.SPECIES_PREFERRED.length();
        double best = 0;
        double unused = 0;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            unused += single ? floats() : doubles();
            best = Math.max(best, 2.0 * lanes * CHAINS * ROUNDS / (System.nanoTime() - start));
        }
        if (Double.isNaN(unused)) {
            throw new AssertionError("chains that converge have a sum");
        }
        return best;
    }

    /** x ← x/2 + 1 on every lane of every chain: it converges, so no number is slow. */
    private static double floats() {
        FloatVector half = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 0.5f);
        FloatVector one = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 1);
        FloatVector a = one;
        FloatVector b = one;
        FloatVector c = one;
        FloatVector d = one;
        FloatVector e = one;
        FloatVector f = one;
        FloatVector g = one;
        FloatVector h = one;
        FloatVector i = one;
        FloatVector j = one;
        FloatVector k = one;
        FloatVector l = one;
        for (int round = 0; round < ROUNDS; round++) {
            a = a.fma(half, one);
            b = b.fma(half, one);
            c = c.fma(half, one);
            d = d.fma(half, one);
            e = e.fma(half, one);
            f = f.fma(half, one);
            g = g.fma(half, one);
            h = h.fma(half, one);
            i = i.fma(half, one);
            j = j.fma(half, one);
            k = k.fma(half, one);
            l = l.fma(half, one);
        }
        FloatVector all = a.add(b).add(c).add(d).add(e).add(f);
        return all.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }

    private static double doubles() {
        DoubleVector half = DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, 0.5);
        DoubleVector one = DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, 1);
        DoubleVector a = one;
        DoubleVector b = one;
        DoubleVector c = one;
        DoubleVector d = one;
        DoubleVector e = one;
        DoubleVector f = one;
        DoubleVector g = one;
        DoubleVector h = one;
        DoubleVector i = one;
        DoubleVector j = one;
        DoubleVector k = one;
        DoubleVector l = one;
        for (int round = 0; round < ROUNDS; round++) {
            a = a.fma(half, one);
            b = b.fma(half, one);
            c = c.fma(half, one);
            d = d.fma(half, one);
            e = e.fma(half, one);
            f = f.fma(half, one);
            g = g.fma(half, one);
            h = h.fma(half, one);
            i = i.fma(half, one);
            j = j.fma(half, one);
            k = k.fma(half, one);
            l = l.fma(half, one);
        }
        DoubleVector all = a.add(b).add(c).add(d).add(e).add(f);
        return all.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
}
