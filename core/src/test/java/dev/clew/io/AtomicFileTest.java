package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is replaced whole or not at all, whatever fails. */
final class AtomicFileTest {
    private static final byte[] OLD = {1, 1, 1};
    private static final byte[] NEW = {2, 2, 2, 2, 2};

    @TempDir
    private Path folder;

    private static AtomicFile.Content content(byte[] bytes) {
        return channel -> {
            for (byte each : bytes) {
                channel.write(ByteBuffer.wrap(new byte[] {each}));
            }
        };
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    private static void fail(boolean now) throws IOException {
        if (now) {
            throw new IOException("no space");
        }
    }

    /** What the disk does, in order, and of which one fails. */
    private static final class Failing implements Disk {
        private final String step;
        private final List<String> done = new ArrayList<>();

        Failing(String step) {
            this.step = step;
        }

        private void take(String next) throws IOException {
            fail(next.equals(step));
            done.add(next);
        }

        @Override
        public FileChannel create(Path file) throws IOException {
            take("create");
            return Disk.super.create(file);
        }

        @Override
        public void force(FileChannel file) throws IOException {
            take("force " + file.size());
            Disk.super.force(file);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            take("rename");
            Disk.super.rename(from, to);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            take("folder");
            Disk.super.forceFolder(folder);
        }
    }

    @Test
    void aFileIsForcedThenRenamedThenTheFolderIsForced() throws IOException {
        Path file = folder.resolve("file");
        Failing disk = new Failing("nothing");
        AtomicFile.write(file, content(OLD), disk);
        assertThat(disk.done).containsExactly("create", "force 3", "rename", "folder");
        AtomicFile.write(file, content(NEW));
        assertThat(Files.readAllBytes(file)).isEqualTo(NEW);
        assertThat(names()).containsExactly("file");
    }

    @Test
    void whateverFailsTheOldFileStaysAndNothingElse() throws IOException {
        Path file = Files.write(folder.resolve("file"), OLD);
        for (String step : List.of("create", "force 5", "rename")) {
            assertThatThrownBy(() -> AtomicFile.write(file, content(NEW), new Failing(step)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("write " + file + ": no space; what was there before is unchanged");
            assertThat(Files.readAllBytes(file)).isEqualTo(OLD);
            assertThat(names()).containsExactly("file");
        }
        for (int stop = 0; stop <= NEW.length; stop++) {
            int at = stop;
            assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                        for (int i = 0; i <= at; i++) {
                            fail(i == at);
                            channel.write(ByteBuffer.wrap(NEW, i, 1));
                        }
                    }))
                    .hasMessage("write " + file + ": no space; what was there before is unchanged");
            assertThat(Files.readAllBytes(file)).isEqualTo(OLD);
            assertThat(names()).containsExactly("file");
        }
        assertThatThrownBy(() -> AtomicFile.write(file, _ -> {
                    throw new IllegalStateException("bug");
                }))
                .isExactlyInstanceOf(IllegalStateException.class);
        assertThat(names()).containsExactly("file");
    }

    @Test
    void whenOnlyTheFolderCannotBeForcedTheNewFileIsThere() throws IOException {
        Path file = Files.write(folder.resolve("file"), OLD);
        assertThatThrownBy(() -> AtomicFile.write(file, content(NEW), new Failing("folder")))
                .isInstanceOf(IOException.class)
                .hasMessage("write " + file
                        + ": it is replaced whole, but the folder could not be forced to the disk: no space");
        assertThat(Files.readAllBytes(file)).isEqualTo(NEW);
        assertThat(names()).containsExactly("file");
    }

    @Test
    void whoClosesTheChannelDoesNotCutTheFileOff() throws IOException {
        Path file = folder.resolve("file");
        AtomicFile.write(file, channel -> {
            content(NEW).to(channel);
            channel.close();
        });
        assertThat(Files.readAllBytes(file)).isEqualTo(NEW);
    }

