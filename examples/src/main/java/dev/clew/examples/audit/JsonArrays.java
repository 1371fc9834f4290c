package dev.clew.examples.audit;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.Ints;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.io.UnreadableFileException;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Arrays as JSON has them: {@code {"W": [[0.1, -2e-3], [1, 0]], "loss": 2.5}}.
 *
 * <p>An array whose numbers are all written as integers has integers, which may be symbols; all others have f64. NaN and infinities,
 * which are no JSON, are refused as texts too.
 */
final class JsonArrays {
    private static final int MOST_AXES = 32;

    private final Path file;
    private final JsonReader json;

    private JsonArrays(Path file, JsonReader json) {
        this.file = file;
        this.json = json;
    }

    static Map<String, NDArray> read(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file);
                JsonReader json = new JsonReader(text)) {
            json.setStrictness(Strictness.STRICT);
            return new JsonArrays(file, json).readAll();
        } catch (MalformedJsonException | EOFException | CharacterCodingException error) {
            UnreadableFileException told = new UnreadableFileException(
                    file,
                    "it is no JSON (" + said(error) + ")",
                    "it must be one object of nested arrays of numbers, {\"W\": [[0.1, 0.2]]}, without NaN and Infinity");
            told.initCause(error);
            throw told;
        }
    }

    /** What the parser says, and where, without its advice. */
    private static String said(IOException error) {
        return String.valueOf(error.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replace("Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON ", "");
    }

    private Map<String, NDArray> readAll() throws IOException {
        require(json.peek() == JsonToken.BEGIN_OBJECT, "it begins with " + word(json.peek()), "it must be an object");
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            require(!arrays.containsKey(name), name + " is there twice", "names must differ");
            arrays.put(name, new Nested(name).read());
        }
        json.endObject();
        require(json.peek() == JsonToken.END_DOCUMENT, "it goes on after the object", "only blanks may follow");
        return arrays;
    }

    /** One array, row-major: the first of every nesting says how long the others are. */
    private final class Nested {
        private final String name;
        private final ImmutableDoubleArray.Builder numbers = ImmutableDoubleArray.builder();
        private final List<Integer> lengths = new ArrayList<>();
        private int axes = -1;
        private boolean areIntegers = true;

        Nested(String name) {
            this.name = name;
        }

        NDArray read() throws IOException {
            value(0);
            Shape shape = Shape.of(Ints.toArray(lengths));
            NDArray array = NDArray.of(shape, numbers.build().toArray());
            return areIntegers ? array.cast(DType.I32) : array;
        }

        private void value(int depth) throws IOException {
            JsonToken token = json.peek();
            if (token == JsonToken.BEGIN_ARRAY && depth < MOST_AXES) {
                require(axes < 0 || depth < axes, name + " has numbers and arrays side by side", rule());
                row(depth);
                return;
            }
            require(token == JsonToken.NUMBER, name + " has " + word(token) + " where a number stands", rule());
            require(axes < 0 || axes == depth, name + " has numbers and arrays side by side", rule());
            axes = depth;
            number(json.nextString());
        }

        private void row(int depth) throws IOException {
            json.beginArray();
            int count = 0;
            if (lengths.size() == depth) {
                lengths.add(-1);
            }
            for (; json.hasNext(); count++) {
                value(depth + 1);
            }
            json.endArray();
            if (lengths.get(depth) < 0) {
                lengths.set(depth, count);
            }
            require(count > 0, name + " has an empty row", rule());
            require(
                    lengths.get(depth).equals(count),
                    name + " has rows of " + lengths.get(depth) + " and of " + count,
                    rule());
        }

        private void number(String written) throws IOException {
            double number = Double.parseDouble(written);
            require(Double.isFinite(number), name + " has " + written + ", which is beyond f64", rule());
            areIntegers &= written.matches("-?[0-9]{1,9}");
            numbers.add(number);
        }

        private static String rule() {
            return "an array is numbers, nested in rows of one length; NaN, Infinity, texts and null are no numbers";
        }
    }

    private static String word(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "an array";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case NAME, END_ARRAY, END_OBJECT, END_DOCUMENT -> "nothing";
        };
    }

    private void require(boolean holds, String wrong, String rule) throws UnreadableFileException {
        if (!holds) {
            throw new UnreadableFileException(file, wrong, rule);
        }
    }
}
