package dev.clew.io;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Reads one tensor of a safetensors file, a chunk at a time.
 *
 * <p>The file is read and not mapped: where a mapped file is cut off by another program, the JVM's own threads fail.
 */
record TensorReader(Path file, FileChannel channel, String name, TensorPlace place) {
    /** @param begin where in the file its first byte is */
    NDArray read(long begin) throws IOException {
        ElementDecoder decoder = new ElementDecoder(
                file,
                place.type(),
                ByteOrder.LITTLE_ENDIAN,
                HeaderReader.shown(name),
                place.type() + " " + place.shape(),
                Integer::toString);
        Shape shape = decoder.shape(place.lengths());
        return decoder.read(shape, new ElementDecoder.Source() {
            private long at = begin;

            @Override
            public void fill(ByteBuffer bytes) throws IOException {
                int count = bytes.remaining();
                Header.fill(file, channel, at, bytes);
                at += count;
            }
        });
    }
}
