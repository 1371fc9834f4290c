package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.primitives.Bytes;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Npy files put together by hand, so that nothing of the library is in them. */
final class NpyRecipe {
    private NpyRecipe() {}

    /** Version 1.0, with nothing to align it. */
    static byte[] npy(String header, String hex) {
        return npy(1, header, hex);
    }

    static byte[] npy(int version, String header, String hex) {
        byte[] text = header.getBytes(version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return npy(version, 0, text.length, text, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** @param length as it is written, which may be a lie */
    static byte[] npy(int version, int minor, long length, byte[] header, byte[] data) {
        ByteBuffer start = ByteBuffer.allocate(version == 1 ? 10 : 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x93);
        start.put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) version)
                .put((byte) minor);
        if (version == 1) {
            start.putShort((short) length);
        } else {
            start.putInt((int) length);
        }
        return Bytes.concat(start.array(), header, data);
    }

    static String header(String descr, boolean isFortran, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': " + (isFortran ? "True" : "False") + ", 'shape': " + shape
                + ", }";
    }

    static String header(String descr, String shape) {
        return header(descr, false, shape);
    }

    /** Writes over what is there: a file that is first made empty waits for the disk. */
    private static Path put(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), 0);
            channel.truncate(bytes.length);
        }
        return file;
    }

    /** What was read of an npy file; nothing if it was refused. */
    static Map<String, NDArray> readOrRefusedNpy(Path folder, byte[] bytes) throws IOException {
        Path file = put(folder.resolve("file"), bytes);
        return readOrRefused(file, () -> Map.of("", Npy.read(file)));
    }

    /** What was read of an npz file; nothing if it was refused. */
    static Map<String, NDArray> readOrRefusedNpz(Path folder, byte[] bytes) throws IOException {
        Path file = put(folder.resolve("file"), bytes);
        return readOrRefused(file, () -> {
            try (Npz open = Npz.open(file)) {
                assertThat(open.toString()).isNotEmpty();
                return open.readAll();
            }
        });
    }

    /** What reads a file. */
    @FunctionalInterface
    interface Reading {
        Map<String, NDArray> read() throws IOException;
    }

    private static Map<String, NDArray> readOrRefused(Path file, Reading reading) {
        Map<String, NDArray> read = new LinkedHashMap<>();
        long before = Allocated.bytes();
        Throwable error = catchThrowable(() -> read.putAll(reading.read()));
        assertThat(Allocated.bytes() - before).isLessThan(16 << 20);
        if (error != null) {
            assertThat(error).isExactlyInstanceOf(UnreadableFileException.class);
            assertThat(error.getMessage()).startsWith("read " + file + ": ").hasSizeLessThan(1000);
        }
        return read;
    }
}
