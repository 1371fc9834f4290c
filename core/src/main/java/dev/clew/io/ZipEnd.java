package dev.clew.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The last record of a zip file, which says where its directory is, and the wider one before it (zip64) if there is one.
 *
 * @param entries how many there are
 * @param begin where the directory begins, in bytes from the begin of the file
 * @param end where it ends
 * @param shift how many bytes were put before the file, which its offsets do not count
 */
record ZipEnd(long entries, long begin, long end, long shift) {
    private static final int SIGN = 0x06054b50;
    private static final int SIZE = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int WIDE_SIGN = 0x06064b50;
    private static final int WIDE_SIZE = 56;
    private static final int LOCATOR_SIGN = 0x07064b50;
    private static final int LOCATOR_SIZE = 20;

    /** The fewest bytes of an entry in the directory. */
    private static final int LEAST = 46;

    static ZipEnd read(Path file, FileChannel channel) throws IOException {
        long length = channel.size();
        int looked = (int) Math.min(length, SIZE + LONGEST_COMMENT);
        ByteBuffer tail = bytes(file, channel, length - looked, looked);
        int at = looked - SIZE;
        while (at >= 0 && !isEnd(tail, at)) {
            at--;
        }
        if (at < 0) {
            throw new UnreadableFileException(
                    file, "it has no end of a zip file", "an npz file is one; it is cut off, or of another kind");
        }
        long place = length - looked + at;
        ByteBuffer end = tail.slice(at, SIZE).order(ByteOrder.LITTLE_ENDIAN);
        requireOneDisk(file, end.getShort(4), end.getShort(6), (short) 0xffff);
        Counts counts = new Counts(
                Short.toUnsignedLong(end.getShort(10)),
                Integer.toUnsignedLong(end.getInt(12)),
                Integer.toUnsignedLong(end.getInt(16)));
        return wide(file, channel, place, counts);
    }

    /** What stands in the last record. */
    private record Counts(long entries, long size, long offset) {
        @Override
        public String toString() {
            return entries + " entries in " + size + " bytes from " + offset + " on";
        }

        boolean isOpen() {
            return entries == 0xffff || size == ZipSizes.ALL_ONES || offset == ZipSizes.ALL_ONES;
        }

        /** Whether what another says fills in what is open here, and nothing else. */
        boolean isFilledBy(Counts other) {
            return (entries == 0xffff || entries == other.entries)
                    && (size == ZipSizes.ALL_ONES || size == other.size)
                    && (offset == ZipSizes.ALL_ONES || offset == other.offset);
        }
    }

    /** A comment follows, which may look like anything: up to the end of the file, as it says. */
    private static boolean isEnd(ByteBuffer tail, int at) {
        return tail.getInt(at) == SIGN && Short.toUnsignedInt(tail.getShort(at + SIZE - 2)) == tail.limit() - at - SIZE;
    }

    private static ZipEnd wide(Path file, FileChannel channel, long place, Counts counts) throws IOException {
        if (place >= LOCATOR_SIZE) {
            ByteBuffer locator = bytes(file, channel, place - LOCATOR_SIZE, LOCATOR_SIZE);
            if (locator.getInt(0) == LOCATOR_SIGN) {
                requireOneDisk(file, locator.getInt(4), 0, 0);
                return wide(file, channel, place - LOCATOR_SIZE, locator.getLong(8), counts);
            }
        }
        if (counts.isOpen()) {
            throw new UnreadableFileException(
                    file, "the end of the zip file counts in 64 bits, but has no record of them", "it is damaged");
        }
        return checked(file, counts, place);
    }

    /** The wider record lies where the locator says, or, if bytes were put before the file, just before the locator. */
    private static ZipEnd wide(Path file, FileChannel channel, long locator, long said, Counts counts)
            throws IOException {
        for (long each : new long[] {said, locator - WIDE_SIZE}) {
            if (each < 0 || each > locator - WIDE_SIZE) {
                continue;
            }
            ByteBuffer wide = bytes(file, channel, each, WIDE_SIZE);
            if (wide.getInt(0) == WIDE_SIGN && wide.getLong(4) == locator - each - 12) {
                requireOneDisk(file, wide.getInt(16), wide.getInt(20), 0);
                Counts filled = new Counts(wide.getLong(32), wide.getLong(40), wide.getLong(48));
                if (!counts.isFilledBy(filled)) {
                    throw new UnreadableFileException(
                            file,
                            "the two ends of the zip file say " + counts + ", and " + filled,
                            "they must say the same, for readers believe either");
                }
                return checked(file, filled, each);
            }
        }
        throw new UnreadableFileException(
                file, "the end of the zip file has a record of 64 bits, which is not where it says", "it is damaged");
    }

    private static ZipEnd checked(Path file, Counts counts, long end) throws UnreadableFileException {
        long begin = end - counts.size;
        long shift = begin - counts.offset;
        if (counts.size < 0 || counts.offset < 0 || begin < 0 || shift < 0) {
            throw new UnreadableFileException(
                    file,
                    "its directory has " + counts.size + " bytes from " + counts.offset + " on, but ends at " + end,
                    "it is cut off or damaged");
        }
        if (counts.entries < 0 || counts.entries > counts.size / LEAST) {
            throw new UnreadableFileException(
                    file,
                    "its directory of " + counts.size + " bytes would have " + counts.entries + " entries",
                    "each has at least " + LEAST);
        }
        return new ZipEnd(counts.entries, begin, end, shift);
    }

    private static void requireOneDisk(Path file, long first, long second, long open) throws UnreadableFileException {
        if ((first != 0 && first != open) || (second != 0 && second != open)) {
            throw new UnreadableFileException(file, "it is part of a zip file on several disks", "it must be one file");
        }
    }

    static ByteBuffer bytes(Path file, FileChannel channel, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        Header.fill(file, channel, at, bytes);
        return bytes;
    }
}
