package dev.clew.nn.data;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Pieces;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/** One long series, read at several places at once. */
final class SeriesStreams {
    private SeriesStreams() {}

    static Batches<Batches.Rows> batches(NDArray xs, NDArray ys, int rows, int steps) {
        Present.require("continuing", xs, ys);
        requireBeside("continuing", xs, ys);
        int time = xs.shape().length(0);
        if (rows < 1 || steps < 1 || (long) rows * steps > time) {
            throw new IllegalArgumentException("continuing batches of " + rows + " rows, " + steps
                    + " steps, over a series of " + time
                    + ": both are 1 or more, and the series has rows · steps steps at least");
        }
        int row = time / rows;
        String text = "of " + rows + " rows that go on, " + steps + " steps of " + row;
        return new Finite<>(
                text,
                row / steps,
                (_, _) -> step -> new Batches.Rows(
                        side(xs, rows, row, step * steps, steps), side(ys, rows, row, step * steps, steps)));
    }

    static void requireBeside(String asked, NDArray xs, NDArray ys) {
        if (xs.shape().rank() == 0
                || ys.shape().rank() == 0
                || xs.shape().length(0) != ys.shape().length(0)) {
            throw new IllegalArgumentException(asked + " over a series " + xs.shape() + " and targets " + ys.shape()
                    + ": both are (time, ...), of as many steps");
        }
    }

    /** Rows that begin so many steps apart. */
    private static Tensor side(NDArray series, int rows, int apart, int from, int steps) {
        Shape one = series.shape().with(0, steps);
        Pieces pieces = Pieces.of(series.dtype(), one.insert(0, rows));
        for (int row = 0; row < rows; row++) {
            int start = row * apart + from;
            pieces.put(series.rows(start, start + steps), row * one.elements());
        }
        return Tensor.of(pieces.array());
    }
}
