package dev.clew.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What writing a file asks of the disk, each of which may fail. */
interface Disk {
    /** The disk that there is. */
    Disk REAL = new Disk() {};

    /** A new file to write. */
    default FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Returns when all that was written is on the disk. */
    default void force(FileChannel file) throws IOException {
        file.force(true);
    }

    /** Puts a file in the place of another, so that whoever looks finds the one or the other. */
    default void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns when the names in a folder are on the disk. Windows has no such thing: a folder cannot be opened. */
    default void forceFolder(Path folder) throws IOException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel open = FileChannel.open(folder, StandardOpenOption.READ)) {
                open.force(true);
            }
        }
    }
}
