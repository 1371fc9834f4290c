package dev.clew.io;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An npz file: named arrays, as {@code numpy.savez} and {@code numpy.savez_compressed} write and {@code numpy.load} reads them. It is a
 * zip file of npy files. It is open until it is closed: opening reads the directory alone, and each array is read when it is asked for.
 *
 * {@snippet lang=java :
 * try (Npz file = Npz.open(Path.of("weights.npz"))) {
 *     NDArray weight = file.read("embedding/weight");
 * }
 * }
 *
 * <p>Types and orders are those of {@link Npy}. A name is that of an entry without its {@code .npy}; entries that do not end so are no
 * arrays and are passed over, but {@link #toString} names them. Files of PyTorch and Keras are zip files too, without any array of
 * NumPy, and are refused. Before anything is allocated by what an entry claims, that is checked
 * against the directory, and against what its type and shape need; what inflates to more or to less, or has another check sum, is refused.
 * Names that occur twice, and entries that overlap, are refused; a name is never taken for a path.
 */
public final class Npz implements AutoCloseable {
    static final String ENDING = ".npy";

    private final Path file;
    private final FileChannel channel;
    private final ImmutableMap<String, ZipPlace> entries;

    private Npz(Path file, FileChannel channel, ImmutableMap<String, ZipPlace> entries) {
        this.file = file;
        this.channel = channel;
        this.entries = entries;
    }

    // -------------------------------------------------------------------------------------------------------- reading

    /**
     * A file, of which the directory has been read and found right.
     *
     * @throws UnreadableFileException if it is not right, with the reason, or is a folder or a file of PyTorch or Keras
     * @throws IOException if there is no such file, or it cannot be opened
     */
    public static Npz open(Path file) throws IOException {
        Present.require("open", file);
        FileChannel channel = Opening.read(file, ".npz");
        try {
            ImmutableMap<String, ZipPlace> entries = ZipDirectory.read(file, channel);
            ForeignFile.refuseModel(file, entries.keySet());
            return new Npz(file, channel, entries);
        } catch (IOException | RuntimeException | Error error) {
            channel.close();
            throw error;
        }
    }

    /**
     * What is known of an array before it is read.
     *
     * @param type as NumPy names it, {@code <f4}, or the list of its fields
     * @param lengths along its axes, outermost first, which may be larger than those of arrays
     * @param bytes how many its elements take, before they are deflated
     */
    public record Stored(String type, List<Long> lengths, long bytes) {
        /** A copy. */
        public Stored {
            Present.require("Stored", type, lengths);
            lengths = ImmutableList.copyOf(lengths);
        }
    }

    /** The names of its arrays, in the order of its directory. */
    public Set<String> names() {
        return entries.keySet().stream()
                .filter(name -> name.endsWith(ENDING))
                .map(name -> name.substring(0, name.length() - ENDING.length()))
                .collect(ImmutableSet.toImmutableSet());
    }

    /**
     * Type, shape and size of an array, which may be one that arrays cannot hold.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws UnreadableFileException if its entry does not begin as it should
     * @throws IOException if the disk fails, or this is closed
     */
    public Stored stored(String name) throws IOException {
        Present.require("stored", name);
        try (ZipEntrySource source = ZipEntrySource.open(file, channel, place("stored", name))) {
            NpyHeader header = NpyHeader.read(file, HeaderReader.shown(name), source);
            return new Stored(header.type().name(), header.lengths(), source.length() - header.begin());
        }
    }

    /**
     * The numbers of an array, read now. One with its first index fastest is a view of its numbers as they lie there.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws UnreadableFileException if its entry is not right, or arrays cannot hold its type or its numbers
     * @throws IOException if the disk fails, or this is closed
     */
    public NDArray read(String name) throws IOException {
        Present.require("read", name);
        try (ZipEntrySource source = ZipEntrySource.open(file, channel, place("read", name))) {
            return new NpyReader(file, HeaderReader.shown(name), source).read();
        }
    }

    /**
     * The numbers of all arrays, in the order of the directory.
     *
     * @throws UnreadableFileException as {@link #read} does
     * @throws IOException as {@link #read} does
     */
    public Map<String, NDArray> readAll() throws IOException {
        ImmutableMap.Builder<String, NDArray> all = ImmutableMap.builder();
        for (String name : names()) {
            all.put(name, read(name));
        }
        return all.buildOrThrow();
    }

    private ZipPlace place(String asked, String name) {
        ZipPlace place = entries.get(name + ENDING);
        if (place == null) {
            throw new IllegalArgumentException(asked + " '" + name + "' of " + file
                    + ": there is no array of that name. The names are " + names()
                    + (entries.containsKey(name) ? "; an entry is an array if it ends in " + ENDING : ""));
        }
        return place;
    }

    /** Closes the file; what was read stays. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** The file, and name and size of its entries, a line each. */
    @Override
    public String toString() {
        return "Npz " + file
                + entries.values().stream()
                        .map(each -> "\n  " + each.name() + " " + each.size() + " bytes"
                                + (each.isDeflated() ? " in " + each.compressed() : "")
                                + (each.name().endsWith(ENDING) ? "" : ", no array"))
                        .collect(joining());
    }

    // -------------------------------------------------------------------------------------------------------- writing

    /**
     * Writes a file, or replaces it, whole or not at all, as {@link AtomicFile} does: the same bytes for the same arrays, in the order of
     * their names.
     *
     * @throws IllegalArgumentException if a name is not Unicode, has a character 0 or more than 65000 bytes, or an array has more than the
     *     64 axes that NumPy knows
     * @throws IOException if the disk fails; then what was there before is unchanged
     */
    public static void write(Path file, Map<String, NDArray> arrays) throws IOException {
        Present.require("write", file, arrays);
        NpzWriter writer = NpzWriter.stored(arrays);
        AtomicFile.write(file, writer::write);
    }

    /**
     * Writes the same bytes to a channel that blocks.
     *
     * @throws IllegalArgumentException as {@link #write(Path, Map)} does
     * @throws IOException if the channel throws it
     */
    public static void write(WritableByteChannel channel, Map<String, NDArray> arrays) throws IOException {
        Present.require("write", channel, arrays);
        NpzWriter.stored(arrays).write(channel);
    }

    /**
     * Writes a file of which every entry is deflated, which takes less of the disk and more time: the same bytes for the same arrays
     * where the zlib of the JVM is the same.
     *
     * @throws IllegalArgumentException as {@link #write(Path, Map)} does
     * @throws IOException if the disk fails; then what was there before is unchanged
     */
    public static void writeDeflated(Path file, Map<String, NDArray> arrays) throws IOException {
        Present.require("writeDeflated", file, arrays);
        NpzWriter writer = NpzWriter.deflated(arrays);
        AtomicFile.write(file, writer::write);
    }

    /**
     * Writes the same bytes to a channel that blocks.
     *
     * @throws IllegalArgumentException as {@link #write(Path, Map)} does
     * @throws IOException if the channel throws it
     */
    public static void writeDeflated(WritableByteChannel channel, Map<String, NDArray> arrays) throws IOException {
        Present.require("writeDeflated", channel, arrays);
        NpzWriter.deflated(arrays).write(channel);
    }
}
