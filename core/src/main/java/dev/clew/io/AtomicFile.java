package dev.clew.io;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.clew.internal.array.Present;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Replaces a file whole or not at all, whenever the program or the machine stops: the content goes to a temporary file in the same
 * folder, which is forced to the disk and then renamed, and the folder is forced too (rename over a file is atomic: POSIX).
 *
 * <p>A program that is killed leaves its temporary file, {@code .NAME.*.tmp}; the next one that writes to that name removes it.
 */
public final class AtomicFile {
    /** A temporary file that nothing was written to for so long, and that nobody has locked, belongs to a program that has ended. */
    private static final Duration ABANDONED = Duration.ofMinutes(1);

    private AtomicFile() {}

    /** Writes what is to be in the file, the same when asked again. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it, and does not close the channel. */
        void to(WritableByteChannel channel) throws IOException;
    }

    /**
     * Writes a file, or puts another in its place: afterwards it is on the disk. An interrupt of the thread does not stop it; the thread is
     * still interrupted afterwards. What a symbolic link stands for is replaced, not the link.
     *
     * @throws IOException if something fails; then what was there before is there still, and the temporary file is removed
     */
    public static void write(Path file, Content content) throws IOException {
        Present.require("write", file, content);
        write(file, content, Disk.REAL);
    }

    static void write(Path file, Content content, Disk disk) throws IOException {
        boolean wasInterrupted = Thread.interrupted();
        try {
            Path target = target(file);
            Path folder = folder(file, target);
            removeAbandoned(folder, target);
            while (!isReplaced(target, content, disk)) {
                wasInterrupted |= Thread.interrupted();
            }
            while (!isFolderForced(folder, target, disk)) {
                wasInterrupted |= Thread.interrupted();
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Path target(Path file) throws IOException {
        return Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
    }

    private static Path folder(Path file, Path target) throws IOException {
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new IOException("write " + file + ": it is a folder; name a file in it");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new IOException(
                    "write " + file + ": it is a device, a pipe or a socket, which a file would take the place of;"
                            + " write to a channel of it");
        }
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(
                    "write " + file + ": there is no folder " + folder + "; Files.createDirectories makes it");
        }
        return folder;
    }

    /** Whether it was; if not, an interrupt has closed the channel, and it is to be tried again. */
    private static boolean isReplaced(Path target, Content content, Disk disk) throws IOException {
        Path temporary = target.resolveSibling(start(target) + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel = disk.create(temporary)) {
                isLocked(channel);
                content.to(new Unclosed(channel));
                disk.force(channel);
            }
            disk.rename(temporary, target);
            return true;
        } catch (ClosedByInterruptException error) {
            remove(temporary, error);
            return false;
        } catch (IOException error) {
            remove(temporary, error);
            throw new IOException(
                    "write " + target + ": " + said(error) + "; what was there before is unchanged", error);
        } catch (RuntimeException | Error error) {
            remove(temporary, error);
            throw error;
        }
    }

    private static String said(IOException error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    /** The same. */
    private static boolean isFolderForced(Path folder, Path target, Disk disk) throws IOException {
        try {
            disk.forceFolder(folder);
            return true;
        } catch (ClosedByInterruptException error) {
            return false;
        } catch (IOException error) {
            throw new IOException(
                    "write " + target + ": it is replaced whole, but the folder could not be forced to the disk: "
                            + said(error),
                    error);
        }
    }

    private static void remove(Path temporary, Throwable error) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException another) {
            error.addSuppressed(another);
        }
    }

    // -------------------------------------------------------------------------------- what killed programs have left

    private static String start(Path target) {
        return "." + target.getFileName() + ".";
    }

    /**
     * Locks a file until it is closed: whoever writes holds a lock, and the system takes it from a program that ends. False if another
     * holds it, or the disk knows no locks.
     */
    @CanIgnoreReturnValue
    private static boolean isLocked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException error) {
            return false;
        }
    }

    private static void removeAbandoned(Path folder, Path target) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, path -> isTemporary(path, target))) {
            for (Path each : all) {
                removeUnlessWritten(each);
            }
        }
    }

    private static boolean isTemporary(Path path, Path target) {
        String name = path.getFileName().toString();
        return name.startsWith(start(target)) && name.endsWith(".tmp");
    }

    private static void removeUnlessWritten(Path temporary) {
        Instant now = Instant.now();
        try {
            boolean isOld = Files.getLastModifiedTime(temporary)
                    .toInstant()
                    .plus(ABANDONED)
                    .isBefore(now);
            if (isOld) {
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    if (isLocked(channel)) {
                        Files.deleteIfExists(temporary);
                    }
                }
            }
        } catch (IOException error) {
            // Another program's, which has removed or renamed it meanwhile, or of another user: it is in nobody's way.
            return;
        }
    }
}
