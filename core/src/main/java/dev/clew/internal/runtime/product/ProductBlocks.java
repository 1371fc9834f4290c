package dev.clew.internal.runtime.product;

import dev.clew.internal.array.BlockSum;

/** The axis that a product sums over, cut into the blocks that its meaning has; only the last may be shorter. */
record ProductBlocks(int total) {

    int count() {
        return Math.ceilDiv(total, BlockSum.BLOCK);
    }

    int start(int block) {
        return block * BlockSum.BLOCK;
    }

    int length(int block) {
        return Math.min(BlockSum.BLOCK, total - start(block));
    }

    /** The longest block. */
    int most() {
        return Math.min(BlockSum.BLOCK, total);
    }
}
