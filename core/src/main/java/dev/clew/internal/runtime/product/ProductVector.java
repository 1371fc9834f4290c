package dev.clew.internal.runtime.product;

import dev.clew.internal.runtime.Divided;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Split;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.VectorForms;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The form of a product that runs generated tiles; the tiling says in which order. */
final class ProductVector implements Product {
    private final Spec spec;
    private final ProductLanes lanes;
    private final ProductTiling tiling;
    private final ProductStrides strides;
    private final @Nullable ProductGathered gathered;

    /** By panel: for the longer pieces of the rows, and for the others; nothing if operands are gathered. */
    private final ProductPiece[] tall;

    private final ProductPiece[] low;
    private final ProductCopy[] packing;

    private final List<Trial> trials = new ArrayList<>();
    private final List<Trial> packTrials = new ArrayList<>();

    /** One step of k of the packed right operand, all panels of it, in bytes. */
    private final long packedRow;

    /**
     * With few rows a run reads b once, from end to end. Going back the way the last run came finds the end of it still in the cache.
     * Threads may see this late: it changes the order of independent tiles only.
     */
    private boolean backwards;

    ProductVector(Spec spec, ProductLanes lanes) {
        this.spec = spec;
        this.lanes = lanes;
        this.tiling = ProductTiling.of(spec, lanes);
        this.strides = ProductStrides.of(spec, lanes);
        this.packedRow = (long) Math.ceilDiv(spec.n(), lanes.count()) * lanes.vectorBytes();
        this.gathered = tiling.gathered() ? new ProductGathered(spec, tiling, strides, lanes) : null;
        int count = tiling.gathered() ? 0 : tiling.columns().count();
        this.low = new ProductPiece[count];
        this.tall = new ProductPiece[count];
        this.packing = new ProductCopy[tiling.packed() ? count : 0];
        for (int panel = 0; panel < count; panel++) {
            low[panel] = piece(panel, tiling.rows().length());
            tall[panel] = piece(panel, tiling.rows().most());
            if (tiling.packed()) {
                packing[panel] =
                        copy(packTrials, panel, filled(panel), strides.stepB(), strides.columnB(), panelRow(panel));
            }
        }
        trials.addAll(gathered == null ? packTrials : gathered.trials());
    }

    static Optional<Product> of(Spec spec) {
        return VectorForms.of(() -> Optional.of(
                new ProductVector(spec, new ProductLanes(spec.type(), Machine.VECTOR_BITS).narrowed(spec.n()))));
    }

    private ProductPiece piece(int panel, int height) {
        ProductTileCode.Shape shape = new ProductTileCode.Shape(
                lanes,
                height,
                tiling.columns().length(panel),
                strides.rowA(),
                strides.stepA(),
                tiling.packed() ? panelRow(panel) : strides.stepB(),
                tiling.touch());
        ProductTile tile = ProductClasses.tile(shape);
        trials.add(ProductTrials.multiplying(tile, shape, spec.start() == Start.BLOCK));
        boolean reachesOver = columns(panel) < filled(panel);
        return new ProductPiece(
                tile,
                reachesOver && spec.start() == Start.BLOCK ? Optional.of(fetching(panel)) : Optional.empty(),
                reachesOver ? Optional.of(bringing(panel)) : Optional.empty(),
                tiling.adds(spec) ? Optional.of(adding(panel)) : Optional.empty(),
                height,
                panelRow(panel));
    }

    private ProductCopy fetching(int panel) {
        return copy(trials, panel, filled(panel), strides.rowC(), spec.type().bytes(), panelRow(panel));
    }

    private ProductCopy bringing(int panel) {
        return copy(trials, panel, columns(panel), panelRow(panel), spec.type().bytes(), strides.rowC());
    }

    private ProductCopy adding(int panel) {
        return copy(trials, ProductCopyCode.Shape.adding(lanes, columns(panel), panelRow(panel), strides.rowC()));
    }

    private ProductCopy copy(List<Trial> tried, int panel, int filled, long fromRow, long fromColumn, long toRow) {
        return copy(tried, new ProductCopyCode.Shape(lanes, columns(panel), filled, fromRow, fromColumn, toRow));
    }

    private static ProductCopy copy(List<Trial> tried, ProductCopyCode.Shape shape) {
        ProductCopy copy = ProductClasses.copy(shape);
        tried.add(ProductTrials.copying(copy, shape));
        return copy;
    }

    /** How many columns of c a panel has. */
    private int columns(int panel) {
        return Math.min(filled(panel), spec.n() - tiling.columns().start(panel) * lanes.count());
    }

    /** The same in whole vectors. */
    private int filled(int panel) {
        return tiling.columns().length(panel) * lanes.count();
    }

    /** A row of a packed panel, or of a cut tile, in bytes. */
    private long panelRow(int panel) {
        return tiling.columns().length(panel) * (long) lanes.vectorBytes();
    }

    @Override
    public long packedBytes() {
        return tiling.packed() ? spec.k() * packedRow : 0;
    }

    @Override
    public void pack(MemorySegment memory, long b, long packed, int part, int parts) {
        int end = Split.share(packing.length, part + 1, parts);
        for (int block = 0; block < tiling.depth().count(); block++) {
            for (int panel = Split.share(packing.length, part, parts); panel < end; panel++) {
                long from = b + tiling.depth().start(block) * strides.stepB() + columnOffset(panel) * strides.columnB();
                long to = packed + rightOffset(block, panel);
                packing[panel].copy(memory, from, memory, to, tiling.depth().length(block));
            }
        }
    }

    @Override
    public int packPieces() {
        return packing.length;
    }

