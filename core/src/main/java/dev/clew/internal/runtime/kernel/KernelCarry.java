package dev.clew.internal.runtime.kernel;

import dev.clew.internal.array.BlockSum;
import dev.clew.internal.runtime.Spares;
import java.util.ArrayList;
import java.util.List;

/**
 * What generated kernels have of the sums of a row that is longer than one block. Shared through a pool, so that a run allocates
 * nothing.
 */
final class KernelCarry {
    private static final Spares<KernelCarry> POOL = new Spares<>(KernelCarry::new);

    private final float[] floats = new float[BlockSum.PARTIALS];
    private final double[] doubles = new double[BlockSum.PARTIALS];
    private final List<BlockSum> sums = new ArrayList<>();

    private KernelCarry() {}

    /** Room for so many sums. */
    static KernelCarry take(int count) {
        KernelCarry carry = POOL.take();
        while (carry.sums.size() < count) {
            carry.sums.add(new BlockSum());
        }
        return carry;
    }

    void release() {
        POOL.release(this);
    }

    /** Begins a row. */
    void begin(int sum) {
        sums.get(sum).clear();
    }

    /** Where the partial sums of a block of f32 are to be put before {@link #floats(int)}. */
    float[] floats() {
        return floats;
    }

    /** The same of f64. */
    double[] doubles() {
        return doubles;
    }

    /** Takes a block of f32 in. */
    void floats(int sum) {
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        sums.get(sum).add(doubles, true);
    }

    /** Takes a block of f64 in. */
    void doubles(int sum) {
        sums.get(sum).add(doubles, false);
    }

    /** The sum of a row of f32. */
    float floatTotal(int sum) {
        return (float) sums.get(sum).total(true);
    }

    /** The sum of a row of f64. */
    double doubleTotal(int sum) {
        return sums.get(sum).total(false);
    }
}
