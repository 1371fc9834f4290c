package dev.clew.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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

    /** Its sizes stand in a field of 64 bits, whatever they are. */
    @Test
    void headersOfEntriesAreThoseThatNumPyMakesOf64Bits() throws IOException {
        for (String name : List.of("zoo.npz", "zoo_compressed.npz", "kinds.npz", "refused.npz")) {
            assertThat(Arrays.copyOfRange(bytes(name), 18, 26)).containsOnly(0xff);
        }
    }

    @Test
    void aNumberThatDoesNotFitIsNamed() throws IOException {
        for (String name : List.of("zoo.npz", "zoo_compressed.npz")) {
            try (Npz open = Npz.open(file(name))) {
                assertThatThrownBy(() -> open.read("i8_too_large"))
                        .isExactlyInstanceOf(UnreadableFileException.class)
                        .hasMessage("read " + folder.resolve(name)
                                + ": element 0 of 'i8_too_large', <i8 (1), is 1099511627776;"
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
                .hasMessage(
                        "read " + file
                                + ": the array is |O (1); Python objects are a pickle, a program that runs when it is read;"
                                + " where it is trusted, in Python: np.save(file, np.load(old, allow_pickle=True).astype('f8'))");
    }

    @Test
    void aHeaderOfVersionTwoIsRead() throws IOException {
        assertThat(Npy.read(file("version2.npy"))).isEqualTo(NDArray.of(new double[] {0, 1, 2}));
    }

    // ------------------------------------------------------------------------------- every type, order, version and
    // rank

    /** Names such as {@code >f4 F 2x3 v1}; the k-th element by rows is k − 2, a quarter of it in floating point, and k if unsigned. */
    @Test
    void everyTypeIsReadInEveryOrderOfBytesAndIndices() throws IOException {
        Set<String> types = new TreeSet<>();
        try (Npz open = Npz.open(file("kinds.npz"))) {
            for (String name : open.names()) {
                List<String> parts = Splitter.on(' ').splitToList(name);
                assertThat(open.stored(name).type()).isEqualTo(parts.get(0));
                assertThat(open.read(name)).as(name).isEqualTo(kind(parts.get(0), parts.get(2)));
                types.add(parts.get(0) + parts.get(1));
            }
            assertThat(open.names()).hasSize(168);
        }
        assertThat(types).hasSize(42);
    }

    private static NDArray kind(String descr, String lengths) {
        Shape shape = Shape.of(Splitter.on('x')
                .omitEmptyStrings()
                .splitToStream(lengths)
                .mapToInt(Integer::parseInt)
                .toArray());
        double[] numbers = new double[shape.elements()];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = switch (descr.charAt(1)) {
                case 'f' -> (k - 2) / 4.0;
                case 'i' -> k - 2;
                case 'u' -> k;
                default -> k % 2;
            };
        }
        return NDArray.of(shape, numbers).cast(dtype(descr));
    }

    /** By name of an entry, what errors say of it after the name of the file. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("complex 8", "is <c8 (2); arrays have no complex numbers; in Python: np.save("),
            Map.entry("complex 16", "is >c16 (2, 2); arrays have no complex numbers; in Python: np.save("),
            Map.entry("bytes", "is |S3 (1); arrays have no texts; in Python: np.save("),
            Map.entry("text", "is <U3 (); arrays have no texts; in Python: np.save("),
            Map.entry("dates", "is <M8[ns] (1); arrays have no dates; in Python: np.save("),
            Map.entry("durations", "is <m8 (1); arrays have no durations; in Python: np.save("),
            Map.entry(
                    "long double",
                    "is <f16 (3); arrays have no long doubles; in Python: np.save(file, a.astype('f8'))"),
            Map.entry(
                    "bfloat16",
                    "is |V2 (3); it is a type that NumPy does not know, such as bfloat16 of ml_dtypes; in Python:"
                            + " np.save(file, a.view(ml_dtypes.bfloat16).astype('f4'))"),
            Map.entry(
                    "float8",
                    "is |V1 (3); it is a type that NumPy does not know, such as float8_e4m3fn of ml_dtypes; in"),
            Map.entry("raw", "is |V7 (3); it is a type that NumPy does not know; in Python: np.save("),
            Map.entry(
                    "fields",
                    "is [('a', '<f4'), ('b', '<i4', (2,))] (2); its elements have several fields, and those of"),
            Map.entry(
                    "fields of fields",
                    "is [('a', [('x', '<f4'), ('y', '|S3')]), ((\"t'itle\", 'n\"ame'), ... (2); its elements"),
            Map.entry("gaps", "is [('a', '|i1'), ('', '|V7'), ('b', '<f8')] (2); its elements have several fields"),
            Map.entry("日本", "is [('日本', '<f4')] (2); its elements have several fields"),
            Map.entry("objects", "is |O (2); Python objects are a pickle, a program that runs when it is read"),
            Map.entry("no objects", "is |O (0); Python objects are a pickle, a program that runs when it is read"),
            Map.entry(
                    "too large",
                    "element 3 of 'too large', <i8 (2, 2), is 2147483648; arrays of whole numbers are i32"),
            Map.entry("too small", "element 0 of 'too small', <i8 (), is -2147483649; arrays of whole numbers are i32"),
            Map.entry("largest", "element 0 of 'largest', >u8 (1), is 18446744073709551615; arrays of whole"),
            Map.entry("beyond", "element 0 of 'beyond', <u4 (1), is 2147483648; arrays of whole numbers are i32"));

    @Test
    void whatArraysCannotHoldIsListedAndRefusedByNameWhenItIsRead() throws IOException {
        Path file = file("refused.npz");
        try (Npz open = Npz.open(file)) {
            assertThat(open.names()).isEqualTo(REFUSED.keySet());
            for (String name : open.names()) {
                assertThat(open.stored(name).type()).isNotEmpty();
                String because = Objects.requireNonNull(REFUSED.get(name));
                assertThatThrownBy(() -> open.read(name))
                        .as(name)
                        .isExactlyInstanceOf(UnreadableFileException.class)
                        .hasMessageStartingWith(
                                "read " + file + ": " + (because.startsWith("is ") ? "'" + name + "' " : "") + because);
            }
        }
    }
}
