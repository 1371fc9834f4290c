package dev.clew.io;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A safetensors file: named tensors and a few texts, which PyTorch, JAX, MLX and others write and read (safetensors 0.8). It is open
 * until it is closed: opening reads the header alone, and each tensor is read when it is asked for. Several files with an index, {@code
 * model.safetensors.index.json}, are opened by the index and read as one.
 *
 * {@snippet lang=java :
 * try (Safetensors file = Safetensors.open(Path.of("model.safetensors"))) {
 *     NDArray weight = file.read("embedding.weight");
 * }
 * }
 *
 * <p>A file is checked before anything is allocated by what it claims: that tensors follow one another without gap or overlap, that
 * their sizes are those of types and shapes, and that nothing follows. Names that occur twice are refused. An index is opened with all
 * its files, so that a model of which a part is missing is refused before it is used. A tensor that lies in one of them and that the
 * index does not name, or places elsewhere, is refused: the index and its files do not belong together, and numbers would be lost.
 *
 * <p>{@code F64 F32 I32 BOOL} are read as they are; {@code F16} and {@code BF16} as f32, exactly; {@code I8 I16 I64 U8 U16 U32 U64}
 * as i32 if every number fits. Others can be listed and {@link #map mapped}, but not read: {@code F4 F6_* F8_* C64}.
 */
public final class Safetensors implements AutoCloseable {
    private final Path file;
    private final Shards shards;

    private Safetensors(Path file, Shards shards) {
        this.file = file;
        this.shards = shards;
    }

    // -------------------------------------------------------------------------------------------------------- reading

    /**
     * A file, of which the header has been read and found right. If its name ends in {@code .json}, it is an index of shards, and all
     * files that it names are opened, in its folder or below; all must be there and hold what the index says and nothing else.
     *
     * @throws UnreadableFileException if it is not right, or is a folder or a file of another format, with the reason
     * @throws IOException if there is no such file, or it cannot be opened
     */
    public static Safetensors open(Path file) throws IOException {
        Present.require("open", file);
        return new Safetensors(file, Shards.open(file));
    }

    /**
     * What is known of a tensor before it is read.
     *
     * @param type of its elements
     * @param lengths along its axes, outermost first, which may be larger than those of arrays
     * @param bytes how many it takes in the file
     */
    public record Stored(ElementType type, List<Long> lengths, long bytes) {
        /** A copy. */
        public Stored {
            Present.require("Stored", type, lengths);
            lengths = ImmutableList.copyOf(lengths);
        }
    }

    /** The names of its tensors, in the order in which they lie in the file; shards follow one another in the order of their names. */
    public Set<String> names() {
        return shards.tensors().keySet();
    }

    /**
     * What it says of itself, text by text. Of shards that is what the index says, numbers as they are written, and what else its files
     * say: the first, in the order of their names, that says it.
     */
    public Map<String, String> metadata() {
        return shards.metadata();
    }

    /**
     * Type, shape and size of a tensor.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Stored stored(String name) {
        Present.require("stored", name);
        TensorPlace place = reader("stored", name).place();
        return new Stored(place.type(), place.lengths(), place.bytes());
    }

    /**
     * The numbers of a tensor, read now.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws UnreadableFileException if arrays cannot hold its type or its numbers, or it has been cut off since it was opened
     * @throws IOException if the disk fails, or this is closed
     */
    public NDArray read(String name) throws IOException {
        Present.require("read", name);
        return reader("read", name).read();
    }

    /**
     * Rows {@code from .. to − 1} of the first axis of a tensor, read now; the others are not read.
     *
     * @throws IllegalArgumentException if there is no tensor of that name, or it has no such rows
     * @throws UnreadableFileException as {@link #read} does
     * @throws IOException as {@link #read} does
     */
    public NDArray readRows(String name, long from, long to) throws IOException {
        Present.require("readRows", name);
        return reader("readRows", name).rows(from, to);
    }

    /**
     * The bytes of a tensor of any type where they lie in the file: mapped, not copied, and read-only. They are elements as {@link
     * Stored#type} says, row by row, the lowest byte first, and lie at any address, so that they are read with layouts that know of no
     * alignment:
     *
     * {@snippet lang=java :
     * MemorySegment bytes = file.map("embedding.weight");
     * float third = bytes.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 2);
     * NDArray row = NDArray.of(DType.F32, Shape.of(512), bytes.asSlice(0, 512 * 4));
     * }
     *
     * <p>They stay when this is closed, until nobody holds them. Meanwhile nobody may make the file shorter: reading what another
     * program has cut off fails with an {@link InternalError}, there or soon after. A file that is replaced by renaming, as {@link
     * #write(Path, Map, Map)} does, stays as it was for whoever holds it; on Windows it cannot be replaced while it is held.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws UnreadableFileException if it has been cut off since it was opened
     * @throws IOException if the system cannot map it, or this is closed
     */
    public MemorySegment map(String name) throws IOException {
        Present.require("map", name);
        return reader("map", name).mapped();
    }

    /**
     * The numbers of all tensors, in the order of the {@link #names}.
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

    private TensorReader reader(String asked, String name) {
        Shard shard = shards.tensors().get(name);
        if (shard == null) {
            throw new IllegalArgumentException(asked + " '" + name + "' of " + file
                    + ": there is no tensor of that name. The names are " + names());
        }
        return new TensorReader(shard, name, place(name, shard));
    }

    private static TensorPlace place(String name, Shard shard) {
        return Objects.requireNonNull(shard.header().places().get(name));
    }

    /** Closes the file, or all shards; what was read stays. */
    @Override
    public void close() throws IOException {
        shards.close();
    }

    /** The file, and name, type and shape of its tensors, a line each. */
    @Override
    public String toString() {
        return "Safetensors " + file
                + shards.tensors().entrySet().stream()
                        .map(each -> {
                            TensorPlace place = place(each.getKey(), each.getValue());
                            return "\n  " + each.getKey() + " " + place.type() + " " + place.shape();
                        })
                        .collect(joining());
    }

    // -------------------------------------------------------------------------------------------------------- writing

    /**
     * Writes a file, or replaces it, whole or not at all, as {@link AtomicFile} does: the same bytes for the same arrays and texts.
     *
     * @param metadata what the file says of itself
     * @throws IllegalArgumentException if a name or a text is not Unicode, or an array is named {@code __metadata__}
     * @throws IOException if the disk fails; then what was there before is unchanged
     */
    public static void write(Path file, Map<String, NDArray> arrays, Map<String, String> metadata) throws IOException {
        write(file, arrays, metadata, Map.of());
    }

    /**
     * The same, where some arrays are written as other types than their own: {@code Map.of("bn.num_batches_tracked", ElementType.I64)}.
     * To types with an exponent numbers are rounded to the nearest, of two to the even one; to all others they must fit exactly.
     *
     * @param types by name of array; those that are not named keep their type
     * @throws IllegalArgumentException also if a number does not fit, or becomes infinite; if arrays cannot be written as a type; if there
     *     is no array of a name
     * @throws IOException if the disk fails; then what was there before is unchanged
     */
    public static void write(
            Path file, Map<String, NDArray> arrays, Map<String, String> metadata, Map<String, ElementType> types)
            throws IOException {
        Present.require("write", file, arrays, metadata, types);
        requireNames("write", arrays, types);
        AtomicFile.write(file, TensorFile.of(arrays, metadata, types)::writeTo);
    }

    /**
     * Writes the bytes of {@link #write(Path, Map, Map)} to a channel that blocks.
     *
     * @throws IllegalArgumentException as {@link #write(Path, Map, Map)} does
     * @throws IOException if the channel throws it
     */
    public static void write(WritableByteChannel channel, Map<String, NDArray> arrays, Map<String, String> metadata)
            throws IOException {
        Present.require("write", channel, arrays, metadata);
        TensorFile.of(arrays, metadata, Map.of()).writeTo(channel);
    }

    /**
     * Writes arrays to several files, and an index of them, as Hugging Face does: beside {@code model.safetensors.index.json} lie
     * {@code model-00001-of-00003.safetensors} and so on, and {@link #open} of the index reads all as one. The arrays fill one file after
     * the other in the order of the map. All files have the texts; the index has them too, and {@code total_size}.
     *
     * <p>Each file is replaced whole or not at all, the index last. Files of an earlier index are not removed; those of the same names are
     * replaced before the index is, so that a model that must be readable all the time is best written to a folder of its own.
     *
     * @param types by name of array; those that are not named keep their type
     * @param bytesPerFile the most bytes of numbers in one file; an array that has more has a file of its own
     * @throws IllegalArgumentException as {@link #write(Path, Map, Map, Map)} does; if the name of the index does not end in {@code
     *     .safetensors.index.json}; unless a file may have at least a byte
     * @throws IOException if the disk fails; then the index is what it was before
     */
    public static void writeShards(
            Path index,
            Map<String, NDArray> arrays,
            Map<String, String> metadata,
            Map<String, ElementType> types,
            long bytesPerFile)
            throws IOException {
        Present.require("writeShards", index, arrays, metadata, types);
        requireNames("writeShards", arrays, types);
        if (bytesPerFile < 1) {
            throw new IllegalArgumentException("writeShards of at most " + bytesPerFile
                    + " bytes: a file must have room for one; 5 000 000 000 is usual");
        }
        new ShardWriter(index, metadata, types).write(arrays, bytesPerFile);
    }

    private static void requireNames(String asked, Map<String, NDArray> arrays, Map<String, ElementType> types) {
        for (String name : types.keySet()) {
            if (!arrays.containsKey(name)) {
                throw new IllegalArgumentException(asked + ": '" + name + "' is to be " + types.get(name)
                        + ", but no array has that name. The names are " + arrays.keySet());
            }
        }
    }
}
