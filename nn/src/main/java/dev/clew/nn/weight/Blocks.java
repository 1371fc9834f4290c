package dev.clew.nn.weight;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.List;

/** Moves numbers about, and changes none: blocks of equal width along the last axis, one for every gate. */
final class Blocks {
    private Blocks() {}

    static NDArray zeros(DType dtype, int length) {
        return NDArray.full(0, dtype, Shape.of(length));
    }

    /** A block of so many. */
    static NDArray block(NDArray array, int index, int count) {
        int width = array.shape().length(-1) / count;
        int[] start = new int[array.shape().rank()];
        int[] step = new int[start.length];
        Arrays.fill(step, 1);
        start[start.length - 1] = index * width;
        return array.slice(start, step, array.shape().with(-1, width));
    }

    /** The blocks in another order: each letter of an order stands for one. */
    static NDArray ordered(NDArray array, String from, String to) {
        if (from.equals(to)) {
            return array;
        }
        return join(to.chars()
                .mapToObj(letter -> block(array, from.indexOf(letter), from.length()))
                .toList());
    }

    static NDArray transposed(NDArray matrix) {
        return join(List.of(matrix.permute(1, 0)));
    }

    /** Along the last axis; a copy whose numbers lie together. */
    static NDArray join(List<NDArray> parts) {
        int width = parts.stream().mapToInt(each -> each.shape().length(-1)).sum();
        Shape shape = parts.getFirst().shape().with(-1, width);
        return NDArray.build(parts.getFirst().dtype(), shape, (block, from, count) -> {
            int row = width == 0 ? 0 : from / width;
            int column = width == 0 ? 0 : from % width;
            for (int done = 0; done < count; row++) {
                done += fill(parts, row, column, block, done, count);
                column = 0;
            }
        });
    }

    /** What there is of a row from a column on, or as much of it as the block still takes; how much that was. */
    private static int fill(List<NDArray> parts, int row, int column, double[] block, int done, int count) {
        int written = 0;
        int skip = column;
        for (NDArray part : parts) {
            int width = part.shape().length(-1);
            int take = Math.min(width - Math.min(skip, width), count - done - written);
            if (take > 0) {
                double[] run = new double[take];
                part.load(run, row * width + skip, take);
                System.arraycopy(run, 0, block, done + written, take);
                written += take;
            }
            skip = Math.max(0, skip - width);
        }
        return written;
    }
}
