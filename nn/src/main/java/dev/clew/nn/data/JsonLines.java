package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file of which every line is an object of JSON (RFC 8259), read at once and strictly as UTF-8; empty lines are skipped. Fields become
 * numbers when they are asked for. A field that is not there, or null, is an error then; {@link #present} leaves such lines out.
 */
public final class JsonLines {
    private static final Gson GSON =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private final Path file;
    private final ImmutableList<Line> lines;

    private JsonLines(Path file, ImmutableList<Line> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** @param number counted from 1 */
    private record Line(int number, JsonObject object) {}

    /**
     * What stands in a file.
     *
     * @throws IllegalArgumentException if a line is not one object, or has a field twice, which names the line
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static JsonLines read(Path file) {
        Present.require("read", file);
        List<String> texts = Lines.of(file);
        ImmutableList.Builder<Line> lines = ImmutableList.builder();
        for (int i = 0; i < texts.size(); i++) {
            if (!texts.get(i).isBlank()) {
                lines.add(new Line(i + 1, object(file, i + 1, texts.get(i))));
            }
        }
        return new JsonLines(file, lines.build());
    }

    private static JsonObject object(Path file, int number, String text) {
        JsonObject object = new JsonObject();
        try (JsonReader reader = GSON.newJsonReader(new StringReader(text))) {
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                throw Utf8File.wrong("read", file, number, "it is not an object {...}: " + Utf8File.shown(text));
            }
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                // Gson would keep the last.
                if (object.has(name)) {
                    throw Utf8File.wrong("read", file, number, "the field " + Utf8File.shown(name) + " is there twice");
                }
                object.add(name, GSON.getAdapter(JsonElement.class).read(reader));
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("something follows the object");
            }
        } catch (IOException | JsonParseException | IllegalStateException error) {
            IllegalArgumentException wrong =
                    Utf8File.wrong("read", file, number, "it is not JSON: " + Utf8File.shown(text));
            wrong.initCause(error);
            throw wrong;
        }
        return object;
    }

    /** How many objects there are. */
    public int size() {
        return lines.size();
    }

    /** Only the lines in which all of these fields are there, and none is null. */
    public JsonLines present(String... fields) {
        Present.require("present", (Object) fields);
        return new JsonLines(
                file,
                lines.stream()
                        .filter(line -> Arrays.stream(fields).allMatch(field -> isPresent(line, field)))
                        .collect(ImmutableList.toImmutableList()));
    }

    private static boolean isPresent(Line line, String field) {
        return line.object.has(field) && !line.object.get(field).isJsonNull();
    }

    /**
     * A field of texts.
     *
     * @throws IllegalArgumentException if it is something else in a line, which is named
     */
    public List<String> text(String field) {
        Present.require("text", field);
        return lines.stream()
                .map(line -> {
                    JsonElement value = value("text", line, field);
                    if (!(value instanceof JsonPrimitive primitive) || !primitive.isString()) {
                        throw wrong("text", line, field, Utf8File.shown(value.toString()) + " is not a text in quotes");
                    }
                    return primitive.getAsString();
                })
                .collect(ImmutableList.toImmutableList());
    }

    /**
     * A field of numbers. Shapes: (lines) f64.
     *
     * @throws IllegalArgumentException if it is something else in a line, which is named
     */
    public NDArray numbers(String field) {
        Present.require("numbers", field);
        return NDArray.of(lines.stream()
                .mapToDouble(line -> number("numbers", line, field, value("numbers", line, field), DType.F64))
                .toArray());
    }

    /**
     * A field of whole numbers. Shapes: (lines) i32.
     *
     * @throws IllegalArgumentException if it is something else in a line, or beyond 32 bits, which is named
     */
    public NDArray integers(String field) {
        Present.require("integers", field);
        return NDArray.of(lines.stream()
                .mapToInt(line -> (int) number("integers", line, field, value("integers", line, field), DType.I32))
                .toArray());
    }

    /**
     * A field of numbers in lists, or lists of lists, those of a level of one length: of every line an array of its own shape.
     *
     * @param type f64, f32 or i32
     * @throws IllegalArgumentException if it is something else in a line, which is named
     */
    public List<NDArray> arrays(String field, DType type) {
        Present.require("arrays", field, type);
        if (type == DType.BOOL) {
            throw new IllegalArgumentException("arrays of the field " + Utf8File.shown(field)
                    + " as bool: JSON's lists are read as numbers; f64, f32 or i32");
        }
        return lines.stream()
                .map(line -> {
                    JsonElement value = value("arrays", line, field);
                    List<Integer> lengths = new ArrayList<>();
                    for (JsonElement at = value; at instanceof JsonArray array; at = first(array)) {
                        lengths.add(array.size());
                    }
                    List<Double> numbers = new ArrayList<>();
                    collect(line, field, value, lengths, type, numbers);
                    Shape shape =
                            Shape.of(lengths.stream().mapToInt(length -> length).toArray());
                    return NDArray.of(
                                    shape,
                                    numbers.stream()
                                            .mapToDouble(number -> number)
                                            .toArray())
                            .cast(type);
                })
                .collect(ImmutableList.toImmutableList());
    }

    private static JsonElement first(JsonArray array) {
        return array.isEmpty() ? new JsonPrimitive(0) : array.get(0);
    }

    private void collect(
            Line line, String field, JsonElement value, List<Integer> lengths, DType type, List<Double> numbers) {
        if (lengths.isEmpty()) {
            numbers.add(number("arrays", line, field, value, type));
            return;
        }
        if (!(value instanceof JsonArray array) || array.size() != lengths.getFirst()) {
            throw wrong(
                    "arrays",
                    line,
                    field,
                    Utf8File.shown(value.toString()) + " is not a list of " + lengths.getFirst()
                            + ", as the first of its level is; lists of a level are of one length");
        }
        for (JsonElement each : array) {
            collect(line, field, each, lengths.subList(1, lengths.size()), type, numbers);
        }
    }

    private double number(String asked, Line line, String field, JsonElement value, DType type) {
        if (!(value instanceof JsonPrimitive primitive) || !primitive.isNumber()) {
            throw wrong(asked, line, field, Utf8File.shown(value.toString()) + " is not a number");
        }
        double number = primitive.getAsDouble();
        double stored = switch (type) {
            case I32 -> (int) number;
            case F32 -> (float) number;
            default -> number;
        };
        boolean isKept = type == DType.I32
                ? stored == number && new BigDecimal(primitive.getAsString()).compareTo(BigDecimal.valueOf(number)) == 0
                : Double.isFinite(stored);
        if (!isKept) {
            throw wrong(
                    asked,
                    line,
                    field,
                    Utf8File.shown(value.toString())
                            + (type == DType.I32
                                    ? " is not a whole number of 32 bits"
                                    : " is beyond what " + type + " holds"));
        }
        return stored;
    }

    private JsonElement value(String asked, Line line, String field) {
        if (!isPresent(line, field)) {
            String others = String.join(", ", line.object.keySet());
            throw wrong(
                    asked,
                    line,
                    field,
                    "there is " + (line.object.has(field) ? "null" : "nothing")
                            + "; the line has " + (others.isEmpty() ? "no field" : Utf8File.shown(others))
                            + "; present(\"" + field + "\") leaves such lines out");
        }
        return line.object.get(field);
    }

    private IllegalArgumentException wrong(String asked, Line line, String field, String what) {
        return Utf8File.wrong(asked + " of", file, line.number, "in the field " + Utf8File.shown(field) + ", " + what);
    }

    /** From where it is, and how many objects it has. */
    @Override
    public String toString() {
        return "JSON lines " + file + " of " + lines.size() + " objects";
    }
}
