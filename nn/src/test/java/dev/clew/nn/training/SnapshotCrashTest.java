package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.NDArray;
import dev.clew.io.AtomicFile;
import dev.clew.tensor.Parameter;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever writing stops, the old snapshot is there, or the new one. */
class SnapshotCrashTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("snapshot");
    }

    private static Snapshot small(double number) {
        return Snapshot.of(Map.of("w", Parameter.of(number))).with("order", NDArray.of(new int[] {1, 2, 3}));
    }

    /** A disk that is full after some bytes. */
    private static final class Full implements WritableByteChannel {
        private final WritableByteChannel channel;
        private int left;

        Full(WritableByteChannel channel, int left) {
            this.channel = channel;
            this.left = left;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (left == 0) {
                throw new IOException("full");
            }
            int count = Math.min(left, bytes.remaining());
            left -= count;
            int written = channel.write(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + written);
            return written;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void aWriterThatStopsAtAnyByteLeavesTheOldOne() throws IOException {
        small(1).write(file());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        small(2).writeTo(Channels.newChannel(bytes));
        assertThat(bytes.size()).isGreaterThan(300);
        for (int i = 0; i < bytes.size(); i++) {
            int stop = i;
            assertThatThrownBy(() -> AtomicFile.write(file(), channel -> small(2).writeTo(new Full(channel, stop))))
                    .hasMessageEndingWith("full; what was there before is unchanged");
            assertThat(Snapshot.read(file()).parameters()).isEqualTo(Map.of("w", NDArray.of(1.0)));
            assertThat(names()).containsExactly("snapshot");
        }
        AtomicFile.write(file(), channel -> small(2).writeTo(new Full(channel, bytes.size())));
        assertThat(Snapshot.read(file()).parameters()).isEqualTo(Map.of("w", NDArray.of(2.0)));
        assertThat(Files.readAllBytes(file())).isEqualTo(bytes.toByteArray());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> each.getFileName().toString()).toList();
        }
    }

    @Test
    void aProgramThatIsKilledLeavesAWholeOne() throws IOException, InterruptedException {
        int n = 0;
        WritesSnapshots.snapshot(n).write(file());
        for (int kill = 0; kill < 3; kill++) {
            Process writer = writer(n + 1);
            try {
                int seen = n;
                while (seen < n + 2 + kill) {
                    assertThat(writer.isAlive()).as("the writer").isTrue();
                    int next = WritesSnapshots.number(Snapshot.read(file()));
                    assertThat(next).isGreaterThanOrEqualTo(seen);
                    seen = next;
                }
                n = seen;
            } finally {
                writer.destroyForcibly();
                assertThat(writer.waitFor(1, TimeUnit.MINUTES)).isTrue();
            }
            int left = WritesSnapshots.number(Snapshot.read(file()));
            assertThat(left).isGreaterThanOrEqualTo(n);
            n = left;
        }
    }

    /** Another Java, which begins with a number. */
    private Process writer(int first) throws IOException {
        String classes = String.join(
                File.pathSeparator,
                System.getProperty("java.class.path"),
                System.getProperty("jdk.module.path", ""),
                "target/classes",
                "target/test-classes");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        WritesSnapshots.class.getName(),
                        file().toString(),
                        Integer.toString(first))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
