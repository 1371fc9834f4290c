package dev.clew.internal.compile.layout;

import dev.clew.internal.runtime.Machine;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a plan's memory: how many bytes, and from which record to which it is in use. Its place is decided when all
 * blocks are known.
 */
public final class MemoryBlock {
    /** Where blocks, and the memory that they are in, begin: at lines of the cache. */
    public static final int ALIGNMENT = Machine.LINE;

    private long bytes;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private long base = -1;
    private @Nullable MemoryBlock beneath;

    public MemoryBlock(long bytes) {
        this.bytes = bytes;
    }

    public long bytes() {
        return bytes;
    }

    /** The record of the first use. */
    public int first() {
        return first;
    }

    /** The record of the last use. */
    public int last() {
        return last;
    }

    /** Where it begins, in bytes. */
    public long base() {
        return root().base;
    }

    /** The block that this one lies upon, or itself. */
    public MemoryBlock root() {
        MemoryBlock root = this;
        while (root.beneath != null) {
            root = root.beneath;
        }
        return root;
    }

    /** How many blocks lie beneath. */
    public int height() {
        return beneath == null ? 0 : beneath.height() + 1;
    }

    /** Takes the place of another block, element by element; that one is in use for as long as both. */
    public void layOn(MemoryBlock lower) {
        beneath = lower;
        lower.use(first);
        lower.use(last);
    }

    public boolean isLaid() {
        return beneath != null;
    }

    public void use(int record) {
        first = Math.min(first, record);
        last = Math.max(last, record);
    }

    public void put(long at) {
        base = at;
    }
}
