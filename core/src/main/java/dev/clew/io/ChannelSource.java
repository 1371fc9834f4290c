package dev.clew.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The bytes of a file from a place on; others may read it elsewhere meanwhile. */
final class ChannelSource implements ElementDecoder.Source {
    private final Path file;
    private final FileChannel channel;
    private long at;

    ChannelSource(Path file, FileChannel channel, long begin) {
        this.file = file;
        this.channel = channel;
        this.at = begin;
    }

    @Override
    public void fill(ByteBuffer bytes) throws IOException {
        Header.fill(file, channel, at, bytes);
        at += bytes.limit();
    }
}
