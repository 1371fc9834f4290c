package dev.clew.io;

import com.google.common.collect.ImmutableMap;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a safetensors file says of itself: 8 bytes with the length N of the header, little-endian, N bytes of JSON, then the tensors, one
 * after the other without a gap.
 *
 * @param places by name, in the order in which the tensors lie in the file
 * @param begin the first byte after the header
 */
record Header(ImmutableMap<String, TensorPlace> places, ImmutableMap<String, String> metadata, long begin) {
    /** Rust orders text by its bytes in UTF-8, Java by those in UTF-16, which differ beyond U+FFFF. */
    private static final Comparator<String> BY_BYTES =
            Comparator.comparing(name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static final Comparator<Map.Entry<String, TensorPlace>> BY_OFFSET = Comparator.comparingLong(
                    (Map.Entry<String, TensorPlace> each) -> each.getValue().begin())
            .thenComparingLong(each -> each.getValue().end())
            .thenComparing(Map.Entry::getKey, BY_BYTES);

    // -------------------------------------------------------------------------------------------------------- reading

    /** Nothing is allocated by what the file claims before that fits its length. */
    static Header read(Path file, FileChannel channel) throws IOException {
        long length = channel.size();
        long n = headerLength(file, channel, length);
        HeaderReader.Said said =
                StrictJson.read(new StrictJson.Source(file, channel, Long.BYTES, n, "its header"), HeaderReader::read);
        Header header = new Header(ordered(said.places()), sorted(said.metadata()), Long.BYTES + n);
        header.requireTogether(file, length);
        return header;
    }

    /** How many bytes of JSON follow the first 8 of a file of this length. */
    private static long headerLength(Path file, FileChannel channel, long length) throws IOException {
        if (length < Long.BYTES) {
            throw new UnreadableFileException(
                    file,
                    "it has " + length + " bytes",
                    "a safetensors file begins with the length of its header, in 8");
        }
        ByteBuffer eight = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(file, channel, 0, eight);
        long n = eight.getLong(0);
        if (n < 0 || n > Math.min(StrictJson.MOST, length - Long.BYTES)) {
            ForeignFile.refuseKnown(file, channel, eight);
        }
        if (n < 0 || n > StrictJson.MOST) {
            throw new UnreadableFileException(
                    file,
                    "its header would have " + Long.toUnsignedString(n) + " bytes",
                    "the most is " + StrictJson.MOST + "; is it a safetensors file?");
        }
        if (n > length - Long.BYTES) {
            throw new UnreadableFileException(
                    file,
                    "its header would have " + n + " bytes, but the file has " + length,
                    "it is cut off, or no safetensors file");
        }
        return n;
    }

    /** Reads until a buffer is full, and makes it ready to be looked at. */
    static void fill(Path file, FileChannel channel, long at, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw cutOff(file, channel);
            }
        }
        bytes.flip();
    }

    static UnreadableFileException cutOff(Path file, FileChannel channel) throws IOException {
        return new UnreadableFileException(
                file,
                "it ends at byte " + channel.size() + " while it is read",
                "another program has cut it off; files are replaced by renaming");
    }

    private static ImmutableMap<String, TensorPlace> ordered(Map<String, TensorPlace> places) {
        return places.entrySet().stream()
                .sorted(BY_OFFSET)
                .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static ImmutableMap<String, String> sorted(Map<String, String> metadata) {
        Map<String, String> sorted = new TreeMap<>(BY_BYTES);
        sorted.putAll(metadata);
        return ImmutableMap.copyOf(sorted);
    }

    /** The checks of the reference, in its order: no gap, no overlap, sizes as types and shapes say, and nothing after the last. */
    private void requireTogether(Path file, long length) throws UnreadableFileException {
        long start = 0;
        for (Map.Entry<String, TensorPlace> each : places.entrySet()) {
            TensorPlace place = each.getValue();
            String name = HeaderReader.shown(each.getKey());
            if (place.begin() != start || place.end() < start) {
                throw new UnreadableFileException(
                        file, name + " lies from " + place.begin() + " to " + place.end(), misplaced(place, start));
            }
            start = place.end();
            requireSize(file, name, place);
        }
        if (start != length - begin) {
            throw new UnreadableFileException(
                    file,
                    "its tensors have " + start + " bytes, but " + (length - begin) + " follow the header",
                    start > length - begin ? "it is cut off" : "nothing may follow the last tensor");
        }
    }

    /** The rule that a tensor breaks, before which others end. */
    private static String misplaced(TensorPlace place, long start) {
        if (place.end() < place.begin()) {
            return "it must not end before it begins";
        } else if (place.begin() < start) {
            return "it must not overlap the one before, which ends at " + start;
        } else if (start == 0) {
            return "the tensors must begin at 0";
        }
        return "it must begin at " + start + ", where the one before ends: there is a hole between them";
    }

    private static void requireSize(Path file, String name, TensorPlace place) throws UnreadableFileException {
        long elements = multiplied(file, name, place, "elements", 1, place.lengths());
        long bits = multiplied(
                file, name, place, "bits", elements, List.of((long) place.type().bits()));
        if (bits % Byte.SIZE != 0 || bits / Byte.SIZE != place.bytes()) {
            throw new UnreadableFileException(
                    file,
                    name + ", " + place.type() + " " + place.shape() + ", has " + place.bytes() + " bytes",
                    bits % Byte.SIZE == 0
                            ? "it needs " + bits / Byte.SIZE
                            : bits + " bits are no whole number of bytes");
        }
    }

    private static long multiplied(
            Path file, String name, TensorPlace place, String counted, long first, List<Long> factors)
            throws UnreadableFileException {
        long product = first;
        for (long each : factors) {
            if (Math.multiplyHigh(product, each) != 0 || product * each < 0) {
                throw new UnreadableFileException(
                        file,
                        name + " is " + place.type() + " " + place.shape(),
                        "that many " + counted + " are more than 2⁶³ − 1");
            }
            product *= each;
        }
        return product;
    }

    // -------------------------------------------------------------------------------------------------------- writing

    /** By their bytes in UTF-8, which is the order of their code points. */
    static Comparator<String> byBytes() {
        return BY_BYTES;
    }

    /** Refuses so many names in one object of the header. */
    static void requireFew(String what, int count) {
        if (count > StrictJson.MOST_NAMES) {
            throw new IllegalArgumentException("write: there are " + count + " " + what
                    + "; the most that are read again are " + StrictJson.MOST_NAMES);
        }
    }

    /** Refuses what makes a header too long for readers, of which so many bytes are known. */
    static void requireShort(long bytes) {
        if (bytes > StrictJson.MOST) {
            throw new IllegalArgumentException("write: the names and the metadata make a header of at least " + bytes
                    + " bytes; the most that readers take is " + StrictJson.MOST);
        }
    }

    /** The length of the header and the header, padded so that the tensors begin at a multiple of 8. */
    ByteBuffer toBytes() throws IOException {
        byte[] json = json().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        requireShort(padded);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(json);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }

    private String json() throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.beginObject();
        if (!metadata.isEmpty()) {
            json.name("__metadata__").beginObject();
            for (Map.Entry<String, String> each : sorted(metadata).entrySet()) {
                json.name(each.getKey()).value(each.getValue());
            }
            json.endObject();
        }
        for (Map.Entry<String, TensorPlace> each : places.entrySet()) {
            write(json.name(each.getKey()), each.getValue());
        }
        json.endObject().flush();
        return text.toString();
    }

    private static void write(JsonWriter json, TensorPlace place) throws IOException {
        json.beginObject()
                .name("dtype")
                .value(place.type().name())
                .name("shape")
                .beginArray();
        for (long each : place.lengths()) {
            json.value(each);
        }
        json.endArray().name("data_offsets").beginArray();
        json.value(place.begin()).value(place.end()).endArray().endObject();
    }
}
