package dev.clew.io;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A safetensors file: named tensors and a few texts, which PyTorch, JAX, MLX and others write and read (safetensors 0.8). It is open
 * until it is closed: opening reads the header alone, and each tensor is read when it is asked for.
 *
 * <pre>{@code
 * try (Safetensors file = Safetensors.open(Path.of("model.safetensors"))) {
 *     NDArray weight = file.read("embedding.weight");
 * }
 * }</pre>
 *
 * <p>A file is checked before anything is allocated by what it claims: that tensors follow one another without gap or overlap, that
 * their sizes are those of types and shapes, and that nothing follows. Names that occur twice are refused.
 *
 * <p>{@code F64 F32 I32 BOOL} are read as they are; {@code F16} and {@code BF16} as f32, exactly; {@code I8 I16 I64 U8 U16 U32 U64}
 * as i32 if every number fits. Others can be listed, but not read: {@code F4 F6_* F8_* C64}.
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
     * @throws UnreadableFileException if it is not right, with the reason
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
        TensorPlace place = place(name, shard("stored", name));
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
        Shard shard = shard("read", name);
        TensorPlace place = place(name, shard);
        return new TensorReader(shard.file(), shard.channel(), name, place)
                .read(shard.header().begin() + place.begin());
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

    private Shard shard(String asked, String name) {
        Shard shard = shards.tensors().get(name);
        if (shard == null) {
            throw new IllegalArgumentException(asked + " '" + name + "' of " + file
                    + ": there is no tensor of that name. The names are " + names());
        }
        return shard;
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
        Present.require("write", file, arrays, metadata);
        Header header = header(arrays, metadata);
        AtomicFile.write(file, channel -> write(channel, header, arrays));
    }

    /**
     * Writes the same bytes to a channel that blocks.
     *
     * @throws IllegalArgumentException as {@link #write(Path, Map, Map)} does
     * @throws IOException if the channel throws it
     */
    public static void write(WritableByteChannel channel, Map<String, NDArray> arrays, Map<String, String> metadata)
            throws IOException {
        Present.require("write", channel, arrays, metadata);
        write(channel, header(arrays, metadata), arrays);
    }

    private static void write(WritableByteChannel channel, Header header, Map<String, NDArray> arrays)
            throws IOException {
        ByteBuffer bytes = header.toBytes();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        for (String name : header.places().keySet()) {
            NDArray array = arrays.get(name);
            if (array != null) {
                array.writeTo(channel);
            }
        }
    }

    private static Header header(Map<String, NDArray> arrays, Map<String, String> metadata) {
        Map<String, ElementType> types = new LinkedHashMap<>();
        arrays.forEach((name, array) -> types.put(requireName(name), ElementType.of(array.dtype())));
        metadata.forEach((name, text) -> {
            Header.requireShort((long) name.length() + text.length());
            requireLetters("the name of a text", name);
            requireLetters("the text of '" + name + "'", text);
        });
        ImmutableMap.Builder<String, TensorPlace> places = ImmutableMap.builder();
        long begin = 0;
        for (String name : Header.order(types)) {
            NDArray array = Present.given("write", "the map of arrays", arrays.get(name));
            long end = begin + (long) array.shape().elements() * array.dtype().bytes();
            places.put(name, new TensorPlace(ElementType.of(array.dtype()), lengths(array), begin, end));
            begin = end;
        }
        return new Header(places.buildOrThrow(), ImmutableMap.copyOf(metadata), begin);
    }

    private static ImmutableList<Long> lengths(NDArray array) {
        return Arrays.stream(array.shape().lengths()).mapToObj(Long::valueOf).collect(ImmutableList.toImmutableList());
    }

    private static String requireName(String name) {
        if (name.equals("__metadata__")) {
            throw new IllegalArgumentException("write: an array is named '" + name
                    + "', which is what the format calls the texts of a file; name it otherwise");
        }
        return requireLetters("the name of an array", name);
    }

    /** Half of a surrogate pair would be written as a question mark. */
    private static String requireLetters(String what, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("write: " + what + " has half of a surrogate pair, which is no letter: '"
                    + text + "'; a text of bytes is best encoded, as in Base64");
        }
        return text;
    }
}
