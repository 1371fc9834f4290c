package dev.clew.compile;

/**
 * A stretch of a plan's memory: how many bytes, and from which record to which it is in use. Its place is decided when all
 * blocks are known.
 */
final class Block {
    private long bytes;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private long base = -1;

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
        return base;
    }

    void use(int record) {
        first = Math.min(first, record);
        last = Math.max(last, record);
    }

    void put(long at) {
        base = at;
    }
}
