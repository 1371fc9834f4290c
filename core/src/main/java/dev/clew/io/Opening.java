package dev.clew.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Opens files to be read, and says of a folder which file in it may be meant. */
final class Opening {
    private Opening() {}

    /**
     * A channel.
     *
     * @param endings of names of files that may be meant if it is a folder, the best first
     * @throws UnreadableFileException if it is a folder
     */
    static FileChannel read(Path file, String... endings) throws IOException {
        if (!Files.isDirectory(file)) {
            return FileChannel.open(file, StandardOpenOption.READ);
        }
        for (String ending : endings) {
            Optional<Path> only = only(file, ending);
            if (only.isPresent()) {
                throw isFolder(file, "open the file in it: " + only.get());
            }
        }
        throw isFolder(file, "open a file in it, whose name ends in " + String.join(" or ", endings));
    }

    private static UnreadableFileException isFolder(Path file, String rule) {
        return new UnreadableFileException(file, "it is a folder", rule);
    }

    /** The one file of a folder whose name ends so. */
    private static Optional<Path> only(Path folder, String ending) throws IOException {
        DirectoryStream.Filter<Path> isOne = each -> each.toString().endsWith(ending) && !Files.isDirectory(each);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, isOne)) {
            Iterator<Path> all = files.iterator();
            List<Path> first = all.hasNext() ? List.of(all.next()) : List.of();
            return all.hasNext() ? Optional.empty() : first.stream().findFirst();
        }
    }
}
