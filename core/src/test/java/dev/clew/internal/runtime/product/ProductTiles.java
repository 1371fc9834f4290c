package dev.clew.internal.runtime.product;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Machine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Runs the largest tiles of every kind, and the longest copies, often enough for the first compiler. A program for a Java of its own. */
final class ProductTiles {
    static final String DONE = "all tiles ran";

    private static final int ENOUGH = 300;

    private ProductTiles() {}

    static void main() {
        MemorySegment memory = Arena.ofAuto().allocate(1 << 16, 64);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            ProductLanes lanes = new ProductLanes(type, Machine.VECTOR_BITS);
            for (int[] tile :
                    new int[][] {{8, 2, 0}, {8, 2, 16}, {7, 2, 16}, {5, 3, 0}, {5, 3, 16}, {4, 4, 16}, {1, 4, 0}}) {
                run(memory, new ProductTileCode.Shape(lanes, tile[0], tile[1], 128, type.bytes(), 256, tile[2]));
            }
            int columns = 2 * lanes.count();
            copy(memory, new ProductCopyCode.Shape(lanes, columns, columns, type.bytes(), 256, 256));
            copy(
                    memory,
                    new ProductCopyCode.Shape(lanes, 4 * columns, 4 * columns, 2048, type.bytes(), 128, columns, 512));
            copy(memory, new ProductCopyCode.Shape(lanes, columns - 1, columns, 256, type.bytes(), 256));
            copy(memory, ProductCopyCode.Shape.adding(lanes, 2 * columns, 256, 512));
            copy(memory, ProductCopyCode.Shape.adding(lanes, columns - 1, 256, 512));
        }
        System.out.println(DONE);
    }

    private static void run(MemorySegment memory, ProductTileCode.Shape shape) {
        ProductTile tile = ProductClasses.tile(shape);
        for (int i = 0; i < ENOUGH; i++) {
            tile.overwrite(memory, 0, 0, 4, 0, memory, 1 << 15, 512);
            tile.accumulate(memory, 0, 0, 4, 0, memory, 1 << 15, 512);
        }
    }

    private static void copy(MemorySegment memory, ProductCopyCode.Shape shape) {
        ProductCopy copy = ProductClasses.copy(shape);
        for (int i = 0; i < ENOUGH; i++) {
            copy.copy(memory, 0, memory, 1 << 15, 4);
        }
    }
}
