package dev.clew.nn.training;

import dev.clew.array.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of what a snapshot holds: of every text and every array with its name, type and shape, in the order of names. Where and
 * in what order they lie in a file does not matter, so another program may write the same content again.
 */
final class Checksum implements WritableByteChannel {
    private final CRC32C sum = new CRC32C();

    private Checksum() {}

    /** Eight hexadecimal digits. */
    static String of(Map<String, NDArray> arrays, Map<String, String> texts) {
        Checksum checksum = new Checksum();
        checksum.number(texts.size());
        new TreeMap<>(texts).forEach((name, text) -> {
            checksum.text(name);
            checksum.text(text);
        });
        new TreeMap<>(arrays).forEach(checksum::array);
        return String.format("%08x", checksum.sum.getValue());
    }

    private void array(String name, NDArray array) {
        text(name);
        text(array.dtype().toString());
        number(array.shape().rank());
        for (int length : array.shape().lengths()) {
            number(length);
        }
        try {
            array.writeTo(this);
        } catch (IOException error) {
            throw new UncheckedIOException("a checksum reads what is in memory", error);
        }
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        sum.update(bytes);
    }

    private void number(int number) {
        sum.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }

    @Override
    public int write(ByteBuffer bytes) {
        int count = bytes.remaining();
        sum.update(bytes);
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
