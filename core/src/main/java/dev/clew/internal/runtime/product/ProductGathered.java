package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Spares;
import dev.clew.internal.runtime.Split;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tiles of a large sum over a batch: the left operand lies transposed, the right one does not, and rows of the right one lie half
 * a page apart or more. As they lie, nearly each step of k would need another page, and rows a power of two apart would drive each other out of the
 * cache. So of both a block is copied, and tiles read it from end to end.
 *
 * <p>Copies lie in a place that the run has for itself: a block of the right operand, panel by panel, and one of the left, tile by tile.
 */
final class ProductGathered {
    private static final Spares<MemorySegment> PLACES = new Spares<>(
            () -> Arena.ofAuto().allocate(ProductTiling.RIGHT_BYTES + ProductTiling.LEFT_BYTES, Machine.LINE));

    private final ProductTiling tiling;
    private final ProductStrides strides;

    /** A row of a panel in bytes; all panels have as many columns. */
    private final long panelRow;

    /** From panel to panel of the copy. */
    private final long panelBytes;

    /** Of one element. */
    private final long bytes;

    private final Product.Spec spec;
    private final ProductPiece tall;
    private final ProductPiece low;
    private final ProductCopy tallRows;
    private final ProductCopy lowRows;
    private final ProductCopy onePanel;
    private final ProductCopy allPanels;
    private final List<Trial> trials = new ArrayList<>();

    ProductGathered(Product.Spec spec, ProductTiling tiling, ProductStrides strides, ProductLanes lanes) {
        this.tiling = tiling;
        this.strides = strides;
        this.bytes = spec.type().bytes();
        this.panelRow = tiling.columns().most() * (long) lanes.vectorBytes();
        this.panelBytes = panelRow * tiling.depth().most();
        this.spec = spec;
        this.tall = piece(lanes, tiling.rows().most());
        this.low = piece(lanes, tiling.rows().length());
        this.tallRows = rows(lanes, tiling.rows().most());
        this.lowRows = rows(lanes, tiling.rows().length());
        this.onePanel = panels(lanes, 1);
        this.allPanels = panels(lanes, tiling.panelsTogether());
    }

    private ProductPiece piece(ProductLanes lanes, int height) {
        ProductTileCode.Shape shape =
                new ProductTileCode.Shape(lanes, height, tiling.columns().most(), bytes, height * bytes, panelRow, 0);
        ProductTile tile = ProductClasses.tile(shape);
        trials.add(ProductTrials.multiplying(tile, shape, spec.start() == Product.Start.BLOCK));
        Optional<ProductCopy> adding = tiling.adds(spec)
                ? Optional.of(copy(ProductCopyCode.Shape.adding(
                        lanes, tiling.columns().most() * lanes.count(), panelRow, strides.rowC())))
                : Optional.empty();
        return new ProductPiece(tile, Optional.empty(), Optional.empty(), adding, height, panelRow);
    }

    private ProductCopy rows(ProductLanes lanes, int height) {
        return copy(new ProductCopyCode.Shape(lanes, height, height, strides.stepA(), bytes, height * bytes));
    }

    private ProductCopy panels(ProductLanes lanes, int count) {
        int each = tiling.columns().most() * lanes.count();
        return copy(new ProductCopyCode.Shape(
                lanes, count * each, count * each, strides.stepB(), bytes, panelRow, each, panelBytes));
    }

    private ProductCopy copy(ProductCopyCode.Shape shape) {
        ProductCopy copy = ProductClasses.copy(shape);
        trials.add(ProductTrials.copying(copy, shape));
        return copy;
    }

    List<Trial> trials() {
        return trials;
    }

    /** Some pieces of the rows and some panels. */
    void run(MemorySegment memory, long a, long b, long c, int row, int rowEnd, int panel, int panelEnd) {
        MemorySegment place = PLACES.take();
        try {
            for (int from = row; from < rowEnd; from += tiling.rowsTogether()) {
                rows(memory, a, b, c, place, from, Math.min(rowEnd, from + tiling.rowsTogether()), panel, panelEnd);
            }
        } finally {
            PLACES.release(place);
        }
    }

    private void rows(
            MemorySegment memory, long a, long b, long c, MemorySegment place, int from, int to, int panel, int end) {
        for (int block = 0; block < tiling.depth().count(); block++) {
            long start = tiling.depth().start(block);
            int steps = tiling.depth().length(block);
            gatherRows(memory, a + start * strides.stepA(), place, from, to, steps);
            for (int i = panel; i < end; i += tiling.panelsTogether()) {
                int last = Math.min(end, i + tiling.panelsTogether());
                gatherPanels(memory, b + start * strides.stepB() + i * panelRow, place, last - i, steps);
                for (int j = i; j < last; j++) {
                    long right = (j - i) * panelBytes;
                    panel(spec.before(block), place, right, memory, c + j * panelRow, from, to, steps);
                }
            }
        }
    }

    private void gatherRows(MemorySegment memory, long a, MemorySegment place, int from, int to, int steps) {
        Split rows = tiling.rows();
        for (int i = from; i < to; i++) {
            ProductCopy copy = i < rows.longer() ? tallRows : lowRows;
            copy.copy(memory, a + rows.start(i) * bytes, place, left(from, i, steps), steps);
        }
    }

    private void gatherPanels(MemorySegment memory, long b, MemorySegment place, int panels, int steps) {
        if (panels == tiling.panelsTogether()) {
            allPanels.copy(memory, b, place, 0, steps);
            return;
        }
        for (int i = 0; i < panels; i++) {
            onePanel.copy(memory, b + i * panelRow, place, i * panelBytes, steps);
        }
    }

    /** Where a tile's rows lie in the copy that begins with those of another. */
    private long left(int first, int tile, int steps) {
        return ProductTiling.RIGHT_BYTES
                + (long) (tiling.rows().start(tile) - tiling.rows().start(first)) * bytes * steps;
    }

    private void panel(
            Product.Start before,
            MemorySegment place,
            long right,
            MemorySegment memory,
            long c,
            int from,
            int to,
            int steps) {
        Split rows = tiling.rows();
        for (int i = from; i < to; i++) {
            ProductPiece piece = i < rows.longer() ? tall : low;
            long left = left(from, i, steps);
            long sums = c + rows.start(i) * strides.rowC();
            piece.run(before, place, left, right, steps, right, memory, sums, strides.rowC());
        }
    }
}
