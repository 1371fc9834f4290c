package dev.clew.tensor;

import com.google.common.primitives.Ints;
import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.DTypes;

/** Reductions composed of sums, largest elements and elementwise operations. The reduced axes stay, with length 1. */
final class Reductions {
    private Reductions() {}

    static Tensor min(Tensor x, int... axes) {
        DTypes.floating("min", x);
        requireSome("min", "smallest", x.shape(), axes);
        return x.negate().max(true, axes).negate();
    }

    /** In f64 an integer has a negative, also the smallest of i32. */
    static Tensor argMin(Tensor x, int... axes) {
        requireSome("argMin", "smallest", x.shape(), axes);
        return (x.dtype().isFloating() ? x : x.cast(DType.F64)).negate().argMax(true, axes);
    }

    static Tensor prod(Tensor x, int... axes) {
        int[] order = new int[x.shape().rank()];
        int next = 0;
        for (int axis = 0; axis < order.length; axis++) {
            if (!Ints.contains(axes, axis)) {
                order[next++] = axis;
            }
        }
        System.arraycopy(axes, 0, order, next, axes.length);
        Shape kept = x.shape();
        int factors = 1;
        for (int axis : axes) {
            factors *= x.shape().length(axis);
            kept = kept.with(axis, 1);
        }
        Shape grouped = kept.insert(kept.rank(), factors);
        Tensor moved = Ints.asList(order).equals(Ints.asList(x.shape().axes())) ? x : x.transpose(order);
        return Scans.fold(moved.reshape(grouped), -1).reshape(kept);
    }

    static Tensor mean(Tensor x, boolean keepDims, int... axes) {
        DTypes.floating("mean", x);
        double count = 1;
        for (int axis : axes) {
            count *= x.shape().length(axis);
        }
        return x.sum(keepDims, axes).div(count);
    }

    static Tensor variance(Tensor x, int correction, int... axes) {
        DTypes.floating("variance", x);
        double count = 1;
        for (int axis : axes) {
            count *= x.shape().length(axis);
        }
        Tensor deviation = centered(x, axes);
        return deviation.square().sum(true, axes).div(Math.max(0, count - correction));
    }

    /** From deviations that are scaled, so that their squares stay in the range of numbers. */
    static Tensor standardDeviation(Tensor x, int correction, int... axes) {
        DTypes.floating("standardDeviation", x);
        double count = 1;
        for (int axis : axes) {
            count *= x.shape().length(axis);
        }
        Tensor size = scale(x, axes);
        Tensor deviation = centered(x.div(size), axes);
        Tensor scale = scale(deviation, axes);
        Tensor squares = deviation.div(scale).square().sum(true, axes);
        return root(squares.div(Math.max(0, count - correction))).times(scale).times(size);
    }

    /**
     * x − x̄. The mean of n equal numbers need not come out as that number, but corrected by what it is off by it does, and then they
     * are all 0 away from it. What its last rounding leaves is taken off the deviations, which are small. Both corrections are of
     * rounding, so they are constants to the gradient.
     */
    static Tensor centered(Tensor x, int... axes) {
        DTypes.floating("centered", x);
        Tensor mean = mean(x, true, axes);
        Tensor near = x.minus(mean.plus(mean(x.minus(mean), true, axes).stopGradient()));
        return near.minus(mean(near, true, axes).stopGradient());
    }

    /** A power of two near the largest |x|: whatever is divided by it and multiplied again keeps its bits. A constant to the gradient. */
    private static Tensor scale(Tensor x, int... axes) {
        return x.shape().elements() == 0
                ? x.literal(1)
                : Unary.POWER_OF_TWO.on(x.abs().max(true, axes));
    }

    /** √x, whose derivatives at 0 are taken as 0: the root of a sum of squares has a kink there, with 0 in the middle. */
    static Tensor root(Tensor x) {
        Tensor zero = x.equalTo(0);
        return x.maskedFill(zero, 1).sqrt().maskedFill(zero, 0);
    }

    static Tensor norm(Tensor x, double p, int... axes) {
        if (!(p > 0)) {
            throw new IllegalArgumentException("norm " + p + " of " + x.shape()
                    + ": it is a norm, or nearly, for p above 0; the usual are 1, 2 and" + " Double.POSITIVE_INFINITY");
        }
        if (p == 1) {
            return x.abs().sum(true, axes);
        }
        if (p == Double.POSITIVE_INFINITY) {
            return x.abs().max(true, axes);
        }
        if (p == 2) {
            Tensor scale = scale(x, axes);
            return root(x.div(scale).square().sum(true, axes)).times(scale);
        }
        Tensor largest = largest(x, axes);
        return power(power(x.abs().div(largest), p).sum(true, axes), 1 / p).times(largest);
    }

    /** The largest |x|, of which the quotient has powers in range, however high. A constant to the gradient. */
    private static Tensor largest(Tensor x, int... axes) {
        if (x.shape().elements() == 0) {
            return x.literal(1);
        }
        Tensor largest = x.abs().max(true, axes).stopGradient();
        return largest.maskedFill(largest.equalTo(0).or(largest.isFinite().not()), 1);
    }

    /** xᵖ of x ≥ 0, as e to the p·ln x; 0 at 0, where its derivatives are taken as 0. */
    private static Tensor power(Tensor x, double p) {
        Tensor zero = x.equalTo(0);
        return x.maskedFill(zero, 1).log().times(p).exp().maskedFill(zero, 0);
    }

    static Tensor any(Tensor x, int... axes) {
        DTypes.require("any", x, DType.BOOL);
        return x.cast(DType.F32).sum(true, axes).greaterThan(0);
    }

    static Tensor all(Tensor x, int... axes) {
        DTypes.require("all", x, DType.BOOL);
        return x.cast(DType.F32).equalTo(0).cast(DType.F32).sum(true, axes).equalTo(0);
    }

    /** Nothing has no extreme element. */
    static void requireSome(String label, String extreme, Shape shape, int... axes) {
        for (int axis : axes) {
            if (shape.length(axis) == 0) {
                throw new IllegalArgumentException(label + " over axis " + axis + " of " + shape + ": nothing has no "
                        + extreme + " element; the axis must have a length of at least 1");
            }
        }
    }
}
