package dev.clew.io;

import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * An npy file: one array, as {@code numpy.save} writes and {@code numpy.load} reads it (versions 1.0, 2.0 and 3.0).
 *
 * <p>{@code f8 f4 i4 b1} are read as they are; {@code f2} as f32, exactly; {@code i8 i2 i1 u8 u4 u2 u1} as i32 if every number fits; of
 * either byte order, and with either index fastest. Others are refused by name, with the line of Python that converts them: complex
 * numbers, long doubles, texts, dates, fields, objects, and types of others such as bfloat16.
 *
 * <p>A file is checked before anything is allocated by what it claims, and nothing may follow the last element.
 */
public final class Npy {
    private Npy() {}

    /**
     * The array of a file. One with its first index fastest is a view of its numbers as they lie there.
     *
     * @throws UnreadableFileException if the file is not right, or arrays cannot hold its type or its numbers, with the reason
     * @throws IOException if there is no such file, or it cannot be opened
     */
    public static NDArray read(Path file) throws IOException {
        Present.require("read", file);
        try (FileChannel channel = Opening.read(file, Npz.ENDING)) {
            return new NpyReader(file, "the array", new WholeFile(file, channel)).read();
        }
    }

    /** A file that is nothing else. */
    private static final class WholeFile implements NpySource {
        private final ChannelSource bytes;
        private final long length;

        WholeFile(Path file, FileChannel channel) throws IOException {
            this.bytes = new ChannelSource(file, channel, 0);
            this.length = channel.size();
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void fill(ByteBuffer buffer) throws IOException {
            bytes.fill(buffer);
        }

        /** They are as many as the disk says. */
        @Override
        public void requireWhole() {}

        /** The format has nothing that would tell. */
        @Override
        public void requireUnchanged() {}
    }

    /**
     * Writes a file, or replaces it, whole or not at all, as {@link AtomicFile} does: the bytes that {@code numpy.save} of NumPy 2.4
     * writes, row by row, little-endian.
     *
     * @throws IllegalArgumentException if the array has more than the 64 axes that NumPy knows
     * @throws IOException if the disk fails; then what was there before is unchanged
     */
    public static void write(Path file, NDArray array) throws IOException {
        Present.require("write", file, array);
        ByteBuffer header = NpyHeader.of(array);
        AtomicFile.write(file, channel -> write(channel, header.duplicate(), array));
    }

    /**
     * Writes the same bytes to a channel that blocks.
     *
     * @throws IllegalArgumentException as {@link #write(Path, NDArray)} does
     * @throws IOException if the channel throws it
     */
    public static void write(WritableByteChannel channel, NDArray array) throws IOException {
        Present.require("write", channel, array);
        write(channel, NpyHeader.of(array), array);
    }

    private static void write(WritableByteChannel channel, ByteBuffer header, NDArray array) throws IOException {
        while (header.hasRemaining()) {
            channel.write(header);
        }
        array.writeTo(channel);
    }
}
