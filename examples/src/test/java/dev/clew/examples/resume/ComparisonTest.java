package dev.clew.examples.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.RandomKey;
import dev.clew.nn.training.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir
    private Path folder;

    private Path run(String name, long seed, String losses) throws IOException {
        Path run = Files.createDirectory(folder.resolve(name));
        Snapshot.of(Adder.create(3, RandomKey.of(seed))).with("step", "2").write(run.resolve("training.safetensors"));
        Files.writeString(run.resolve("steps.csv"), "step,loss,seconds\n" + losses);
        Files.writeString(run.resolve("epochs.csv"), "step,loss,seconds\n2,0.5,7.5\n");
        return run;
    }

    @Test
    void runsThatTookAnotherTimeAreEqual() throws IOException {
        Comparison comparison =
                Comparison.of(run("one", 1, "1,0.5,0.1\n2,0.4,0.1\n"), run("other", 1, "1,0.5,9.9\n2,0.4,8.8\n"));
        assertThat(comparison.isEqual()).as(comparison.toString()).isTrue();
        assertThat(comparison.toString()).contains("equal to the bit: 2 lines of steps.csv but for the times");
    }

    @Test
    void anotherLossOrAnotherWeightIsSeen() throws IOException {
        Path one = run("one", 1, "1,0.5,0.1\n2,0.4,0.1\n");
        Comparison loss = Comparison.of(one, run("loss", 1, "1,0.5,0.1\n2,0.4000000000000001,0.1\n"));
        assertThat(loss.isEqual()).isFalse();
        assertThat(loss.toString().lines().filter(line -> line.startsWith("DIFFERENT")))
                .containsExactly("DIFFERENT: 2 lines of steps.csv but for the times");
        Comparison twice = Comparison.of(one, run("twice", 1, "1,0.5,0.1\n2,0.4,0.1\n2,0.4,0.1\n"));
        assertThat(twice.isEqual()).isFalse();
        Comparison weights = Comparison.of(one, run("weights", 2, "1,0.5,0.1\n2,0.4,0.1\n"));
        assertThat(weights.toString()).contains("DIFFERENT: 6 parameters", "DIFFERENT: the whole file");
    }

    @Test
    void theLastStepIsThatOfTheLastWholeLine() throws IOException {
        assertThat(StepLines.last(folder)).isZero();
        Files.writeString(folder.resolve("steps.csv"), "step,loss\n");
        assertThat(StepLines.last(folder)).isZero();
        Files.writeString(folder.resolve("steps.csv"), "step,loss\n1,0.5\n12,0.25\n13");
        assertThat(StepLines.last(folder)).isEqualTo(12);
    }
}
