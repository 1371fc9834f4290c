package dev.clew.io;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What a safetensors file is to hold, which was found right: it can be written. */
record TensorFile(Header header, ImmutableList<ElementEncoder> tensors) {
    /** The order of the reference: larger types first, so that all are aligned, and then by the bytes of the name. */
    private static final Comparator<ElementEncoder> ORDER =
            Comparator.comparing(ElementEncoder::type).reversed().thenComparing(ElementEncoder::name, Header.byBytes());

    /** @param types of those that are written as another type than they have */
    static TensorFile of(Map<String, NDArray> arrays, Map<String, String> metadata, Map<String, ElementType> types) {
        Header.requireFew("arrays", arrays.size());
        Header.requireFew("texts", metadata.size());
        List<ElementEncoder> tensors = new ArrayList<>();
        arrays.forEach((name, array) -> {
            requireName(name);
            requireAxes(name, array);
            ElementType type = types.getOrDefault(name, ElementType.of(array.dtype()));
            tensors.add(new ElementEncoder(name, array, type));
        });
        metadata.forEach((name, text) -> {
            Header.requireShort((long) name.length() + text.length());
            requireLetters("the name of a text", name);
            requireLetters("the text of '" + name + "'", text);
        });
        tensors.forEach(ElementEncoder::requireFits);
        return of(ImmutableList.sortedCopyOf(ORDER, tensors), metadata);
    }

    private static TensorFile of(ImmutableList<ElementEncoder> tensors, Map<String, String> metadata) {
        ImmutableMap.Builder<String, TensorPlace> places = ImmutableMap.builder();
        long begin = 0;
        for (ElementEncoder each : tensors) {
            long end = begin + each.bytes();
            places.put(each.name(), new TensorPlace(each.type(), lengths(each.array()), begin, end));
            begin = end;
        }
        return new TensorFile(new Header(places.buildOrThrow(), ImmutableMap.copyOf(metadata), 0), tensors);
    }

    private static ImmutableList<Long> lengths(NDArray array) {
        return Arrays.stream(array.shape().lengths()).mapToObj(Long::valueOf).collect(ImmutableList.toImmutableList());
    }

    /** How many bytes all tensors have. */
    long bytes() {
        return tensors.stream().mapToLong(ElementEncoder::bytes).sum();
    }

    void writeTo(WritableByteChannel channel) throws IOException {
        ByteBuffer bytes = header.toBytes();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        for (ElementEncoder each : tensors) {
            each.writeTo(channel);
        }
    }

    private static void requireName(String name) {
        if (name.equals("__metadata__")) {
            throw new IllegalArgumentException("write: an array is named '" + name
                    + "', which is what the format calls the texts of a file; name it otherwise");
        }
        requireLetters("the name of an array", name);
    }

    private static void requireAxes(String name, NDArray array) {
        if (array.shape().rank() > HeaderReader.MOST_AXES) {
            throw new IllegalArgumentException("write: '" + name + "' has "
                    + array.shape().rank() + " axes; the most that are read again are " + HeaderReader.MOST_AXES);
        }
    }

    /** Half of a surrogate pair would be written as a question mark. */
    private static void requireLetters(String what, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("write: " + what + " has half of a surrogate pair, which is no letter: '"
                    + text + "'; a text of bytes is best encoded, as in Base64");
        }
    }
}