    @Override
    public void packReach(long b, long packed, int part, int parts, Divided.Reach reach) {
        reach.reads(b, b + spec.bytesB());
        for (int block = 0; block < tiling.depth().count(); block++) {
            reach.writes(
                    packed + rightOffset(block, Split.share(packing.length, part, parts)),
                    packed + rightOffset(block, Split.share(packing.length, part + 1, parts)));
        }
    }

    private long columnOffset(int panel) {
        return tiling.columns().start(panel) * (long) lanes.count();
    }

    /** Packed, blocks of k lie one after the other; in a block panels, in a panel steps. */
    private long rightOffset(int block, int panel) {
        long start = tiling.depth().start(block);
        return tiling.packed()
                ? start * packedRow
                        + columnOffset(panel)
                                * spec.type().bytes()
                                * tiling.depth().length(block)
                : start * strides.stepB() + columnOffset(panel) * strides.columnB();
    }

    @Override
    public void run(MemorySegment memory, long a, long b, long c, int part, int parts) {
        boolean byRows = tiling.splitsRows(parts);
        int rows = tiling.rows().count();
        int panels = tiling.columns().count();
        int row = byRows ? Split.share(rows, part, parts) : 0;
        int rowEnd = byRows ? Split.share(rows, part + 1, parts) : rows;
        int panel = byRows ? 0 : Split.share(panels, part, parts);
        int panelEnd = byRows ? panels : Split.share(panels, part + 1, parts);
        if (spec.k() == 0) {
            empty(memory, c, row, rowEnd, panel, panelEnd);
            return;
        }
        if (gathered != null) {
            gathered.run(memory, a, b, c, row, rowEnd, panel, panelEnd);
            return;
        }
        for (int from = panel; from < panelEnd; from += tiling.panelsTogether()) {
            int to = Math.min(panelEnd, from + tiling.panelsTogether());
            for (int block = 0; block < tiling.depth().count(); block++) {
                block(memory, a, b, c, block, row, rowEnd, from, to);
            }
        }
    }

    @Override
    public int pieces() {
        return Math.max(tiling.rows().count(), tiling.columns().count());
    }

    @Override
    public void reach(long a, long b, long c, int part, int parts, Divided.Reach reach) {
        boolean byRows = tiling.splitsRows(parts);
        Split rows = tiling.rows();
        int panels = tiling.columns().count();
        spec.reach(
                a,
                c,
                byRows ? rows.start(Split.share(rows.count(), part, parts)) : 0,
                byRows ? rows.start(Split.share(rows.count(), part + 1, parts)) : spec.m(),
                byRows ? 0 : (int) columnOffset(Split.share(panels, part, parts)),
                byRows ? spec.n() : (int) Math.min(spec.n(), columnOffset(Split.share(panels, part + 1, parts))),
                reach);
        reach.reads(b, b + (tiling.packed() ? packedBytes() : spec.bytesB()));
    }

    @Override
    public List<Trial> trials() {
        return trials;
    }

    @Override
    public List<Trial> packTrials() {
        return packTrials;
    }

    /** The sum of nothing is 0. */
    private void empty(MemorySegment memory, long c, int row, int rowEnd, int panel, int panelEnd) {
        long from = columnOffset(panel) * spec.type().bytes();
        long end = Math.min(columnOffset(panelEnd), spec.n()) * spec.type().bytes();
        // A result without elements has no memory, not even to put nothing into.
        boolean fills = spec.start() == Start.NOTHING && end > from;
        for (int i = tiling.rows().start(row); fills && i < tiling.rows().start(rowEnd); i++) {
            memory.asSlice(c + i * strides.rowC() + from, end - from).fill((byte) 0);
        }
    }

    /** One block of k of some pieces of the rows and some panels. */
    private void block(
            MemorySegment memory, long a, long b, long c, int block, int row, int rowEnd, int panel, int panelEnd) {
        boolean back = tiling.rows().count() == 1 && backwards;
        if (tiling.rows().count() == 1) {
            backwards = !back;
        }
        for (int from = row; from < rowEnd; from += tiling.rowsTogether()) {
            int to = Math.min(rowEnd, from + tiling.rowsTogether());
            for (int i = panel; i < panelEnd; i++) {
                panel(memory, a, b, c, block, from, to, back ? panel + panelEnd - 1 - i : i);
            }
        }
    }

    /** One panel of b, which stays in the first-level cache, against some pieces of the rows. */
    private void panel(MemorySegment memory, long a, long b, long c, int block, int row, int rowEnd, int panel) {
        int steps = tiling.depth().length(block);
        Split rows = tiling.rows();
        long left = a + tiling.depth().start(block) * strides.stepA();
        long right = b + rightOffset(block, panel);
        long sums = c + columnOffset(panel) * spec.type().bytes();
        int next = Math.min(panel + 1, tiling.columns().count() - 1);
        long ahead = tiling.touch() == 0 ? right : b + rightOffset(block, next);
        long touched = tiling.touch() * (long) steps;
        // What is touched is checked as if as much were read there as of b.
        long last = Math.max(0, panelRow(next) * (steps - 1) - touched);
        Start before = spec.before(block);
        for (int i = row; i < rowEnd; i++) {
            long start = rows.start(i);
            long atA = left + start * strides.rowA();
            long atC = sums + start * strides.rowC();
            long touch = ahead + Math.min((i - row) * touched, last);
            ProductPiece piece = i < rows.longer() ? tall[panel] : low[panel];
            piece.run(before, memory, atA, right, steps, touch, memory, atC, strides.rowC());
        }
    }
}
