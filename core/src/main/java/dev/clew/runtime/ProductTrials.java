package dev.clew.runtime;

import dev.clew.array.DType;
import java.lang.foreign.MemorySegment;

/** Trials of the generated code of products. */
final class ProductTrials {
    /** The steps of k. */
    static final int STEPS = 4;

    private ProductTrials() {}

    /** Overwriting and accumulating are methods of their own. */
    private record Use(ProductTile tile, boolean accumulate) {}

    /** A tile of so many rows and columns; distances in bytes, as {@link ProductTileCode.Shape} has them. */
    static Trial multiplying(
            DType type,
            ProductTile tile,
            boolean accumulate,
            int height,
            int columns,
            long rowA,
            long stepA,
            long stepB,
            long touch) {
        long row = columns * (long) type.bytes();
        long b = lined(height * rowA + STEPS * stepA);
        long c = b + lined(STEPS * Math.max(stepB, touch) + row);
        Product little = Product.plain(
                new Product.Spec(type, height, columns, STEPS, false, STEPS, false, columns, columns, accumulate));
        return new Trial(
                new Use(tile, accumulate),
                c + lined(height * row),
                memory -> {
                    if (accumulate) {
                        tile.accumulate(memory, 0, b, STEPS, b, memory, c, row);
                    } else {
                        tile.overwrite(memory, 0, b, STEPS, b, memory, c, row);
                    }
                },
                memory -> little.run(memory, 0, b, c, 0, 1));
    }

    /** So many rows and columns of a copy; distances in bytes. Plain copying goes element by element. */
    static Trial copying(
            ProductCopy copy, int rows, int columns, long fromRow, long fromColumn, long toRow, long bytes) {
        return copying(copy, rows, columns, fromRow, fromColumn, toRow, bytes, columns, 0);
    }

    /** The same where columns of the target lie in panels of {@code each}. */
    static Trial copying(
            ProductCopy copy,
            int rows,
            int columns,
            long fromRow,
            long fromColumn,
            long toRow,
            long bytes,
            int each,
            long panel) {
        long to = lined(rows * fromRow + columns * fromColumn);
        long end = to + lined(rows * toRow + columns / each * panel);
        return new Trial(copy, end, memory -> copy.copy(memory, 0, memory, to, rows), memory -> {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    long target = to + row * toRow + column / each * panel + column % each * bytes;
                    MemorySegment.copy(memory, row * fromRow + column * fromColumn, memory, target, bytes);
                }
            }
        });
    }

    private static long lined(long bytes) {
        return Math.ceilDiv(bytes + Product.LINE, Product.LINE) * Product.LINE;
    }
}
