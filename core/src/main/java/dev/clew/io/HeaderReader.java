package dev.clew.io;

import com.google.common.collect.ImmutableList;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the header of a safetensors file as JSON. What JSON leaves open is refused: names that occur twice, of which most readers keep
 * one silently, and fields that the format does not have. The parser, made strict, refuses what is no JSON, and half of a surrogate pair.
 */
final class HeaderReader {
    private static final String METADATA = "__metadata__";
    private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final String FIELDS = "a tensor has dtype, shape and data_offsets";
    private static final int SHOWN = 60;

    private final Path file;
    private final JsonReader json;
    private final Map<String, TensorPlace> places = new HashMap<>();
    private final Map<String, String> metadata = new HashMap<>();

    private HeaderReader(Path file, String text) {
        this.file = file;
        this.json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.STRICT);
    }

    /** What a header says, before it is known whether that fits together and fits the file. */
    record Said(Map<String, TensorPlace> places, Map<String, String> metadata) {}

    static Said read(Path file, ByteBuffer header) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(header).toString();
        } catch (CharacterCodingException error) {
            throw caused(
                    new UnreadableFileException(file, "its header is not UTF-8", "it must be JSON in UTF-8"), error);
        }
        if (!text.startsWith("{")) {
            throw new UnreadableFileException(
                    file, "its header does not begin with '{'", "a safetensors file has a JSON object there");
        }
        return new HeaderReader(file, text).read();
    }

    private Said read() throws IOException {
        try {
            header();
            return new Said(places, metadata);
        } catch (UnreadableFileException error) {
            throw error;
        } catch (IOException error) { // What the parser says of JSON that is none; the text itself is in memory.
            throw caused(wrong("its header is no JSON at " + shown(json.getPath()), "it must be JSON"), error);
        }
    }

    private void header() throws IOException {
        Set<String> seen = new HashSet<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = newName(seen);
            if (name.equals(METADATA)) {
                metadata();
            } else {
                places.put(name, place(name));
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw wrong("its header goes on after the JSON object", "only blanks may follow");
        }
    }

    private void metadata() throws IOException {
        Set<String> seen = new HashSet<>();
        begin(JsonToken.BEGIN_OBJECT, METADATA);
        json.beginObject();
        while (json.hasNext()) {
            String name = newName(seen);
            metadata.put(name, text(METADATA + " of " + shown(name)));
        }
        json.endObject();
    }

    private TensorPlace place(String tensor) throws IOException {
        Set<String> seen = new LinkedHashSet<>();
        Optional<ElementType> type = Optional.empty();
        Optional<ImmutableList<Long>> lengths = Optional.empty();
        Optional<ImmutableList<Long>> offsets = Optional.empty();
        begin(JsonToken.BEGIN_OBJECT, shown(tensor));
        json.beginObject();
        while (json.hasNext()) {
            String field = newName(seen);
            String what = field + " of " + shown(tensor);
            switch (field) {
                case "dtype" -> type = Optional.of(type(what));
                case "shape" -> lengths = Optional.of(numbers(what));
                case "data_offsets" -> offsets = Optional.of(numbers(what));
                default -> throw wrong(shown(tensor) + " has the field " + shown(field), FIELDS);
            }
        }
        json.endObject();
        if (type.isEmpty() || lengths.isEmpty() || offsets.isEmpty()) {
            throw wrong(shown(tensor) + " has the fields " + seen, FIELDS);
        }
        return place(tensor, type.get(), lengths.get(), offsets.get());
    }

    private TensorPlace place(String tensor, ElementType type, ImmutableList<Long> lengths, ImmutableList<Long> offsets)
            throws UnreadableFileException {
        if (offsets.size() != 2) {
            throw wrong(shown(tensor) + " has " + offsets.size() + " data_offsets", "they are two: begin and end");
        }
        return new TensorPlace(type, lengths, offsets.getFirst(), offsets.getLast());
    }

    private ElementType type(String what) throws IOException {
        String name = text(what);
        return ElementType.named(name)
                .orElseThrow(
                        () -> wrong(what + " is " + shown(name), "the types are " + List.of(ElementType.values())));
    }

    private ImmutableList<Long> numbers(String what) throws IOException {
        List<Long> numbers = new ArrayList<>();
        begin(JsonToken.BEGIN_ARRAY, what);
        json.beginArray();
        while (json.hasNext()) {
            begin(JsonToken.NUMBER, what);
            numbers.add(number(what, json.nextString()));
        }
        json.endArray();
        return ImmutableList.copyOf(numbers);
    }

    private long number(String what, String written) throws IOException {
        BigInteger number = WHOLE.matcher(written).matches() ? new BigInteger(written) : BigInteger.ONE.negate();
        if (number.signum() < 0 || number.bitLength() >= Long.SIZE) {
            throw wrong(what + " has " + shown(written), "numbers are whole, written in digits alone, and below 2⁶³");
        }
        return number.longValueExact();
    }

    private String text(String what) throws IOException {
        begin(JsonToken.STRING, what);
        return json.nextString();
    }

    private String newName(Set<String> seen) throws IOException {
        String name = json.nextName();
        if (!seen.add(name)) {
            throw wrong(shown(name) + " is there twice", "names must differ, for readers keep either of two");
        }
        return name;
    }

    private void begin(JsonToken expected, String what) throws IOException {
        JsonToken found = json.peek();
        if (found != expected) {
            throw wrong(what + " is or has a " + found + " of JSON", "it must be " + expected);
        }
    }

    private UnreadableFileException wrong(String what, String rule) {
        return new UnreadableFileException(file, what, rule);
    }

    private static UnreadableFileException caused(UnreadableFileException error, Exception cause) {
        error.initCause(cause);
        return error;
    }

    /** A name as errors show it: whoever has made a file may have made it long. */
    static String shown(String name) {
        return "'" + (name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "...") + "'";
    }
}
