package dev.clew.compile;

import dev.clew.runtime.Machine;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a plan's memory: how many bytes, and from which record to which it is in use. Its place is decided when all
 * blocks are known.
 */
final class Block {
    /** Where blocks, and the memory that they are in, begin: at lines of the cache. */
    static final int ALIGNMENT = Machine.LINE;

    private long bytes;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private long base = -1;
    private @Nullable Block beneath;

    Block(long bytes) {
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }

    /** The record of the first use. */
    int first() {
        return first;
    }

    /** The record of the last use. */
    int last() {
        return last;
    }

    /** Where it begins, in bytes. */
    long base() {
        return root().base;
    }

    /** The block that this one lies upon, or itself. */
    Block root() {
        Block root = this;
        while (root.beneath != null) {
            root = root.beneath;
        }
        return root;
    }

    /** How many blocks lie beneath. */
    int height() {
        return beneath == null ? 0 : beneath.height() + 1;
    }

    /** Takes the place of another block, element by element; that one is in use for as long as both. */
    void layOn(Block lower) {
        beneath = lower;
        lower.use(first);
        lower.use(last);
    }

    boolean isLaid() {
        return beneath != null;
    }

    void use(int record) {
        first = Math.min(first, record);
        last = Math.max(last, record);
    }

    void put(long at) {
        base = at;
    }
}
