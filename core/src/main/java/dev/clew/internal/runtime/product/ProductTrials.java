package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.MemorySegment;

/** Trials of the generated code of products. */
final class ProductTrials {
    /** The steps of k, and the rows of a copy: with 600 calls of so many, C2 is asked, and it sees that there are many. */
    private static final int STEPS = 24;

    private ProductTrials() {}

    /** Overwriting and accumulating are methods of their own. */
    private record Use(ProductTile tile, boolean accumulate) {}

    static Trial multiplying(ProductTile tile, ProductTileCode.Shape shape, boolean accumulate) {
        int columns = shape.width() * shape.lanes().count();
        long row = shape.width() * (long) shape.lanes().vectorBytes();
        // In plain code, operands without gaps.
        long left = (long) shape.height() * STEPS * shape.lanes().type().bytes();
        long b = lined(Math.max(left, shape.height() * shape.rowA() + STEPS * shape.stepA()));
        long c = b + lined(STEPS * Math.max(row, Math.max(shape.stepB(), shape.touch())) + row);
        Product little = plain(shape, columns, accumulate ? Product.Start.BLOCK : Product.Start.NOTHING);
        return new Trial(
                new Use(tile, accumulate),
                c + lined(shape.height() * row),
                memory -> {
                    if (accumulate) {
                        tile.accumulate(memory, 0, b, STEPS, b, memory, c, row);
                    } else {
                        tile.overwrite(memory, 0, b, STEPS, b, memory, c, row);
                    }
                },
                memory -> little.run(memory, 0, b, c, 0, 1));
    }

    private static Product plain(ProductTileCode.Shape shape, int columns, Product.Start start) {
        return Product.plain(new Product.Spec(
                shape.lanes().type(), shape.height(), columns, STEPS, false, STEPS, false, columns, columns, start));
    }

    /** Plain copying goes element by element. */
    static Trial copying(ProductCopy copy, ProductCopyCode.Shape shape) {
        int bytes = shape.lanes().type().bytes();
        long to = lined(STEPS * shape.fromRow() + shape.columns() * shape.fromColumn());
        long end = to + lined(STEPS * shape.toRow() + shape.filled() / shape.panel() * shape.toPanel());
        return new Trial(copy, end, memory -> copy.copy(memory, 0, memory, to, STEPS), memory -> {
            for (int row = 0; row < STEPS; row++) {
                for (int column = 0; column < shape.columns(); column++) {
                    long from = row * shape.fromRow() + column * shape.fromColumn();
                    long target = to + row * shape.toRow() + column / shape.panel() * shape.toPanel();
                    MemorySegment.copy(memory, from, memory, target + (long) column % shape.panel() * bytes, bytes);
                }
            }
        });
    }

    private static long lined(long bytes) {
        return Math.ceilDiv(bytes + Machine.LINE, Machine.LINE) * Machine.LINE;
    }
}
