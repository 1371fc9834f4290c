package dev.clew.nn.weight;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.io.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** Files that others have written, and numbers that they have computed. */
final class Golden {
    private Golden() {}

    /** Those of a resource. */
    static Map<String, NDArray> arrays(String resource) {
        try {
            Path file = Files.createTempFile("golden", ".safetensors");
            Files.write(file, Resources.toByteArray(Resources.getResource(Golden.class, resource)));
            try (Safetensors open = Safetensors.open(file)) {
                return open.readAll();
            } finally {
                Files.delete(file);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Those whose names begin so, without that. */
    static Map<String, NDArray> below(Map<String, NDArray> arrays, String prefix) {
        ImmutableMap.Builder<String, NDArray> some = ImmutableMap.builder();
        arrays.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                some.put(name.substring(prefix.length()), array);
            }
        });
        return some.buildOrThrow();
    }

    static NDArray array(Map<String, NDArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    static JsonObject json(String resource) {
        try {
            return JsonParser.parseString(
                            Resources.toString(Resources.getResource(Golden.class, resource), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** One that is written as {"shape": [...], "data": [...]}. */
    static NDArray array(JsonObject json, String name) {
        JsonObject array = json.getAsJsonObject(name);
        double[] shape = numbers(array.getAsJsonArray("shape"));
        int[] lengths = new int[shape.length];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (int) shape[i];
        }
        return NDArray.of(Shape.of(lengths), numbers(array.getAsJsonArray("data")));
    }

    static double[] numbers(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(each -> each.getAsDouble())
                .toArray();
    }

    /** Every element is near, as far as the largest of both or 1. */
    static void near(String what, NDArray found, NDArray expected, double tolerance) {
        assertThat(found.shape()).as(what).isEqualTo(expected.shape());
        double[] numbers = found.toDoubles();
        double[] others = expected.toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            assertThat(Math.abs(numbers[i] - others[i]))
                    .as("%s, element %s: %s for %s", what, i, numbers[i], others[i])
                    .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(others[i])));
        }
    }

    static void near(Map<String, NDArray> found, Map<String, NDArray> expected, double tolerance) {
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((name, numbers) -> near(name, array(found, name), numbers, tolerance));
    }
}
