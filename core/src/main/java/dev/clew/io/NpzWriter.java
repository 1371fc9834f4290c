package dev.clew.io;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes npz files, in the order of names, every entry with the same time. */
final class NpzWriter {
    /** The second of the times that a zip file knows: at the first, the JDK also writes what time that is where the machine stands. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0, 2);
    /** The JDK writes 65535 bytes of an entry to the directory, of which other things take some. */
    private static final int LONGEST_NAME = 65_000;

    private final ImmutableMap<String, NDArray> arrays;
    private final int method;

    private NpzWriter(Map<String, NDArray> arrays, int method) {
        arrays.forEach((name, array) -> {
            requireName(name);
            NpyHeader.requireKnown(array);
        });
        this.arrays = arrays.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Header.byBytes()))
                .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));
        this.method = method;
    }

    static NpzWriter stored(Map<String, NDArray> arrays) {
        return new NpzWriter(arrays, ZipEntry.STORED);
    }

    static NpzWriter deflated(Map<String, NDArray> arrays) {
        return new NpzWriter(arrays, ZipEntry.DEFLATED);
    }

    /** Python's zipfile cuts names at a character 0, and half of a surrogate pair would be written as a question mark. */
    private static void requireName(String name) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw unwritable(name, "half of a surrogate pair, which is no letter");
        }
        if (name.indexOf('\0') >= 0) {
            throw unwritable(name, "a character 0, where readers cut it");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw unwritable(name, "more than the " + LONGEST_NAME + " bytes that have room in a zip file");
        }
    }

    private static IllegalArgumentException unwritable(String name, String what) {
        return new IllegalArgumentException("write: the name of an array is " + HeaderReader.shown(name)
                + ", which has " + what + "; name it otherwise");
    }

    void write(WritableByteChannel channel) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(new Unclosed(channel)))) {
            for (Map.Entry<String, NDArray> each : arrays.entrySet()) {
                zip.putNextEntry(entry(each.getKey(), each.getValue()));
                Npy.write(new Into(zip), each.getValue());
                zip.closeEntry();
            }
        }
    }

    /** What is stored needs its size and its check sum beforehand. */
    private ZipEntry entry(String name, NDArray array) throws IOException {
        ZipEntry entry = new ZipEntry(name + Npz.ENDING);
        entry.setTimeLocal(TIME);
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
            Measure measure = new Measure();
            Npy.write(measure, array);
            entry.setSize(measure.size);
            entry.setCrc(measure.check.getValue());
        }
        return entry;
    }

    /** Counts bytes, and computes their check sum. */
    private static final class Measure implements WritableByteChannel {
        private final CRC32 check = new CRC32();
        private long size;

        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            size += count;
            check.update(bytes);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** What is written goes into a stream, which an interrupt does not close. */
    private record Into(OutputStream stream) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = bytes.remaining();
            stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), count);
            bytes.position(bytes.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
