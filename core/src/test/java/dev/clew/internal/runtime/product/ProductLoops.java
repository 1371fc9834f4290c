package dev.clew.internal.runtime.product;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Machine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Runs tiles of every kind, and the longest copies, until the second compiler has compiled them. A program for a Java of its own. */
final class ProductLoops {
    private static final int ENOUGH = 1_500;
    private static final int STEPS = 4;

    /** Rows, vectors and what is touched ahead; the first ones are as high as tilings have them. */
    private static final int[][] TILES = {
        {8, 2, 16}, {7, 2, 16}, {6, 2, 0}, {5, 3, 0}, {4, 4, 16}, {3, 4, 0}, {1, 4, 0}, {1, 1, 0}
    };

    private static final int[][] FEW_TILES = {{4, 2, 16}, {4, 2, 0}, {3, 2, 0}, {2, 4, 16}, {1, 4, 0}, {1, 1, 0}};

    private ProductLoops() {}

    static void main() {
        MemorySegment memory = Arena.ofAuto().allocate(1 << 18, Machine.LINE);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            ProductLanes lanes = new ProductLanes(type, Machine.VECTOR_BITS);
            for (int[] tile : lanes.bits() == 256 ? FEW_TILES : TILES) {
                long row = tile[1] * (long) lanes.vectorBytes();
                run(memory, new ProductTileCode.Shape(lanes, tile[0], tile[1], 512, type.bytes(), row, tile[2]));
            }
            int columns = 2 * lanes.count();
            copy(memory, new ProductCopyCode.Shape(lanes, columns, columns, type.bytes(), 512, 256));
            copy(
                    memory,
                    new ProductCopyCode.Shape(lanes, 8 * columns, 8 * columns, 4096, type.bytes(), 256, columns, 1024));
            copy(memory, new ProductCopyCode.Shape(lanes, columns - 1, columns, 256, type.bytes(), 256));
            copy(memory, ProductCopyCode.Shape.adding(lanes, 2 * columns - 1, 512, 512));
        }
    }

    private static void run(MemorySegment memory, ProductTileCode.Shape shape) {
        ProductTile tile = ProductClasses.tile(shape);
        for (int i = 0; i < ENOUGH; i++) {
            tile.overwrite(memory, 0, 1 << 14, STEPS, 1 << 15, memory, 1 << 16, 1024);
        }
        for (int i = 0; i < ENOUGH; i++) {
            tile.accumulate(memory, 0, 1 << 14, STEPS, 1 << 15, memory, 1 << 16, 1024);
        }
    }

    private static void copy(MemorySegment memory, ProductCopyCode.Shape shape) {
        ProductCopy copy = ProductClasses.copy(shape);
        for (int i = 0; i < ENOUGH; i++) {
            copy.copy(memory, 0, memory, 1 << 17, STEPS);
        }
    }
}
