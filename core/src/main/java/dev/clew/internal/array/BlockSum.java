package dev.clew.internal.array;

import java.util.Arrays;

/**
 * The one order of long sums, which is part of their meaning: whatever number of lanes or threads adds, the bits are the same.
 *
 * <p>Terms are cut into blocks of 256 from the first on. In a block, sixteen partial sums, of every sixteenth term each, are combined
 * as a fixed tree. Blocks are added as a binary tree: as in a binary counter, two neighbors of equal size make one, and what is open at
 * the end is added from the smallest to the largest. So a term goes through at most 20 + log₂(n/256) + 1 roundings.
 *
 * <p>An instance is a sum under construction, to be used by one thread, again and again.
 */
public final class BlockSum {
    public static final int BLOCK = 256;
    public static final int PARTIALS = 16;

    private final double[] levels = new double[Integer.SIZE];
    private int blocks;

    /** The sum of nothing so far. */
    public BlockSum() {}

    /** Begins a sum. */
    public void clear() {
        blocks = 0;
    }

    /** Takes the partial sums of the next block, which become 0; {@code single} rounds to f32. */
    public void add(double[] partials, boolean single) {
        double sum = tree(partials, single);
        Arrays.fill(partials, 0);
        int level = 0;
        for (; (blocks >> level & 1) != 0; level++) {
            sum = rounded(levels[level] + sum, single);
        }
        levels[level] = sum;
        blocks++;
    }

    /** The sum of all blocks; that of none is 0. */
    public double total(boolean single) {
        int level = Integer.numberOfTrailingZeros(blocks);
        double sum = blocks == 0 ? 0 : levels[level];
        for (level++; level < levels.length; level++) {
            if ((blocks >> level & 1) != 0) {
                sum = rounded(levels[level] + sum, single);
            }
        }
        return sum;
    }

    /** How far it is: {@code sum of 3 blocks}. */
    @Override
    public String toString() {
        return "sum of " + blocks + " blocks";
    }

    private static double tree(double[] partials, boolean single) {
        for (int half = PARTIALS / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                partials[i] = rounded(partials[i] + partials[i + half], single);
            }
        }
        return partials[0];
    }

    private static double rounded(double sum, boolean single) {
        return single ? (float) sum : sum;
    }
}
