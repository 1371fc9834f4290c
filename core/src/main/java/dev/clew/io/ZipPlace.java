package dev.clew.io;

/**
 * What the directory of a zip file says of an entry.
 *
 * @param method how it is compressed: 0 is not at all, 8 is deflated
 * @param check the CRC-32 of what it holds
 * @param compressed how many bytes it takes in the file
 * @param size how many bytes it holds
 * @param offset where its own header begins, in bytes from the begin of the file
 * @param end where the next entry begins, or the directory
 */
record ZipPlace(String name, int flags, int method, int check, long compressed, long size, long offset, long end) {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    boolean isEncrypted() {
        return (flags & 1) != 0;
    }

    /** Whether its own header does not know its sizes, because it was written in one go. */
    boolean isMeasuredLater() {
        return (flags & 8) != 0;
    }

    boolean isDeflated() {
        return method == DEFLATED;
    }

    ZipPlace upTo(long newEnd) {
        return new ZipPlace(name, flags, method, check, compressed, size, offset, newEnd);
    }
}
