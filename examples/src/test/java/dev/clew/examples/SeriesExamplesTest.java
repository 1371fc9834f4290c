package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code forecast} and {@code resume}, in small. */
class SeriesExamplesTest {
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

    private String errors() {
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    /** The logistic map: the next number is told by this one, but by no straight line. */
    private Path logisticMap() throws IOException {
        StringBuilder text = new StringBuilder("time,x\n");
        double x = 0.3;
        for (int t = 0; t < 600; t++) {
            text.append(t).append(',').append(x).append('\n');
            x = 3.9 * x * (1 - x);
        }
        return Files.writeString(folder.resolve("map.csv"), text);
    }

    @Test
    void aSeriesOfAFileIsForecastBetterThanByTheFormula() throws IOException {
        assertThat(Main.run(
                        "forecast",
                        "--text=" + logisticMap(),
                        "--column=x",
                        "--ahead=2",
                        "--window=9",
                        "--units=12",
                        "--steps=200",
                        "--tensorboard=" + folder.resolve("runs/map")))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(lines().getFirst())
                .isEqualTo(folder.resolve("map.csv")
                        + ": 600 numbers; the first 420 are learnt from, the last 90 judged by");
        assertThat(lines().subList(3, 5))
                .allSatisfy(line ->
                        assertThat(line).matches(" +[12] +0\\.\\d+ +0\\.\\d+ +0\\.\\d{3} +\\d+\\.\\d % +\\d+\\.\\d %"));
        assertThat(eventsIn(folder.resolve("runs/map")))
                .startsWith("\30\0\0\0\0\0\0\0") // The length of the first event.
                .contains("brain.Event:2", "step/loss", "epoch/loss", "validation/nats", "parameters/", "run/ending");
    }

    /** Of the only file, letter for byte. */
    private static String eventsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            assertThat(all.getFirst().getFileName().toString()).startsWith("events.out.tfevents.");
            return Files.readString(all.getFirst(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void aGruThatHasLearntNothingMissesIt() {
        assertThat(Main.run("forecast", "--steps=10", "--units=2", "--window=9", "--ahead=2"))
                .isEqualTo(1);
        assertThat(lines().getLast()).isEqualTo("(MISSED)");
    }

    @Test
    void whatCannotBeForecastIsRefusedInOneLine() {
        assertThat(Main.run("forecast", "--ahead=0")).isEqualTo(2);
        assertThat(Main.run("forecast", "--text=" + folder.resolve("none.csv"))).isEqualTo(2);
        assertThat(errors().lines())
                .containsExactly(
                        "--ahead=0 --window=40 --units=48 --steps=2500: they are at least 1, 8, 1 and 8",
                        "read " + folder.resolve("none.csv") + ": there is no such file");
    }

    @Test
    void aRunThatIsKilledEndsAsOneThatIsNot() {
        assertThat(Main.run("resume", "--units=4", "--steps=60", "--kills=1"))
                .as(out + errors())
                .isZero();
        assertThat(lines().subList(0, 4))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("without a break: finished after 60 steps"),
                        line -> assertThat(line).matches("started, killed after step \\d\\d"),
                        line -> assertThat(line).matches("(started|went on after step \\d+), finished after step 60"),
                        line -> assertThat(line)
                                .matches("killed 1 times: finished after 60 steps, and \\d+ that were made again"));
        assertThat(lines().subList(4, 11)).allSatisfy(line -> assertThat(line).startsWith("equal to the bit: "));
        assertThat(Main.run("resume", "--steps=59", "--kills=2")).isEqualTo(2);
    }
}
