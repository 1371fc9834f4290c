package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.examples.audit.CustomAuditArrays;
import dev.clew.io.Npz;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
    private static final Path README = Path.of(System.getProperty("basedir", ""), "..", "README.md");

    /** What was written to the error stream. */
    private static final String ERRORS = "errors.txt";

    @TempDir
    Path directory;

    /** To the last digit, on every machine. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theFirstProgramsPrintWhatTheReadmeShows(int number) throws Exception {
        List<String> shown = Pattern.compile("```java\n.*?```\n\n```\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(README))
                .results()
                .map(output -> output.group(1))
                .toList();
        assertThat(run(number)).isEqualTo(shown.get(number).lines().toList());
    }

    @Test
    void theCellOfTheReadmeLearns() throws Exception {
        List<String> steps =
                run(2).stream().filter(line -> line.startsWith("step ")).toList();
        assertThat(steps).hasSize(4);
        assertThat(squares(steps.getLast())).isLessThan(squares(steps.getFirst()) / 2);
    }

    @Test
    void theTrainingOfTheReadmeLearnsKeepsItsRunAndIsOverWhenItIsStartedAgain() throws Exception {
        List<String> first = run(3);
        List<String> epochs = Files.readAllLines(directory.resolve(ERRORS)).stream()
                .filter(line -> line.startsWith("epoch "))
                .toList();
        assertThat(epochs).isNotEmpty();
        double error = Double.parseDouble(epochs.getLast().replaceAll(".*root mean squared error ([0-9.]+).*", "$1"));
        assertThat(error).isLessThan(0.1); // Who always says 1 has 0.41.
        assertThat(first.getLast()).matches("(finished|stopped early) after \\d+ steps.*, 945 numbers");
        assertThat(run(3).getLast()).isEqualTo(first.getLast());
    }

    @Test
    void theFilesOfTheReadmeAreReadBack() throws Exception {
        assertThat(run(4))
                .contains(
                        "  rnn.weight_ih_l0 F32 (64, 8)", "  input x (1, 20, 8) f32", "  output scores (1, 20, 5) f32");
    }

    @Test
    void theAuditOfTheReadmeNamesTheMistakeInAFileOfNumbers() throws Exception {
        Map<String, NDArray> arrays = new LinkedHashMap<>(CustomAuditArrays.right());
        arrays.computeIfPresent("dleak", (_, right) -> Tensor.of(right).negate().value());
        Npz.write(directory.resolve("all.npz"), arrays);
        assertThat(run(5, "all.npz"))
                .contains("gradient audit: explained, 1 mistake; 1 of 5 arrays wrong")
                .anyMatch(line -> line.contains("explained: the gradient of leak is negated"));
    }

    private static double squares(String line) {
        return Double.parseDouble(line.replaceAll(".*: ", ""));
    }

    /** What it writes to its output. */
    private List<String> run(int number, String... arguments) throws Exception {
        Path source = directory.resolve("Hello.java");
        Files.writeString(source, programs().get(number));
        Path errors = directory.resolve(ERRORS);
        Process process = new ProcessBuilder(SourceFile.command(List.of(), source, arguments))
                .directory(directory.toFile())
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
        return output.strip().lines().toList();
    }

    private static List<String> programs() throws IOException {
        return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(README))
                .results()
                .map(program -> program.group(1))
                .toList();
    }

    /** Every program is run by a test of its own. */
    @Test
    void theReadmeHasSixPrograms() throws Exception {
        assertThat(programs()).hasSize(6);
    }

    /** The output that the README shows has a line for every example. */
    @Test
    void theOutputInTheReadmeIsOfTheseExamples() throws Exception {
        String text = Files.readString(README);
        Main.EXAMPLES.keySet().forEach(name -> assertThat(text).containsPattern("\n" + name + " +loss "));
        assertThat(text).doesNotContain("MISSED");
    }
}
