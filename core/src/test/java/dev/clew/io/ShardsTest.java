package dev.clew.io;

import static dev.clew.io.Recipe.file;
import static dev.clew.io.Recipe.tensor;
import static dev.clew.testing.Says.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Several files and an index of them are read and written as one. */
final class ShardsTest {
    private static final String X = "{\"weight_map\":{\"x\":\"one\"}}";

    @TempDir
    private Path folder;

    /** An index beside the files "one", which holds x, the number 1, and "two", which holds y and z. */
    private Path index(String json) throws IOException {
        Files.write(folder.resolve("one"), file(tensor("I8", "", "0,1"), "01"));
        Files.createDirectories(folder.resolve("below"));
        Files.write(
                folder.resolve("two"),
                file(
                        "{\"__metadata__\":{\"format\":\"pt\",\"by\":\"two\"},"
                                + "\"z\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                                + "\"y\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[2,4]}}",
                        "0203 803f"));
        Files.copy(folder.resolve("two"), folder.resolve("below/three"), StandardCopyOption.REPLACE_EXISTING);
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    // -------------------------------------------------------------------------------------------------------- reading

    @Test
    void theFilesThatAnIndexNamesAreReadAsOne() throws IOException {
        Path index = index("""
                {"metadata": {"total_size": 5.0, "by": "all", "mixed": true},
                 "more": {"of": ["anything", null]},
                 "weight_map": {"y": "two", "x": "one", "z": "two"}}
                """);
        try (Safetensors open = Safetensors.open(index)) {
            assertThat(open.names()).containsExactly("x", "z", "y");
            assertThat(open.metadata())
                    .isEqualTo(Map.of("total_size", "5.0", "by", "all", "mixed", "true", "format", "pt"));
            assertThat(open.stored("z")).isEqualTo(new Safetensors.Stored(ElementType.U8, List.of(2L), 2));
            assertThat(open.read("x")).isEqualTo(NDArray.of(1));
            assertThat(open.readRows("z", 1, 2)).isEqualTo(NDArray.of(new int[] {3}));
            assertThat(open.map("y").byteSize()).isEqualTo(2);
            assertThat(open.readAll())
                    .isEqualTo(Map.of("x", NDArray.of(1), "y", NDArray.of(1f), "z", NDArray.of(new int[] {2, 3})));
            assertThat(open).hasToString("Safetensors " + index + "\n  x I8 ()\n  z U8 (2)\n  y BF16 ()");
            says(
                    "read 'w' of " + index + ": there is no tensor of that name. The names are [x, z, y]",
                    () -> open.read("w"));
        }
    }

    @Test
    void filesBelowTheFolderAndAnIndexOfNothingAreRead() throws IOException {
        try (Safetensors open =
                Safetensors.open(index("{\"weight_map\":{\"y\":\"below/three\",\"z\":\"below/three\"}}"))) {
            assertThat(open.read("y")).isEqualTo(NDArray.of(1f));
        }
        try (Safetensors open =
                Safetensors.open(Files.writeString(folder.resolve("none.json"), "{\"weight_map\":{}}"))) {
            assertThat(open.readAll()).isEmpty();
            assertThat(open.metadata()).isEmpty();
        }
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("nowhere.json")))
                .isInstanceOf(NoSuchFileException.class);
    }

    /** In the store of Hugging Face all files of a model are links to files named by what is in them, in another folder. */
    @Test
    void filesThatAreLinksLieBesideTheLink() throws IOException {
        Path index = index(X);
        Path links = Files.createDirectory(folder.resolve("links"));
        Path link = Files.createSymbolicLink(links.resolve("model.safetensors.index.json"), index);
        Files.createSymbolicLink(links.resolve("one"), Path.of("../one"));
        try (Safetensors open = Safetensors.open(link)) {
            assertThat(open.read("x")).isEqualTo(NDArray.of(1));
        }
    }

    @Test
    void allFilesAreOpenUntilAllAreClosed() throws IOException {
        Safetensors open = Safetensors.open(index("{\"weight_map\":{\"x\":\"one\",\"y\":\"two\",\"z\":\"two\"}}"));
        Files.delete(folder.resolve("two"));
        assertThat(open.read("y")).isEqualTo(NDArray.of(1f));
        open.close();
        for (String each : open.names()) {
            assertThatThrownBy(() -> open.read(each)).isInstanceOf(ClosedChannelException.class);
        }
    }

    // -------------------------------------------------------------------------------------------------- kinds of wrong

    private static Map<String, String> wrongIndexes() {
        String outside =
                "; shards lie in the folder of the index or below it, and are named with / alone, without . and ..";
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("", "the index is empty; it must be a JSON object, and begin with '{'");
        kinds.put("[]", "the index begins with '['; it must be a JSON object, and begin with '{'");
        kinds.put(
                "{",
                "the index is no JSON near '{' (End of input at line 1 column 2 path '$.'); it must be strict JSON");
        kinds.put(X + "\n{}", "the index is no JSON near '{}' (at line 2 column 2 path '$'); it must be strict JSON");
        kinds.put(
                "{\"weight_map\":{\"x\":\"\0\"}}",
                "the index is no JSON near 'p\":{\"x\":\"?\"}}' (Unescaped control characters (\\u0000-\\u001F) are not allowed"
                        + " in strict mode at line 1 column 21 path '$.weight_map.x'); it must be strict JSON");
        kinds.put("{\"metadata\":{}}", "the index has no weight_map; it says in which file each tensor lies");
        kinds.put("{\"weight_map\":[]}", "weight_map is an array; it must be an object");
        kinds.put("{\"weight_map\":null}", "weight_map is null; it must be an object");
        kinds.put("{\"weight_map\":{\"x\":1}}", "weight_map of 'x' is a number; it must be a text");
        kinds.put("{\"weight_map\":{\"x\":null}}", "weight_map of 'x' is null; it must be a text");
        kinds.put("{\"weight_map\":{\"x\":{}}}", "weight_map of 'x' is an object; it must be a text");
        kinds.put("{\"metadata\":1}", "metadata is a number; it must be an object");
        kinds.put("{\"metadata\":{\"a\":{}}}", "metadata of 'a' is an object; it must be a text");
        kinds.put("{\"metadata\":{\"a\":null}}", "metadata of 'a' is null; it must be a text");
        String twice = " is there twice; names must differ, for readers keep either of two";
        kinds.put("{\"weight_map\":{\"x\":\"one\",\"x\":\"one\"}}", "'x'" + twice);
        kinds.put("{\"weight_map\":{},\"weight_map\":{}}", "'weight_map'" + twice);
        kinds.put("{\"metadata\":{\"a\":1,\"a\":1}}", "'a'" + twice);
        kinds.put(
                "{\"more\":" + "[".repeat(100_000),
                "the index is no JSON near '" + "[".repeat(20)
                        + "' (Nesting limit 255 reached at line 1 column 264 path" + " '$.more" + "[0]".repeat(18)
                        + "...'); it must be strict JSON");
        for (String bad : List.of(
                "../one",
                "/etc/passwd",
                "a/../one",
                "./one",
                "below//three",
                "below/",
                "",
                ".",
                "..",
                "C:one",
                "a\\\\b",
                "\\u0000")) {
            String shown = bad.replace("\\\\", "\\").replace("\\u0000", "?");
            kinds.put("{\"weight_map\":{\"x\":\"" + bad + "\"}}", "weight_map of 'x' is '" + shown + "'" + outside);
        }
        String missing = ", which is no file here; all shards must be there, in the folder of the index";
        kinds.put("{\"weight_map\":{\"x\":\"none\"}}", "'x' would lie in 'none'" + missing);
        kinds.put("{\"weight_map\":{\"x\":\"below\"}}", "'x' would lie in 'below'" + missing);
        kinds.put(
                "{\"weight_map\":{\"x\":\"one\",\"w\":\"one\"}}",
                "'w' would lie in 'one', which does not hold it; the index is of other files than these");
        kinds.put(
                "{\"weight_map\":{\"x\":\"one\",\"y\":\"two\"}}",
                "'two' holds 'z', which the index does not place there; the index must name every tensor of its files; the"
                        + " file can be opened alone");
        kinds.put(
                "{\"weight_map\":{\"y\":\"two\",\"z\":\"below/three\"}}",
                "'below/three' holds 'y', which the index does not place there; the index must name every tensor of its"
                        + " files; the file can be opened alone");
        return kinds;
    }

    @TestFactory
    Stream<DynamicTest> eachWrongIndexIsRefusedWithItsMessageAndLittleMemory() {
        return wrongIndexes().entrySet().stream()
                .map(kind -> DynamicTest.dynamicTest("index " + HeaderReader.shown(kind.getKey()), () -> {
                    Path index = index(kind.getKey());
                    long before = Allocated.bytes();
                    Throwable error = catchThrowable(() -> Safetensors.open(index));
                    assertThat(Allocated.bytes() - before).isLessThan(16 << 20);
                    assertThat(error)
                            .isExactlyInstanceOf(UnreadableFileException.class)
                            .hasMessage("read " + index + ": " + kind.getValue());
                }));
    }

    @Test
    void noTwoWrongIndexesHaveOneMessage() {
        assertThat(wrongIndexes().values()).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    }

    @Test
    void aWrongFileIsNamedAndAllAreClosed() throws IOException {
        Path index = index("{\"weight_map\":{\"x\":\"one\",\"y\":\"two\",\"z\":\"two\"}}");
        Files.write(folder.resolve("two"), new byte[3]);
        assertThat(catchThrowable(() -> Safetensors.open(index)))
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + folder.resolve("two")
                        + ": it has 3 bytes; a safetensors file begins with the length of its header, in 8");
    }

    @Test
    void anIndexIsNotLongerThanAHeader() throws IOException {
        Path index = folder.resolve("long.json");
        try (RandomAccessFile file = new RandomAccessFile(index.toFile(), "rw")) {
            file.setLength(100_000_001);
        }
        assertThatThrownBy(() -> Safetensors.open(index))
                .isExactlyInstanceOf(UnreadableFileException.class)
                .hasMessage("read " + index + ": as an index it has 100000001 bytes; the most is 100000000");
    }

    // -------------------------------------------------------------------------------------------------------- writing

    private static Map<String, NDArray> arrays() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("b", NDArray.of(new float[] {1, 2}));
        arrays.put("a", NDArray.of(new float[][] {{3}, {4}}));
        arrays.put("large", NDArray.full(1, DType.F64, Shape.of(5)));
        arrays.put("steps", NDArray.of(7));
        arrays.put("none", NDArray.of(new float[0]));
        return arrays;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    /** Of at most 16 bytes: b and a, then large, which has 40, then steps, as I64, and none. */
    @Test
    void arraysFillOneFileAfterTheOtherAndTheIndexNamesAll() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Map<String, String> texts = Map.of("format", "pt", "total_size", "of another model");
        Safetensors.writeShards(index, arrays(), texts, Map.of("steps", ElementType.I64), 16);
        assertThat(files())
                .containsExactly(
                        "model-00001-of-00003.safetensors",
                        "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                        "model.safetensors.index.json");
        assertThat(Files.readString(index)).isEqualTo("""
                {
                  "metadata": {
                    "format": "pt",
                    "total_size": 64
                  },
                  "weight_map": {
                    "a": "model-00001-of-00003.safetensors",
                    "b": "model-00001-of-00003.safetensors",
                    "large": "model-00002-of-00003.safetensors",
                    "none": "model-00003-of-00003.safetensors",
                    "steps": "model-00003-of-00003.safetensors"
                  }
                }
                """);
        String third = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"steps\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}";
        assertThat(Files.readAllBytes(folder.resolve("model-00003-of-00003.safetensors")))
                .isEqualTo(file(third + " ".repeat((8 - third.length() % 8) % 8), "0700000000000000"));
        try (Safetensors open = Safetensors.open(index)) {
            assertThat(open.readAll()).isEqualTo(arrays());
            assertThat(open.metadata()).isEqualTo(Map.of("format", "pt", "total_size", "64"));
        }
    }

    @Test
    void whatIsNotWrittenLeavesNoFile() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        says(
                "writeShards of at most 0 bytes: a file must have room for one; 5 000 000 000 is usual",
                () -> Safetensors.writeShards(index, arrays(), Map.of(), Map.of(), 0));
        Path other = folder.resolve("model.json");
        says(
                "writeShards " + other
                        + ": the name of an index ends in .safetensors.index.json, and its shards are named"
                        + " after it",
                () -> Safetensors.writeShards(other, arrays(), Map.of(), Map.of(), 1));
        says(
                "writeShards: 'c' is to be U8, but no array has that name. The names are [b, a, large, steps, none]",
                () -> Safetensors.writeShards(index, arrays(), Map.of(), Map.of("c", ElementType.U8), 1));
        says(
                "write 'steps' as BOOL: its element 0 is 7.0, which does not fit: truth values are 0 and 1",
                () -> Safetensors.writeShards(index, arrays(), Map.of(), Map.of("steps", ElementType.BOOL), 1));
        assertThat(files()).isEmpty();
        Safetensors.writeShards(index, Map.of(), Map.of("a", "1"), Map.of(), 1);
        try (Safetensors open = Safetensors.open(index)) {
            assertThat(open.names()).isEmpty();
            assertThat(open.metadata()).isEqualTo(Map.of("a", "1", "total_size", "0"));
        }
    }

    /** A folder stands where the second file is to be: it is the disk that fails, after the first file. */
    @Test
    void theIndexIsWrittenLast() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.createDirectory(folder.resolve("model-00002-of-00003.safetensors"));
        assertThatThrownBy(() -> Safetensors.writeShards(index, arrays(), Map.of(), Map.of(), 16))
                .isInstanceOf(IOException.class);
        assertThat(files()).containsExactly("model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors");
    }

    @Test
    void anIndexOfAnyLettersIsUtf8() throws IOException {
        Path index = folder.resolve("märz.safetensors.index.json");
        Map<String, NDArray> arrays = Map.of("größe 🧵\n", NDArray.of(1.0));
        Safetensors.writeShards(index, arrays, Map.of("ü", "\""), Map.of(), 1);
        assertThat(new String(Files.readAllBytes(index), UTF_8)).contains("größe 🧵\\n");
        try (Safetensors open = Safetensors.open(index)) {
            assertThat(open.readAll()).isEqualTo(arrays);
            assertThat(open.metadata()).containsEntry("ü", "\"");
        }
    }
}
