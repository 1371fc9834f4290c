package dev.clew.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.io.Npz;
import dev.clew.io.Safetensors;
import dev.clew.io.UnreadableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayFileTest {
    private static final Map<String, NDArray> ARRAYS = Map.of(
            "W", NDArray.of(new double[][] {{0.1, -2e-3}, {1e300, 4}}),
            "x", NDArray.of(Shape.of(1, 2, 1), new int[] {3, -7}),
            "loss", NDArray.of(2.5));

    @TempDir
    private Path folder;

    @Test
    void allThreeKindsOfFilesHaveTheSameArrays() throws IOException {
        Npz.write(folder.resolve("a.npz"), ARRAYS);
        Safetensors.write(folder.resolve("a.safetensors"), ARRAYS, Map.of());
        Files.writeString(
                folder.resolve("a.JSON"), "{\"W\": [[0.1, -2e-3], [1e300, 4]],\n \"x\": [[[3], [-7]]], \"loss\": 2.5}");
        assertThat(ArrayFile.read(folder.resolve("a.npz"))).isEqualTo(ARRAYS);
        assertThat(ArrayFile.read(folder.resolve("a.safetensors"))).isEqualTo(ARRAYS);
        assertThat(ArrayFile.read(folder.resolve("a.JSON"))).isEqualTo(ARRAYS);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "1,2");
        assertThatThrownBy(() -> ArrayFile.read(folder.resolve("a.csv")))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageEndingWith(
                        "a.csv: its name ends in .csv; named arrays are in .npz (numpy.savez), .safetensors or .json"
                                + " files");
        assertThatThrownBy(() -> ArrayFile.read(folder.resolve("b.json"))).isInstanceOf(NoSuchFileException.class);
        Files.writeString(folder.resolve("a.npz"), "1,2");
        assertThatThrownBy(() -> ArrayFile.read(folder.resolve("a.npz"))).isInstanceOf(UnreadableFileException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"W\": [1, \"NaN\"]} | W has a text where a number stands; an array is numbers, nested in rows of one length;",
                "{\"W\": [1, null]} | W has null where a number stands; an array is numbers",
                "{\"W\": {}} | W has an object where a number stands; an array is numbers",
                "{\"W\": [1, NaN]} | it is no JSON (",
                "{\"W\": [1, 2] | it is no JSON (",
                "{\"W\": [1, 1e999]} | W has 1e999, which is beyond f64;",
                "{\"W\": [[1, 2], [3]]} | W has rows of 2 and of 1;",
                "{\"W\": [[1, 2], 3]} | W has numbers and arrays side by side;",
                "{\"W\": [1, [2]]} | W has numbers and arrays side by side;",
                "{\"W\": []} | W has an empty row;",
                "{\"W\": 1, \"W\": 2} | W is there twice; names must differ",
                "[1, 2] | it begins with an array; it must be an object",
                "{\"W\": 1} 2 | it is no JSON (at line 1 column 11 path $)",
            })
    void jsonThatIsNoArraysIsRefused(String text, String message) throws IOException {
        Path file = folder.resolve("a.json");
        Files.writeString(file, text);
        assertThatThrownBy(() -> ArrayFile.read(file))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageStartingWith("read " + file + ": " + message);
    }
}
