package dev.clew.nn.optimizer;

import java.util.function.DoubleFunction;

/**
 * Looks along a line for a point that is lower and less steep, by the strong Wolfe conditions f ≤ f₀ + c₁·t·f₀′ and |f′| ≤ −c₂·f₀′ (Nocedal, Wright, Numerical
 * Optimization, 2006, algorithms 3.5 and 3.6), with the decisions of PyTorch's L-BFGS, which are those of Schmidt's minFunc: so the numbers are the same. A point
 * whose loss or gradient is not finite counts as infinitely high, so the search comes back from there.
 */
final class LineSearch {
    private static final double LOWER = 1e-4;
    private static final double FLATTER = 0.9;
    private static final int MOST = 25;
    private static final double SHORT = 1e-9;

    private final DoubleFunction<Trial> line;
    private final Trial start;
    /** The largest number of the direction. */
    private final double size;

    /** A point of the line. */
    static final class Trial {
        /** How far it is. */
        final double t;

        final double loss;
        final double[] gradient;
        /** The derivative along the line. */
        final double slope;

        Trial(double t, double loss, double[] gradient, double slope) {
            this.t = t;
            this.loss = loss;
            this.gradient = gradient;
            this.slope = slope;
        }
    }

    LineSearch(DoubleFunction<Trial> line, Trial start, double size) {
        this.line = line;
        this.start = start;
        this.size = size;
    }

    /** A point that fulfills the conditions, or the best that was found; it begins with a first guess. */
    Trial found(double guess) {
        Trial before = start;
        Trial now = line.apply(guess);
        for (int i = 0; i < MOST; i++) {
            if (isHigh(now) || (i > 1 && now.loss >= before.loss)) {
                return between(before, now, i);
            }
            if (isFlat(now)) {
                return now;
            }
            if (now.slope >= 0) {
                return between(before, now, i);
            }
            double next = lowest(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
            before = now;
            now = line.apply(next);
        }
        return start.loss <= now.loss ? start : now;
    }

    /** Makes the interval between two points smaller, of which one is the lower. */
    private Trial between(Trial one, Trial other, int tries) {
        Trial[] ends = {one, other};
        int low = lower(ends);
        boolean wasNear = false;
        for (int i = tries; i < MOST && Math.abs(ends[1].t - ends[0].t) * size >= SHORT; i++) {
            double cubic = lowest(ends[0], ends[1], left(ends), right(ends));
            boolean isNear = Math.min(right(ends) - cubic, cubic - left(ends)) < margin(ends);
            boolean isOutside = cubic >= right(ends) || cubic <= left(ends);
            boolean isMoved = isNear && (wasNear || isOutside);
            wasNear = isNear && !isMoved;
            Trial now = line.apply(isMoved ? inside(ends, cubic) : cubic);
            if (isHigh(now) || now.loss >= ends[low].loss) {
                ends[1 - low] = now;
                low = lower(ends); // It may be too high for the way and lower yet than the other.
            } else if (isFlat(now)) {
                return now;
            } else {
                ends[1 - low] = now.slope * (ends[1 - low].t - ends[low].t) >= 0 ? ends[low] : ends[1 - low];
                ends[low] = now;
            }
        }
        return ends[low];
    }

    private static double left(Trial[] ends) {
        return Math.min(ends[0].t, ends[1].t);
    }

    private static double right(Trial[] ends) {
        return Math.max(ends[0].t, ends[1].t);
    }

    private static double margin(Trial[] ends) {
        return 0.1 * (right(ends) - left(ends));
    }

    /** A margin away from the end that is near. */
    private static double inside(Trial[] ends, double t) {
        boolean isRight = Math.abs(t - right(ends)) < Math.abs(t - left(ends));
        return isRight ? right(ends) - margin(ends) : left(ends) + margin(ends);
    }

    private static int lower(Trial[] ends) {
        return ends[0].loss <= ends[1].loss ? 0 : 1;
    }

    private boolean isHigh(Trial now) {
        return now.loss > start.loss + LOWER * now.t * start.slope;
    }

    private boolean isFlat(Trial now) {
        return Math.abs(now.slope) <= -FLATTER * start.slope;
    }

    /** Where the cubic through two points with their slopes is lowest, within bounds; their middle where it has no such place. */
    private static double lowest(Trial one, Trial other, double least, double most) {
        double d1 = one.slope + other.slope - 3 * (one.loss - other.loss) / (one.t - other.t);
        double square = d1 * d1 - one.slope * other.slope;
        if (!(square >= 0)) {
            return (least + most) / 2;
        }
        double d2 = Math.sqrt(square);
        Trial left = one.t <= other.t ? one : other;
        Trial right = one.t <= other.t ? other : one;
        double t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
        return Double.isNaN(t) ? (least + most) / 2 : Math.min(Math.max(t, least), most);
    }
}
