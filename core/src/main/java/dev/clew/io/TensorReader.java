package dev.clew.io;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * Reads one tensor of a safetensors file, or some rows of it, a chunk at a time.
 *
 * <p>Arrays are read and not mapped: where a mapped file is cut off by another program, the JVM's own threads fail. What is mapped is
 * only what was asked for as such.
 */
record TensorReader(Shard shard, String name, TensorPlace place) {
    NDArray read() throws IOException {
        return read(place.lengths(), 0, 0);
    }

    /** Rows {@code from .. to − 1} of the first axis. */
    NDArray rows(long from, long to) throws IOException {
        List<Long> lengths = place.lengths();
        if (lengths.isEmpty() || from < 0 || to < from || to > lengths.getFirst()) {
            throw new IllegalArgumentException(
                    "readRows(" + from + ", " + to + ") of " + HeaderReader.shown(name) + ", "
                            + kind() + ", in " + shard.file() + ": need 0 ≤ from ≤ to ≤ its first length"
                            + (lengths.isEmpty() ? "; a single number has no rows, read it whole" : ""));
        }
        long rows = Math.max(1, lengths.getFirst()); // A tensor without rows has no bytes either.
        return read(
                ImmutableList.<Long>builder()
                        .add(to - from)
                        .addAll(lengths.subList(1, lengths.size()))
                        .build(),
                from * (place.bytes() / rows),
                from * (place.bytes() / rows / Math.max(1, place.type().bytes())));
    }

    /**
     * Reads so many elements as the lengths say.
     *
     * @param skipped bytes of the tensor that lie before them
     * @param before elements that lie before them
     */
    private NDArray read(List<Long> lengths, long skipped, long before) throws IOException {
        ElementDecoder decoder = new ElementDecoder(
                shard.file(),
                place.type(),
                ByteOrder.LITTLE_ENDIAN,
                HeaderReader.shown(name),
                kind(),
                i -> Long.toString(before + i));
        decoder.dtype(); // A type that arrays do not have is refused as such, whatever its shape is.
        Shape shape = decoder.shape(lengths);
        return decoder.read(shape, new ChannelSource(shard.file(), shard.channel(), begin() + skipped));
    }

    /** Its bytes, where they lie, until nobody holds them any more. */
    MemorySegment mapped() throws IOException {
        FileChannel channel = shard.channel();
        if (channel.size() - begin() < place.bytes()) {
            throw Header.cutOff(shard.file(), channel);
        }
        return channel.map(FileChannel.MapMode.READ_ONLY, begin(), place.bytes(), Arena.ofAuto());
    }

    private long begin() {
        return shard.header().begin() + place.begin();
    }

    private String kind() {
        return place.type() + " " + place.shape();
    }
}
