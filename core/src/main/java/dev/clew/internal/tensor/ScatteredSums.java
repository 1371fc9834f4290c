package dev.clew.internal.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.BlockSum;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.BitSet;

/**
 * An array of sums of rows that indices choose places for. Rows are cut into blocks of {@link BlockSum#BLOCK}, counted from the first of
 * a run; in a block, rows of one place are added in order, and these sums are added to those of the blocks before. So a row goes through
 * at most 255 roundings in its block, and one for every block.
 */
public final class ScatteredSums {
    private final DType type;
    private final Shape shape;
    private final double[] sums;
    private final double[] block;
    /** Positions of which the open block has a sum. */
    private final BitSet isOpen = new BitSet();

    private final IntArrayList open = new IntArrayList();
    /** Rows of the open block. */
    private int rows;

    public ScatteredSums(DType type, Shape shape) {
        this.type = type;
        this.shape = shape;
        this.sums = new double[shape.elements()];
        this.block = new double[shape.elements()];
    }

    /** Adds one number at a row-major position. */
    public void add(int position, double value) {
        if (isOpen.get(position)) {
            block[position] = rounded(block[position] + value);
        } else {
            isOpen.set(position);
            open.add(position);
            block[position] = value;
        }
    }

    /** Ends a row. */
    public void endRow() {
        rows++;
        if (rows == BlockSum.BLOCK) {
            endRun();
        }
    }

    /** Ends a run: no row of the next goes where one of this has gone. */
    public void endRun() {
        for (int position : open) {
            sums[position] = rounded(sums[position] + block[position]);
            isOpen.clear(position); // All at once would take as long as the array is.
        }
        open.clear();
        rows = 0;
    }

    private double rounded(double sum) {
        return type == DType.F32 ? (float) sum : sum;
    }

    public NDArray array() {
        return NDArray.of(shape, sums).cast(type);
    }
}
