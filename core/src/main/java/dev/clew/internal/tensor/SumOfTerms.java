package dev.clew.internal.tensor;

import dev.clew.tensor.Elementwise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the sum of many arrays, term by term: each block of {@link Elementwise.AddN#BLOCK} terms is added in order, and blocks
 * as {@link dev.clew.internal.array.BlockSum} adds its own.
 */
public final class SumOfTerms {
    private final boolean single;
    /** Sums of 1, 2, 4, ... blocks. */
    private final List<double @Nullable []> levels = new ArrayList<>();

    private double @Nullable [] open;
    private int terms;

    public SumOfTerms(boolean single) {
        this.single = single;
    }

    /** Takes a term; the array is the sum's from now on. */
    public void add(double[] term) {
        open = open == null ? term : both(open, term);
        terms++;
        if (terms % Elementwise.AddN.BLOCK == 0) {
            close(open);
            open = null;
        }
    }

    private void close(double[] block) {
        double[] sum = block;
        for (int level = 0; ; level++) {
            if (level == levels.size()) {
                levels.add(sum);
                return;
            }
            double[] before = levels.get(level);
            if (before == null) {
                levels.set(level, sum);
                return;
            }
            sum = both(before, sum);
            levels.set(level, null);
        }
    }

    /** The sum of all terms, of which there must be some; nothing can be added any more. */
    public double[] total() {
        if (open != null) {
            close(open);
        }
        double[] total = null;
        for (double[] level : levels) {
            if (level != null) {
                total = total == null ? level : both(level, total);
            }
        }
        if (total == null) {
            throw new IllegalStateException("the sum of no terms");
        }
        return total;
    }

    private double[] both(double[] sum, double[] term) {
        for (int i = 0; i < sum.length; i++) {
            double exact = sum[i] + term[i];
            sum[i] = single ? (float) exact : exact;
        }
        return sum;
    }
}
