package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.nn.optimizer.Adam;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Training in a JVM of its own that somebody ends. */
@DisabledOnOs(OS.WINDOWS) // Where no signal asks a process to end.
class EndedFromOutsideTest {
    private static final int STEPS = 400;

    @TempDir
    private Path folder;

    private static Trainer<Pupil, ?> trainer(Pupil pupil) {
        return Trainer.of(pupil, Adam.of(pupil, 0.01), Pupil.batches(), pupil::loss).steps(STEPS);
    }

    /** Trains in the folder of its argument, and tells every step. */
    static void main(String[] args) {
        Pupil pupil = Pupil.create();
        Path kept = Path.of(args[0]);
        Ending<Pupil> ending = trainer(pupil)
                .keep(kept, args[1].equals("often") ? Duration.ofMillis(5) : Duration.ofHours(1))
                .tell(MetricsCsv.in(kept))
                .resumedBy("train again")
                .afterStep(report -> {
                    System.out.println("step " + report.step());
                    slowly();
                })
                .resumeOrStart();
        System.out.println("main: " + ending);
    }

    /** So that there is something to end. */
    private static void slowly() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException unlikely) {
            throw new AssertionError(unlikely);
        }
    }

    private Process started(String often) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                System.getProperty("java.class.path"),
                                System.getProperty("jdk.module.path", ""),
                                "target/classes",
                                "target/test-classes"),
                        EndedFromOutsideTest.class.getName(),
                        folder.toString(),
                        often))
                .redirectError(ProcessBuilder.Redirect.to(folder.resolve("errors.txt").toFile()))
                .start();
    }

    /** Reads what it says until a step, which must come. */
    private static void waitFor(BufferedReader said, int step) throws IOException {
        String line = "";
        while (!line.equals("step " + step)) {
            line = said.readLine();
            assertThat(line).as("what it says before step " + step).isNotNull();
        }
    }

    private Map<String, NDArray> uninterrupted() {
        Pupil pupil = Pupil.create();
        assertThat(trainer(pupil).quietly().start().steps()).isEqualTo(STEPS);
        return Pupil.numbers(pupil);
    }

    private Map<String, NDArray> goneOn() {
        Pupil pupil = Pupil.create();
        assertThat(trainer(pupil).quietly().keep(folder).resumeOrStart().steps()).isEqualTo(STEPS);
        return Pupil.numbers(pupil);
    }

    @Test
    void whoeverAsksTheJvmToEndGetsAWholeStepASnapshotAndTheCommandThatGoesOn() throws Exception {
        Process process = started("seldom");
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        waitFor(said, 20);
        process.toHandle().destroy(); // What it says then can still be read.
        said.lines().forEach(_ -> {});
        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(Files.readString(folder.resolve("errors.txt")))
                .containsPattern("interrupted after \\d+ steps; all is in .*training.safetensors, and this goes on: train again");
        assertThat(goneOn()).isEqualTo(uninterrupted());
    }

    @Test
    void aRunThatIsKilledGoesOnFromItsLastSnapshotAndHasItsLines() throws Exception {
        Process process = started("often");
        waitFor(process.inputReader(StandardCharsets.UTF_8), 60);
        process.destroyForcibly();
        assertThat(process.waitFor()).isEqualTo(137);
        List<String> lines = Files.readAllLines(folder.resolve("steps.csv"));
        assertThat(lines.size()).isGreaterThan(60);
        assertThat(goneOn()).isEqualTo(uninterrupted());
    }
}
