package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that NumPy 2.4 has written, against what it says is in them. */
final class NpzZooTest {
    @TempDir
    private Path folder;

    private Path file(String name) throws IOException {
        return Files.write(folder.resolve(name), bytes(name));
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream resource = Objects.requireNonNull(NpzZooTest.class.getResourceAsStream(name), name)) {
            return resource.readAllBytes();
        }
    }

    private static JsonObject said(String name) throws IOException {
        return JsonParser.parseString(new String(bytes(name), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    private static NDArray expected(JsonObject entry) {
        List<JsonElement> data = entry.getAsJsonArray("data").asList();
        Shape shape = Shape.of(entry.getAsJsonArray("shape").asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray());
        DType dtype = dtype(entry.get("descr").getAsString());
        double[] numbers = data.stream().mapToDouble(NpzZooTest::number).toArray();
        return NDArray.of(shape, numbers).cast(dtype);
    }

    private static double number(JsonElement written) {
        JsonPrimitive number = written.getAsJsonPrimitive();
        return number.isBoolean() ? number.getAsBoolean() ? 1 : 0 : number.getAsDouble();
    }

    private static DType dtype(String descr) {
        return switch (descr.substring(1)) {
            case "f8" -> DType.F64;
            case "f4", "f2" -> DType.F32;
            case "b1" -> DType.BOOL;
            default -> DType.I32;
        };
    }

    @Test
    void everyEntryOfTheZooIsRead() throws IOException {
        JsonObject zoo = said("zoo.json");
        for (String name : List.of("zoo.npz", "zoo_compressed.npz")) {
            try (Npz open = Npz.open(file(name))) {
                assertThat(open.names()).isEqualTo(zoo.keySet()).hasSize(16);
                for (String entry : open.names()) {
                    JsonObject says = zoo.getAsJsonObject(entry);
                    JsonArray shape = says.getAsJsonArray("shape");
                    assertThat(open.stored(entry).type())
                            .isEqualTo(says.get("descr").getAsString());
                    assertThat(open.stored(entry).lengths())
                            .isEqualTo(shape.asList().stream()
                                    .map(JsonElement::getAsLong)
                                    .toList());
                    if (!entry.equals("i8_too_large")) {
                        assertThat(open.read(entry)).as(entry).isEqualTo(expected(says));
                    }
                }
            }
        }
    }

    @Test
    void aNumberThatDoesNotFitIsNamed() throws IOException {
        for (String name : List.of("zoo.npz", "zoo_compressed.npz")) {
            try (Npz open = Npz.open(file(name))) {
                assertThatThrownBy(() -> open.read("i8_too_large"))
                        .isExactlyInstanceOf(UnreadableFileException.class)
                        .hasMessage("read " + folder.resolve(name) + ": element 0 of 'i8_too_large', <i8 (1), is 1099511627776;"
                                + " arrays of whole numbers are i32, which it does not fit");
                assertThatThrownBy(open::readAll).isExactlyInstanceOf(UnreadableFileException.class);
            }
        }
    }

    @Test
    void aPickleIsRefused() throws IOException {
        Path file = file("object.npy");
        assertThatThrownBy(() -> Npy.read(file))
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + file + ": the array is |O (1); Python objects are a pickle, a program that runs when it is read;"
                        + " where it is trusted, in Python: np.save(file, np.load(old, allow_pickle=True).astype('f8'))");
    }

    @Test
    void aHeaderOfVersionTwoIsRead() throws IOException {
        assertThat(Npy.read(file("version2.npy"))).isEqualTo(NDArray.of(new double[] {0, 1, 2}));
    }
}
