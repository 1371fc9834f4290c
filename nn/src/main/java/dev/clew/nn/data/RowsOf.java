package dev.clew.nn.data;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Pieces;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Chosen rows of an array, copied in its own type. */
final class RowsOf {
    private RowsOf() {}

    static Batches<Batches.Rows> batches(NDArray xs, NDArray ys, int size, boolean isRestKept) {
        Present.require("batches", xs, ys);
        for (NDArray each : List.of(xs, ys)) {
            if (each.shape().rank() == 0 || each.shape().length(0) == 0) {
                throw new IllegalArgumentException("batches of rows of arrays " + xs.shape() + " and " + ys.shape()
                        + ": both have an axis of rows first, and one row or more");
            }
        }
        int rows = xs.shape().length(0);
        if (rows != ys.shape().length(0)) {
            throw new IllegalArgumentException("batches of rows of arrays " + xs.shape() + " and " + ys.shape()
                    + ": the first has " + rows + " rows and the second "
                    + ys.shape().length(0)
                    + "; a row of the one belongs to a row of the other");
        }
        if (size < 1 || (!isRestKept && size > rows)) {
            throw new IllegalArgumentException("batches of " + size + " rows of " + rows
                    + ": a batch has 1 row or more, and a full one not more than there are");
        }
        int count = isRestKept ? Math.ceilDiv(rows, size) : rows / size;
        String text = "of " + size + " of " + rows + " rows";
        return new Finite<>(text, count, (key, epoch) -> {
            int[] order = key.fold(epoch).permutation(rows).toInts();
            return step -> {
                int from = step * size;
                int[] chosen = Arrays.copyOfRange(order, from, from + Math.min(size, rows - from));
                return new Batches.Rows(Tensor.of(of(xs, chosen)), Tensor.of(of(ys, chosen)));
            };
        });
    }

    /** Shapes: (rows, ...) → (chosen, ...). */
    static NDArray of(NDArray array, int... chosen) {
        Shape shape = array.shape().with(0, chosen.length);
        Pieces pieces = Pieces.of(array.dtype(), shape);
        int row = array.shape().without(0).elements();
        for (int i = 0; i < chosen.length; i++) {
            pieces.put(array.rows(chosen[i], chosen[i] + 1), i * row);
        }
        return pieces.array();
    }
}
