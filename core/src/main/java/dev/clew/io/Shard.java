package dev.clew.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A safetensors file that is open, and of which the header has been read and found right: all there is, or one of several. */
record Shard(Path file, FileChannel channel, Header header) {
    static Shard open(Path file) throws IOException {
        FileChannel channel = Opening.read(file, ShardIndex.ENDING, ".safetensors");
        try {
            return new Shard(file, channel, Header.read(file, channel));
        } catch (IOException | RuntimeException | Error error) {
            channel.close();
            throw error;
        }
    }
}
