package dev.clew.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What an entry of a zip file holds, stored or deflated, as many bytes as the directory says. */
final class ZipEntrySource implements NpySource, AutoCloseable {
    /** The fewest bytes of the header of an entry. */
    static final int FIXED = 30;

    private static final int SIGN = 0x04034b50;
    /** A byte that is deflated becomes at most so many: 258 for each two bits. */
    private static final int MOST_OF_A_BYTE = 1032;
    /** What inflates to more is inflated twice, so that nothing is allocated for bytes that are not there. */
    private static final int LARGE = 1 << 22;

    private static final int CHUNK = 1 << 14;

    private final Path file;
    private final FileChannel channel;
    private final ZipPlace place;
    private final ChannelSource source;
    private final CRC32 check = new CRC32();
    private final Inflater inflater = new Inflater(true);
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private long fed;

    private ZipEntrySource(Path file, FileChannel channel, ZipPlace place, long begin) {
        this.file = file;
        this.channel = channel;
        this.place = place;
        this.source = new ChannelSource(file, channel, begin);
    }

    // --------------------------------------------------------------------------------------------------- its own
    // header

    /** An entry of which the header has been read and found to say what the directory says. */
    static ZipEntrySource open(Path file, FileChannel channel, ZipPlace place) throws IOException {
        requireReadable(file, place);
        ByteBuffer fixed = ZipEnd.bytes(file, channel, place.offset(), FIXED);
        int nameBytes = Short.toUnsignedInt(fixed.getShort(26));
        int extraBytes = Short.toUnsignedInt(fixed.getShort(28));
        long begin = place.offset() + FIXED + nameBytes + extraBytes;
        if (fixed.getInt(0) != SIGN || place.compressed() > place.end() - begin) {
            throw wrong(
                    file,
                    place,
                    "has no header at " + place.offset() + ", or not all of its bytes after it",
                    "it is damaged");
        }
        ByteBuffer rest = ZipEnd.bytes(file, channel, place.offset() + FIXED, nameBytes + extraBytes);
        byte[] name = new byte[nameBytes];
        rest.get(name);
        if (!new String(name, StandardCharsets.UTF_8).equals(place.name())) {
            throw wrong(file, place, "has another name in its own header", "readers believe either");
        }
        requireSame(file, place, fixed, rest.slice().order(rest.order()));
        return new ZipEntrySource(file, channel, place, begin);
    }

    private static void requireReadable(Path file, ZipPlace place) throws UnreadableFileException {
        if (place.isEncrypted()) {
            throw wrong(file, place, "is encrypted", "NumPy writes none; decrypt the file first");
        }
        if (place.method() != ZipPlace.STORED && place.method() != ZipPlace.DEFLATED) {
            throw wrong(
                    file,
                    place,
                    "is compressed by method " + place.method(),
                    "NumPy writes 0, stored, and 8, deflated; write it with numpy.savez_compressed");
        }
        if (place.isDeflated()
                ? place.size() / MOST_OF_A_BYTE > place.compressed()
                : place.size() != place.compressed()) {
            throw wrong(
                    file,
                    place,
                    "would have " + place.size() + " bytes in " + place.compressed(),
                    place.isDeflated()
                            ? "deflating makes at most " + MOST_OF_A_BYTE + " of one"
                            : "as it is not compressed, they must be as many");
        }
    }

    private static void requireSame(Path file, ZipPlace place, ByteBuffer fixed, ByteBuffer extra)
            throws UnreadableFileException {
        boolean isSame = Short.toUnsignedInt(fixed.getShort(8)) == place.method();
        if (!place.isMeasuredLater()) {
            ZipSizes sizes = ZipSizes.of(
                    Integer.toUnsignedLong(fixed.getInt(22)), Integer.toUnsignedLong(fixed.getInt(18)), 0, extra);
            isSame &= sizes.isComplete()
                    && sizes.size() == place.size()
                    && sizes.compressed() == place.compressed()
                    && fixed.getInt(14) == place.check();
        }
        if (!isSame) {
            throw wrong(
                    file,
                    place,
                    "has another method, size or check sum in its own header than in the directory",
                    "they must be the same, for readers believe either");
        }
    }

    // --------------------------------------------------------------------------------------------------------- its
    // bytes

    @Override
    public long length() {
        return place.size();
    }

    @Override
    public void fill(ByteBuffer bytes) throws IOException {
        if (place.isDeflated()) {
            while (bytes.hasRemaining()) {
                if (isEndOfInflating(bytes)) {
                    throw wrong(
                            file,
                            place,
                            "inflates to " + inflater.getBytesWritten() + " bytes, and the directory says "
                                    + place.size(),
                            "they must be as many");
                }
            }
            bytes.flip();
        } else {
            source.fill(bytes);
        }
        check.update(bytes.duplicate());
    }

    /** Inflates some bytes more; if there are none, says so or feeds. */
    private boolean isEndOfInflating(ByteBuffer bytes) throws IOException {
        try {
            if (inflater.inflate(bytes) == 0) {
                if (inflater.finished()) {
                    return true;
                }
                feed();
            }
            return false;
        } catch (DataFormatException error) {
            UnreadableFileException wrong = wrong(file, place, "does not inflate", "its bytes are damaged");
            wrong.initCause(error);
            throw wrong;
        }
    }

    private void feed() throws IOException {
        if (fed == place.compressed()) {
            throw wrong(
                    file,
                    place,
                    "goes on inflating after its " + place.compressed() + " bytes",
                    "it is damaged, or the directory is");
        }
        source.fill(chunk.clear().limit((int) Math.min(CHUNK, place.compressed() - fed)));
        fed += chunk.limit();
        inflater.setInput(chunk);
    }

    @Override
    public void requireWhole() throws IOException {
        if (place.isDeflated() && place.size() > LARGE) {
            try (ZipEntrySource all = open(file, channel, place)) {
                ByteBuffer part = ByteBuffer.allocate(1 << 16);
                for (long left = place.size(); left > 0; left -= part.limit()) {
                    all.fill(part.clear().limit((int) Math.min(part.capacity(), left)));
                }
                all.requireUnchanged();
            }
        }
    }

    @Override
    public void requireUnchanged() throws IOException {
        if (place.isDeflated()) {
            requireFinished();
        }
        if ((int) check.getValue() != place.check()) {
            throw wrong(
                    file,
                    place,
                    "has the check sum " + Integer.toHexString((int) check.getValue()) + ", and "
                            + Integer.toHexString(place.check()) + " is written in the directory",
                    "its bytes were changed on the way");
        }
    }

    /** Nothing may inflate, nor be left of what is compressed, after as many bytes as the directory says. */
    private void requireFinished() throws IOException {
        ByteBuffer more = ByteBuffer.allocate(1);
        boolean isEnd = false;
        while (!isEnd && more.hasRemaining()) {
            isEnd = isEndOfInflating(more);
        }
        if (!more.hasRemaining() || fed - inflater.getRemaining() != place.compressed()) {
            throw wrong(
                    file,
                    place,
                    more.hasRemaining()
                            ? "has bytes after what inflates"
                            : "inflates to more than the " + place.size() + " bytes that the directory says",
                    "the directory is wrong, or the file was made to take much memory");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }

    private static UnreadableFileException wrong(Path file, ZipPlace place, String what, String rule) {
        return new UnreadableFileException(file, "entry " + HeaderReader.shown(place.name()) + " " + what, rule);
    }
}
