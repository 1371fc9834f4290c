package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.io.Npz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code audit} as it is started. */
class AuditTest {
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

    /** h = tanh(u·x + w·h), loss Σ(v·h − t)², one unit, two steps: by hand. */
    private static Map<String, NDArray> arrays() {
        double[] x = {0.5, -1.2};
        double[] target = {0.3, 0.8};
        double u = 0.7;
        double w = -0.4;
        double v = 1.5;
        double first = Math.tanh(u * x[0]);
        double second = Math.tanh(u * x[1] + w * first);
        double[] dy = {2 * (v * first - target[0]), 2 * (v * second - target[1])};
        double late = v * dy[1] * (1 - second * second);
        double early = (v * dy[0] + w * late) * (1 - first * first);
        Map<String, NDArray> arrays = new HashMap<>();
        arrays.put("U", one(u));
        arrays.put("W", one(w));
        arrays.put("V", one(v));
        arrays.put("x", NDArray.of(x));
        arrays.put("targets", NDArray.of(target));
        arrays.put("dU", one(early * x[0] + late * x[1]));
        arrays.put("dW", one(late * first));
        arrays.put("dV", one(dy[0] * first + dy[1] * second));
        return arrays;
    }

    private static NDArray one(double number) {
        return NDArray.of(Shape.of(1, 1), number);
    }

    private int run(Map<String, NDArray> arrays) throws IOException {
        Path file = folder.resolve("all.npz");
        Npz.write(file, arrays);
        return Main.run("--example=audit", "--arguments=--model rnn --loss squared --file " + file);
    }

    @Test
    void aRightGradientIsStatusZeroAndAWrongOneIsOne() throws IOException {
        Map<String, NDArray> arrays = arrays();
        assertThat(run(arrays)).as(out.toString(StandardCharsets.UTF_8)).isZero();
        arrays.put("dU", one(3));
        assertThat(run(arrays)).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void wrongArgumentsAndMissingFilesAreStatusTwo() {
        assertThat(Main.run("--example=audit", "--arguments=--model=rnn")).isEqualTo(2);
        assertThat(Main.run("--example=audit", "--arguments=--model rnn --loss squared --file nowhere.npz"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("--loss is not there."),
                        line -> assertThat(line).contains("nowhere.npz"));
    }
}
