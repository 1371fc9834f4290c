package dev.clew.internal.compile.program;

import it.unimi.dsi.fastutil.ints.IntArrayList;

/** The sum of nodes of a program in the order in which {@link dev.clew.internal.array.BlockSum} adds blocks. */
public final class TreeSum {
    private final Rewrite rewrite;
    /** Sums of 1, 2, 4, ... terms, −1 for none. */
    private final IntArrayList levels = new IntArrayList();

    public TreeSum(Rewrite rewrite) {
        this.rewrite = rewrite;
    }

    public void add(int term) {
        int sum = term;
        int level = 0;
        for (; level < levels.size() && levels.getInt(level) >= 0; level++) {
            sum = both(levels.getInt(level), sum);
            levels.set(level, -1);
        }
        if (level == levels.size()) {
            levels.add(sum);
        } else {
            levels.set(level, sum);
        }
    }

    /** The sum of all terms, of which there must be some. */
    public int total() {
        int total = -1;
        for (int level = 0; level < levels.size(); level++) {
            int sum = levels.getInt(level);
            if (sum >= 0) {
                total = total < 0 ? sum : both(sum, total);
            }
        }
        return total;
    }

    private int both(int left, int right) {
        return rewrite.sum(left, right);
    }
}
