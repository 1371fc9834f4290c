package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.nn.Parameters;
import dev.clew.nn.optimizer.Adam;
import dev.clew.tensor.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that the first version has written, which every later one reads to the same numbers. If a later version writes other bytes, its
 * file is added, and this one stays.
 */
class GoldenSnapshotTest {
    private static final String GOLDEN = "snapshot-format-1.safetensors";

    record Model(Parameter w, Parameter b) {
        static Model create() {
            return new Model(Parameter.zeros(DType.F64, 2, 2), Parameter.zeros(DType.F32, 2));
        }
    }

    @TempDir
    private Path folder;

    private Path golden = Path.of("");

    @BeforeEach
    void copy() throws IOException {
        golden = folder.resolve(GOLDEN);
        try (InputStream resource = GoldenSnapshotTest.class.getResourceAsStream(GOLDEN)) {
            Files.write(golden, Objects.requireNonNull(resource).readAllBytes());
        }
    }

    private static Parameter kept(Adam adam, String name) {
        return Parameters.of(adam.state(), name, "what Adam keeps");
    }

    /** What is in the file, set number by number, so that it does not depend on how an optimizer computes. */
    private static Snapshot snapshot() {
        Model model = Model.create();
        model.w.set(NDArray.of(new double[][] {{1, -0.0}, {Double.MIN_VALUE, 0.1}}));
        model.b.set(NDArray.of(new float[] {0.1f, -3}));
        Adam adam = Adam.of(model, 0.5);
        kept(adam, "adam.m.w").set(NDArray.of(new double[][] {{0.25, 0}, {-0.5, 1e300}}));
        kept(adam, "adam.v.b").set(NDArray.of(new float[] {1e-30f, 7}));
        return Snapshot.of(model, adam)
                .with("vocabulary", " aé🧵\n")
                .with("key", "2024")
                .with("step", "12")
                .with("order", NDArray.of(new int[][] {{Integer.MIN_VALUE, 2, 3}}))
                .with("seen", NDArray.of(new boolean[] {true, false, true}));
    }

    @Test
    void theFirstVersionsFileIsReadToItsNumbers() throws IOException {
        Snapshot read = Snapshot.read(golden);
        assertThat(read.parameters())
                .isEqualTo(Map.of(
                        "w", NDArray.of(new double[][] {{1, -0.0}, {Double.MIN_VALUE, 0.1}}),
                        "b", NDArray.of(new float[] {0.1f, -3})));
        assertThat(read.texts()).isEqualTo(Map.of("vocabulary", " aé🧵\n", "key", "2024", "step", "12"));
        assertThat(read.arrays())
                .isEqualTo(Map.of(
                        "order", NDArray.of(new int[][] {{Integer.MIN_VALUE, 2, 3}}),
                        "seen", NDArray.of(new boolean[] {true, false, true})));
        assertThat(read.summary()).startsWith("parameter  shape   type  numbers  bytes\nw          (2, 2)  f64 ");
    }

    @Test
    void whatItsOptimizerKeptIsLoaded() throws IOException {
        Model model = Model.create();
        Adam adam = Adam.of(model, 0.5);
        Snapshot.read(golden).load(model, adam);
        assertThat(kept(adam, "adam.m.w").value()).isEqualTo(NDArray.of(new double[][] {{0.25, 0}, {-0.5, 1e300}}));
        assertThat(kept(adam, "adam.v.b").value()).isEqualTo(NDArray.of(new float[] {1e-30f, 7}));
        assertThat(model.b.value()).isEqualTo(NDArray.of(new float[] {0.1f, -3}));
    }

    @Test
    void todaysWriterWritesTheSameBytes() throws IOException {
        Path file = folder.resolve("today");
        snapshot().write(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(golden));
    }
}
