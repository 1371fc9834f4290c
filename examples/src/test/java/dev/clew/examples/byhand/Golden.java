package dev.clew.examples.byhand;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Reads the golden files: numbers written with the fewest digits that parse back to the same double. */
public final class Golden {
    private Golden() {}

    /** The content of a file under {@code golden/} of the test resources. */
    public static JsonObject read(String name) {
        try (InputStream stream = Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + name), name);
                InputStreamReader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only field whose name begins so; some names carry an explanation behind. */
    public static JsonElement field(JsonObject object, String beginning) {
        String name = object.keySet().stream()
                .filter(key -> key.startsWith(beginning))
                .reduce((a, b) -> {
                    throw new IllegalArgumentException("both " + a + " and " + b + " begin with " + beginning);
                })
                .orElseThrow(() -> new IllegalArgumentException("none of " + object.keySet() + " is " + beginning));
        return object.get(name);
    }

    /** An object inside an object. */
    public static JsonObject object(JsonObject parent, String beginning) {
        return field(parent, beginning).getAsJsonObject();
    }

    /** A list of numbers, or the data of a tensor in row-major order. */
    public static double[] vector(JsonElement element) {
        JsonElement list = element.isJsonObject() ? element.getAsJsonObject().get("data") : element;
        return list.getAsJsonArray().asList().stream()
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
    }

    /** A list of whole numbers. */
    public static int[] integers(JsonElement element) {
        return element.getAsJsonArray().asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    /** A list of lists, or a tensor with all axes but the first flattened into one. */
    public static double[][] matrix(JsonElement element) {
        if (element.isJsonArray()) {
            return element.getAsJsonArray().asList().stream()
                    .map(Golden::vector)
                    .toArray(double[][]::new);
        }
        int rows = element.getAsJsonObject().getAsJsonArray("shape").get(0).getAsInt();
        double[] data = vector(element);
        int columns = data.length / rows;
        return IntStream.range(0, rows)
                .mapToObj(i -> Arrays.copyOfRange(data, i * columns, (i + 1) * columns))
                .toArray(double[][]::new);
    }

    /** Tensors by name; a bare number is a tensor of one entry. */
    public static Map<String, double[][]> matrices(JsonElement element) {
        Map<String, double[][]> map = new LinkedHashMap<>();
        element.getAsJsonObject()
                .asMap()
                .forEach((name, value) -> map.put(
                        name, value.isJsonPrimitive() ? new double[][] {{value.getAsDouble()}} : matrix(value)));
        return map;
    }

    /** The objects of a list. */
    public static Iterable<JsonObject> objects(JsonArray list) {
        return list.asList().stream().map(JsonElement::getAsJsonObject).toList();
    }

    /** The cases of a file. */
    public static Iterable<JsonObject> cases(JsonObject file) {
        return objects(file.getAsJsonArray("cases"));
    }
}
