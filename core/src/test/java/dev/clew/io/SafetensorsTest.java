package dev.clew.io;

import static dev.clew.io.Recipe.file;
import static dev.clew.io.Recipe.refused;
import static dev.clew.io.Recipe.tensor;
import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The format, against files put together by hand. */
final class SafetensorsTest {
    @TempDir
    private Path folder;

    private Map<String, NDArray> read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("file.safetensors"), bytes);
        try (Safetensors open = Safetensors.open(file)) {
            return open.readAll();
        }
    }

    private NDArray readOne(String dtype, String shape, int bytes, String hex) throws IOException {
        Map<String, NDArray> all = read(file(tensor(dtype, shape, "0," + bytes), hex));
        assertThat(all).containsOnlyKeys("x");
        return Objects.requireNonNull(all.get("x"));
    }

    // -------------------------------------------------------------------------------------------------------- reading

    @Test
    void typesThatArraysHaveAreReadAsTheyAre() throws IOException {
        assertThat(readOne("F64", "2", 16, "000000000000f03f 00000000000000c0"))
                .isEqualTo(NDArray.of(new double[] {1, -2}));
        assertThat(readOne("F32", "1,2", 8, "0000c03f 00000080")).isEqualTo(NDArray.of(new float[][] {{1.5f, -0f}}));
        assertThat(readOne("I32", "2", 8, "01000000 feffffff")).isEqualTo(NDArray.of(new int[] {1, -2}));
        assertThat(readOne("BOOL", "2", 2, "00 01")).isEqualTo(NDArray.of(new boolean[] {false, true}));
        assertThat(readOne("F64", "", 8, "000000000000f03f")).isEqualTo(NDArray.of(1.0));
    }

    @Test
    void halfPrecisionBecomesSingle() throws IOException {
        // 1, −2, the largest 65504, the smallest 2⁻²⁴, infinity.
        assertThat(readOne("F16", "5", 10, "003c 00c0 ff7b 0100 007c"))
                .isEqualTo(NDArray.of(new float[] {1, -2, 65504, 0x1p-24f, Float.POSITIVE_INFINITY}));
        // 1, −2, 3.140625, the largest, infinity: the upper halves of f32.
        assertThat(readOne("BF16", "5", 10, "803f 00c0 4940 7f7f 807f"))
                .isEqualTo(NDArray.of(new float[] {1, -2, 3.140625f, 0x1.fep127f, Float.POSITIVE_INFINITY}));
    }

    @Test
    void wholeNumbersBecomeInt() throws IOException {
        assertThat(readOne("U8", "3", 3, "00 7f ff")).isEqualTo(NDArray.of(new int[] {0, 127, 255}));
        assertThat(readOne("I8", "3", 3, "00 7f ff")).isEqualTo(NDArray.of(new int[] {0, 127, -1}));
        assertThat(readOne("U16", "2", 4, "0100 ffff")).isEqualTo(NDArray.of(new int[] {1, 65535}));
        assertThat(readOne("I16", "2", 4, "0100 ffff")).isEqualTo(NDArray.of(new int[] {1, -1}));
        assertThat(readOne("U32", "2", 8, "01000000 ffffff7f")).isEqualTo(NDArray.of(new int[] {1, Integer.MAX_VALUE}));
        assertThat(readOne("I64", "2", 16, "ffffffffffffffff 00000080ffffffff"))
                .isEqualTo(NDArray.of(new int[] {-1, Integer.MIN_VALUE}));
        assertThat(readOne("U64", "1", 8, "ffffff7f00000000")).isEqualTo(NDArray.of(new int[] {Integer.MAX_VALUE}));
    }

    @Test
    void wholeNumbersThatDoNotFitAreNamed() throws IOException {
        refused(
                folder,
                file(tensor("I64", "2", "0,16"), "0100000000000000 0000008000000000"),
                "element 1 of 'x', I64 (2), is 2147483648; arrays of whole numbers are i32, which it does not fit");
        refused(
                folder,
                file(tensor("U64", "", "0,8"), "ffffffffffffffff"),
                "element 0 of 'x', U64 (), is 18446744073709551615; arrays of whole numbers are i32, which it does not fit");
        refused(
                folder,
                file(tensor("U32", "1", "0,4"), "00000080"),
                "element 0 of 'x', U32 (1), is 2147483648; arrays of whole numbers are i32, which it does not fit");
    }

    @Test
    void aTruthValueIsZeroOrOne() throws IOException {
        refused(
                folder,
                file(tensor("BOOL", "3", "0,3"), "00 01 02"),
                "element 2 of 'x', BOOL (3), is the byte 2; a truth value is 0 or 1");
    }

    @Test
    void typesThatArraysDoNotHaveAreListedAndRefusedWhenRead() throws IOException {
        for (String type : List.of(
                "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F6_E2M3", "F6_E3M2", "F4", "C64")) {
            int bytes = type.equals("C64") ? 32 : type.equals("F4") ? 2 : type.startsWith("F6") ? 3 : 4;
            byte[] content = file(tensor(type, "4", "0," + bytes), "00".repeat(bytes));
            Path file = Files.write(folder.resolve(type), content);
            try (Safetensors open = Safetensors.open(file)) {
                assertThat(open.stored("x"))
                        .isEqualTo(new Safetensors.Stored(ElementType.valueOf(type), List.of(4L), bytes));
                assertThat(open).hasToString("Safetensors " + file + "\n  x " + type + " (4)");
            }
            refused(folder, content, "'x' is " + type + " (4); there is no type of arrays that holds " + type);
        }
        refused(
                folder,
                file(tensor("F6_E2M3", "3", "0,3"), "000000"),
                "'x', F6_E2M3 (3), has 3 bytes; 18 bits are no whole number of bytes");
    }

    /** A file of no elements may have any lengths; those of arrays have bounds of their own. */
    @Test
    void shapesBeyondThoseOfArraysAreListedAndRefusedWhenRead() throws IOException {
        byte[] content = file(tensor("F32", "3000000000,0", "0,0"), "");
        Path file = Files.write(folder.resolve("large"), content);
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.stored("x").lengths()).containsExactly(3_000_000_000L, 0L);
        }
        refused(folder, content, "'x' is F32 (3000000000, 0); an axis of an array has at most 2147483647 elements");
        assertThat(readOne("F32", "2147483647,0,2147483647", 0, "").shape())
                .isEqualTo(Shape.of(Integer.MAX_VALUE, 0, Integer.MAX_VALUE));
    }

    @Test
    void tensorsLieInTheOrderOfTheirOffsetsWhateverTheOrderOfTheHeader() throws IOException {
        String header = """
                {"b":{"shape":[2],"data_offsets":[1,9],"dtype":"F32"},
                 "none":{"dtype":"I64","shape":[3,0],"data_offsets":[1,1]},
                 "__metadata__":{"by":"hand \\u00e9 ß 🧵","":""},
                 "a":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}}   \s""";
        Path file = Files.write(folder.resolve("some"), file(header, "01 0000803f 00000040"));
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.names()).containsExactly("a", "none", "b");
            assertThat(open.metadata()).containsOnly(Map.entry("by", "hand é ß 🧵"), Map.entry("", ""));
            // Not aligned: it begins at an odd byte.
            assertThat(open.read("b")).isEqualTo(NDArray.of(new float[] {1, 2}));
            assertThat(open.read("none")).isEqualTo(NDArray.of(new int[0]).reshape(Shape.of(3, 0)));
            assertThat(open.readAll()).containsOnlyKeys("a", "none", "b");
            says(
                    "read 'c' of " + file + ": there is no tensor of that name. The names are [a, none, b]",
                    () -> open.read("c"));
        }
        assertThat(read(file("{}", ""))).isEmpty();
    }

    @Test
    void eachTensorIsReadWhenItIsAskedForAndNotAfterClosing() throws IOException {
        Path file = Files.write(folder.resolve("file"), file(tensor("I32", "2", "0,8"), "01000000 02000000"));
        Safetensors open = Safetensors.open(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) - 1);
        }
        assertThatThrownBy(() -> open.read("x"))
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + file + ": it ends at byte " + Files.size(file)
                        + " while it is read; another program has cut it off; files are replaced by renaming");
        open.close();
        assertThatThrownBy(() -> open.read("x")).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    // -------------------------------------------------------------------------------------------------------- writing

    @Test
    void theWriterPutsLargeTypesFirstThenNamesAndAlignsTheData() throws IOException {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("mask", NDArray.of(new boolean[] {true, false, true}));
        arrays.put("b", NDArray.of(1f));
        arrays.put("rows", NDArray.of(new int[][] {{1, 2}, {3, 4}}).permute(1, 0));
        arrays.put("a\"\n", NDArray.of(new float[0]));
        arrays.put("z", NDArray.of(new double[] {1}));
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("b", "é");
        texts.put("a", "\\");
        String header = "{\"__metadata__\":{\"a\":\"\\\\\",\"b\":\"é\"},"
                + "\"z\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"a\\\"\\n\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]},"
                + "\"rows\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[12,28]},"
                + "\"mask\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[28,31]}}";
        int length = header.length() + 1; // é has two bytes in UTF-8.
        byte[] expected = file(
                header + " ".repeat((8 - length % 8) % 8),
                "000000000000f03f 0000803f 01000000 03000000 02000000 04000000 01 00 01");
        Path file = folder.resolve("written");
        Safetensors.write(file, arrays, texts);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Safetensors.write(Channels.newChannel(bytes), arrays, texts);
        assertThat(bytes.toByteArray()).isEqualTo(expected);
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.readAll()).isEqualTo(arrays);
            assertThat(open.metadata()).isEqualTo(texts);
        }
    }

    /** Rust orders text by its bytes in UTF-8, Java by those in UTF-16, which differ beyond U+FFFF. */
    @Test
    void namesAreOrderedByTheirBytes() throws IOException {
        Path file = folder.resolve("names");
        NDArray one = NDArray.of(1.0);
        Safetensors.write(file, Map.of("\uff5e", one, "🧵", one, "a", one), Map.of());
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.names()).containsExactly("a", "\uff5e", "🧵");
        }
    }

    @Test
    void whatIsWrittenInManyPartsIsReadAgain() throws IOException {
        Path file = folder.resolve("long");
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (DType type : DType.values()) {
            arrays.put(type.toString(), NDArray.build(type, Shape.of(7, 50_021), (block, from, count) -> {
                for (int i = 0; i < count; i++) {
                    block[i] = (from + i) % 3 - 1;
                }
            }));
        }
        Safetensors.write(file, arrays, Map.of());
        try (Safetensors open = Safetensors.open(file)) {
            assertThat(open.readAll()).isEqualTo(arrays);
        }
    }

    @Test
    void whatTheFormatCannotHoldIsNotWritten() {
        NDArray one = NDArray.of(1.0);
        Path file = folder.resolve("none");
        says(
                "write: an array is named '__metadata__', which is what the format calls the texts of a file; name it"
                        + " otherwise",
                () -> Safetensors.write(file, Map.of("__metadata__", one), Map.of()));
        says(
                "write: the text of 'a' has half of a surrogate pair, which is no letter: '\ud800'; a text of bytes is"
                        + " best encoded, as in Base64",
                () -> Safetensors.write(file, Map.of(), Map.of("a", "\ud800")));
        says(
                "write: the name of an array has half of a surrogate pair, which is no letter: '\udc00'; a text of bytes"
                        + " is best encoded, as in Base64",
                () -> Safetensors.write(file, Map.of("\udc00", one), Map.of()));
        says(
                "write: the names and the metadata make a header of at least 100000001 bytes; the most that readers take"
                        + " is 100000000",
                () -> Safetensors.write(file, Map.of(), Map.of("a", "b".repeat(100_000_000))));
        Map<String, NDArray> many = new HashMap<>();
        for (int i = 0; i <= 1_000_000; i++) {
            many.put(Integer.toString(i), one);
        }
        says(
                "write: there are 1000001 arrays; the most that are read again are 1000000",
                () -> Safetensors.write(file, many, Map.of()));
        says(
                "write: 'x' has 65 axes; the most that are read again are 64",
                () -> Safetensors.write(file, Map.of("x", one.reshape(Shape.of(ones(65)))), Map.of()));
        assertThat(file).doesNotExist();
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    // ----------------------------------------------------------------------------------------------------- large
    // headers

    @Test
    void asManyAxesAsOthersHaveAreRead() throws IOException {
        assertThat(readOne("I8", "1" + ",1".repeat(63), 1, "07"))
                .isEqualTo(NDArray.full(7, DType.I32, Shape.of(ones(64))));
    }

    /** A header of a legal size that would be a thousand times as large in memory is refused where its first shape goes too far. */
    @Test
    void aHeaderOfManyLongShapesIsRefusedAtTheFirst() throws IOException {
        String shape = "0" + ",1000".repeat(1023);
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 2000; i++) {
            header.append(i == 0 ? "\"x" : ",\"x").append(i).append("\":{\"dtype\":\"I8\",\"shape\":[");
            header.append(shape).append("],\"data_offsets\":[0,0]}");
        }
        byte[] bytes = file(header.append('}').toString(), "");
        long before = Allocated.bytes();
        refused(folder, bytes, "shape of 'x0' has more than 64 axes; PyTorch and NumPy have no more");
        // The first of 2000 shapes was read in part, of a file of 10 MB; a buffer, errors and their traces are less
        // than this.
        assertThat(Allocated.bytes() - before).isLessThan(1_000_000);
    }

    @Test
    void aHeaderOfVeryManyNamesIsRefused() throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"x\":\"\"");
        for (int i = 0; i < 1_000_000; i++) {
            header.append(",\"").append(i).append("\":\"\"");
        }
        refused(
                folder,
                file(header.append("}}").toString(), ""),
                "an object has more than 1000000 names; more cost too much to be read");
    }
}
