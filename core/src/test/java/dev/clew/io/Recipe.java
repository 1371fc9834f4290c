package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Safetensors files put together by hand, so that nothing of the library is in them. */
final class Recipe {
    private Recipe() {}

    /** The length, the header, and bytes written in hexadecimal digits. */
    static byte[] file(String header, String hex) {
        return file(header.getBytes(StandardCharsets.UTF_8), HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    static byte[] file(byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }

    /** A header with one tensor. */
    static String tensor(String dtype, String shape, String offsets) {
        return "{\"x\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + offsets + "]}}";
    }

    /** Fails unless these bytes are refused by a message that ends so. */
    static void refused(Path folder, byte[] bytes, String because) throws IOException {
        Path file = Files.write(folder.resolve("bad"), bytes);
        Throwable error = catchThrowable(() -> {
            try (Safetensors open = Safetensors.open(file)) {
                open.readAll();
            }
        });
        assertThat(error)
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + file + ": " + because);
    }
}