    @Test
    void anInterruptDoesNotStopItAndIsNotForgotten() throws IOException {
        Path file = folder.resolve("file");
        Thread.currentThread().interrupt();
        AtomicFile.write(file, content(OLD));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Files.readAllBytes(file)).isEqualTo(OLD);

        int[] times = {0};
        AtomicFile.write(file, channel -> {
            if (times[0]++ == 0) {
                Thread.currentThread().interrupt(); // The next access to the channel closes it.
            }
            content(NEW).to(channel);
        });
        assertThat(times).containsExactly(2);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Files.readAllBytes(file)).isEqualTo(NEW);
        assertThat(names()).containsExactly("file");

        int[] folders = {0};
        AtomicFile.write(file, content(OLD), new Disk() {
            @Override
            public void forceFolder(Path forced) throws IOException {
                if (folders[0]++ == 0) {
                    Thread.currentThread().interrupt();
                    throw new ClosedByInterruptException();
                }
            }
        });
        assertThat(folders).containsExactly(2);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Files.readAllBytes(file)).isEqualTo(OLD);
    }

    @Test
    void whatASymbolicLinkStandsForIsReplaced() throws IOException {
        Path file = Files.write(folder.resolve("file"), OLD);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.write(link, content(NEW));
        assertThat(link).isSymbolicLink();
        assertThat(Files.readAllBytes(file)).isEqualTo(NEW);
    }

    /** A socket stands for all of them: a file in the place of /dev/null would break a machine. */
    @Test
    void whatIsNoFileIsNotReplaced() throws IOException {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> AtomicFile.write(socket, _ -> {}))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("write " + socket + ": it is a device, a pipe or a socket, which a file would take the"
                            + " place of; write to a channel of it");
            assertThat(Files.isRegularFile(socket)).isFalse();
        }
    }

    @Test
    void aFolderOrAFileInNoFolderIsRefused() {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> AtomicFile.write(none.resolve("file"), content(NEW)))
                .isExactlyInstanceOf(NoSuchFileException.class)
                .hasMessage("write " + none.resolve("file") + ": there is no folder " + none
                        + "; Files.createDirectories makes it");
        assertThat(none).doesNotExist();
        assertThatThrownBy(() -> AtomicFile.write(folder, content(NEW)))
                .isInstanceOf(IOException.class)
                .hasMessage("write " + folder + ": it is a folder; name a file in it");
        assertThat(catchThrowable(() -> AtomicFile.write(Path.of("/"), content(NEW))))
                .isInstanceOf(IOException.class);
    }

    // -------------------------------------------------------------------------------- what killed programs have left

    private Path temporary(String name, Duration age) throws IOException {
        Path file = Files.write(folder.resolve(name), OLD);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return file;
    }

    @Test
    void whatAKilledProgramHasLeftIsRemovedAndNothingElse() throws IOException {
        temporary(".file.1234.tmp", Duration.ofMinutes(2));
        temporary(".file.2345.tmp", Duration.ofSeconds(30)); // Somebody may be writing it.
        temporary(".other.1234.tmp", Duration.ofMinutes(2));
        temporary("file.tmp", Duration.ofMinutes(2));
        AtomicFile.write(folder.resolve("file"), content(NEW));
        assertThat(names()).containsExactly(".file.2345.tmp", ".other.1234.tmp", "file", "file.tmp");
    }

    @Test
    void whatAnotherWriterHasLockedIsNotRemoved() throws IOException {
        Path slow = temporary(".file.1234.tmp", Duration.ofMinutes(2));
        try (FileChannel open = FileChannel.open(slow, StandardOpenOption.WRITE)) {
            assertThat(open.tryLock()).isNotNull();
            AtomicFile.write(folder.resolve("file"), content(NEW));
            assertThat(slow).exists();
        }
        AtomicFile.write(folder.resolve("file"), content(NEW));
        assertThat(slow).doesNotExist();
    }
}
