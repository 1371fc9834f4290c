package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.nn.onnx.OnnxModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code onnx}, in small. */
class OnnxCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;

    @TempDir
    private Path folder;

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void bothComputeTheSameNumbersAndWriteTheSameNames() throws IOException {
        Path kept = folder.resolve("models");
        assertThat(Main.run(
                        "--example=onnx", "--arguments=--locale=uz --units=6 --epochs=2 --count=5 --folder=" + kept))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        String single = " +\\d+ +\\d+ +(0\\.0e\\+00|\\d\\.\\de-(0[789]|1\\d))";
        String wide = " +\\d+ +\\d+ +(0\\.0e\\+00|\\d\\.\\de-1[3-7])";
        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("81 names of uz, \\d\\d letters; nats for one: \\d\\.\\d{3} -> \\d\\.\\d{3}"),
                        line -> assertThat(line).matches(" +bytes +operators +largest difference"),
                        line -> assertThat(line).matches("names at once, an LSTM operator, f32" + single),
                        line -> assertThat(line).matches("a letter at a time, f32" + single),
                        line -> assertThat(line).matches("a cell of its own and a gradient, f64" + wide),
                        line -> assertThat(line).matches("5 names written by Clew: .*,.*,.*,.*,.*"),
                        line -> assertThat(line).isEqualTo("by onnxruntime 1.28.0: the same"),
                        line -> assertThat(line)
                                .matches(
                                        "a step: \\d+ us in Clew, \\d+ us in onnxruntime \\(\\d+\\.\\d\\d times as long\\)"),
                        line -> assertThat(line).isEmpty());
        assertThat(kept.toFile().list()).containsExactlyInAnyOrder("names.onnx", "step.onnx", "cell.onnx");
        assertThat(OnnxModel.read(kept.resolve("names.onnx")).operators())
                .containsEntry("LSTM", 1)
                .doesNotContainKey("Sigmoid");
        assertThat(OnnxModel.read(kept.resolve("cell.onnx")).outputs())
                .containsOnlyKeys("outputs", "fast state", "gradient");
    }

    @Test
    void whatCannotBeWrittenIsRefusedInOneLine() {
        assertThat(Main.run("onnx", "--count=0")).isEqualTo(2);
        assertThat(Main.run("onnx", "--locale=xx")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("--units=32 --epochs=8 --count=0: each is 1 or more"),
                        line -> assertThat(line).startsWith("--locale=xx: there are surnames for ar be ca cs-cz "));
    }
}
