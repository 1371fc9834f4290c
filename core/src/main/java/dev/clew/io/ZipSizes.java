package dev.clew.io;

import java.nio.ByteBuffer;

/**
 * The sizes and the place of an entry of a zip file, which stand in 32 bits, or where these are all ones, in the field of 64 bits that
 * is there for it, one after the other (PKWARE APPNOTE 6.3.10, 4.5.3).
 *
 * @param isComplete whether all that was asked for was there
 */
record ZipSizes(long size, long compressed, long offset, boolean isComplete) {
    static final long ALL_ONES = 0xffff_ffffL;

    private static final int WIDE = 1;

    /** @param extra the additional fields of the entry, of which each has a number and a length of two bytes */
    static ZipSizes of(long size, long compressed, long offset, ByteBuffer extra) {
        long[] values = {size, compressed, offset};
        boolean isComplete = true;
        ByteBuffer wide = wide(extra);
        for (int i = 0; i < values.length; i++) {
            if (values[i] == ALL_ONES) {
                if (wide.remaining() < Long.BYTES) {
                    isComplete = false;
                } else {
                    values[i] = wide.getLong();
                }
            }
        }
        return new ZipSizes(values[0], values[1], values[2], isComplete);
    }

    /** The first of the fields of 64 bits; nothing if there is none. */
    private static ByteBuffer wide(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int kind = Short.toUnsignedInt(extra.getShort());
            int length = Short.toUnsignedInt(extra.getShort());
            if (length > extra.remaining()) {
                break;
            }
            if (kind == WIDE) {
                return extra.slice(extra.position(), length).order(extra.order());
            }
            extra.position(extra.position() + length);
        }
        return ByteBuffer.allocate(0);
    }
}
