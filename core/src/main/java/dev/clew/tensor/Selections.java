package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Indices;

/** Selections along any axis, composed of those along the first and the last one. */
final class Selections {
    private Selections() {}

    static Tensor gather(Tensor x, int... indices) {
        Selection.Gather.requireRows(x);
        return x.gather(Indices.stated("gather", indices, x.shape().length(0), "rows"));
    }

    static Tensor pick(Tensor x, int... indices) {
        Selection.Pick.requireRows(x);
        return x.pick(Indices.stated("pick", indices, x.shape().length(-1), "classes"));
    }

    static Tensor gather(Tensor x, int axis, Tensor indices) {
        int at = x.shape().axis(axis);
        if (at == 0) {
            return x.gather(indices);
        }
        Tensor y =
                new Selection.Gather(new Naming.Along("gather", x.shape(), at, false)).on(x.moveAxis(at, 0), indices);
        return y.transpose(rotated(y.shape().rank(), indices.shape().rank(), at));
    }

    static Tensor scatterAdd(Tensor x, int axis, Tensor indices, Tensor added) {
        int at = x.shape().axis(axis);
        int chosen = indices.shape().rank();
        boolean fits = at > 0 && added.shape().rank() == x.shape().rank() - 1 + chosen;
        Tensor rows = fits ? added.transpose(rotated(added.shape().rank(), at, chosen)) : added;
        Shape to = x.moveAxis(at, 0).shape();
        Tensor sums = (at == 0
                        ? new Selection.ScatterAdd(to)
                        : new Selection.ScatterAdd(to, new Naming.Along("scatterAdd", x.shape(), at, false)))
                .on(rows, indices);
        return x.plus(sums.moveAxis(0, at));
    }

    /** The order that exchanges the first axes with as many as asked behind them. */
    private static int[] rotated(int rank, int first, int second) {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = i < second ? first + i : i < first + second ? i - second : i;
        }
        return order;
    }

    static Tensor takeAlong(Tensor x, int axis, Tensor indices) {
        int at = x.shape().axis(axis);
        Shape shape = x.shape();
        boolean fits = indices.shape().rank() == shape.rank()
                && shape.with(at, indices.shape().length(at)).equals(indices.shape());
        if (!fits) {
            throw new IllegalArgumentException("takeAlong axis " + axis + " of " + shape + " with indices "
                    + indices.shape() + ": both need the same axes, and only the length of this one may differ"
                    + hint(shape, at, indices.shape()));
        }
        Indices.check("takeAlong", indices, new Naming.Along("takeAlong", shape, at, false), shape, shape.length(at));
        return new Selection.Pick(new Naming.Along("takeAlong", shape, at, true))
                .on(x.moveAxis(at, -1), indices.moveAxis(at, -1))
                .moveAxis(-1, at);
    }

    private static String hint(Shape x, int axis, Shape indices) {
        if (indices.equals(x.without(axis))) {
            return "; expandDims(" + axis + ") on the indices?";
        }
        for (int from = 0; from < indices.rank() && indices.rank() == x.rank(); from++) {
            int length = indices.length(from);
            if (from != axis && indices.without(from).insert(axis, length).equals(x.with(axis, length))) {
                return "; indices.moveAxis(" + from + ", " + axis + ")?";
            }
        }
        return indices.rank() == 1 ? "; the same indices for every line are gather(" + axis + ", indices)" : "";
    }

    static Tensor argSort(Tensor x, int axis, boolean descending) {
        int at = x.shape().axis(axis);
        return new Selection.ArgSort(descending).on(x.moveAxis(at, -1)).moveAxis(-1, at);
    }

    static Ranked topK(Tensor x, int k, int axis) {
        int length = x.shape().length(axis);
        if (k < 0 || k > length) {
            throw new IllegalArgumentException("topK " + k + " along axis " + axis + " of " + x.shape()
                    + ": k goes from 0 to " + length + ", the length of the axis");
        }
        Tensor indices = x.argSort(axis, true).slice(axis, 0, k);
        return new Ranked(x.takeAlong(axis, indices), indices);
    }

    static Tensor lowerTriangle(Tensor x, int offset) {
        requireMatrix("lowerTriangle", x);
        return Tensor.where(lowerMask(x.shape().length(-2), x.shape().length(-1), offset), x, x.literal(0));
    }

    static Tensor upperTriangle(Tensor x, int offset) {
        requireMatrix("upperTriangle", x);
        return Tensor.where(upperMask(x.shape().length(-2), x.shape().length(-1), offset), x, x.literal(0));
    }

    static Tensor lowerMask(int rows, int columns, int offset) {
        return mask(rows, columns, offset, true);
    }

    static Tensor upperMask(int rows, int columns, int offset) {
        return mask(rows, columns, offset - 1L, false);
    }

    /** Whether j ≤ i + offset is as asked. */
    private static Tensor mask(int rows, int columns, long offset, boolean lower) {
        return Tensor.of(NDArray.build(DType.BOOL, Shape.of(rows, columns), (block, from, count) -> {
            for (int at = 0; at < count; at++) {
                int i = (from + at) / columns;
                int j = (from + at) % columns;
                block[at] = (j <= i + offset) == lower ? 1 : 0;
            }
        }));
    }

    private static void requireMatrix(String label, Tensor x) {
        if (x.shape().rank() < 2) {
            throw new IllegalArgumentException(
                    label + " of " + x.shape() + ": it is of the last two axes, and there are fewer");
        }
    }
}
