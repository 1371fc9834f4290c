package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tour shows of the stages is what they print. */
class TourTest {
    private static final Path TOUR =
            Path.of(System.getProperty("basedir", ""), "..", "core", "src", "main", "java", "dev", "clew", "TOUR.md");

    @TempDir
    Path directory;

    @Test
    void everyLineThatIsShownIsPrinted() throws Exception {
        List<String> shown = new ArrayList<>();
        StringBuilder program = new StringBuilder();
        String fence = "";
        for (String line : Files.readAllLines(TOUR)) {
            if (line.startsWith("```")) {
                fence = fence.isEmpty() ? line : "";
            } else if (fence.equals("```java")) {
                program.append(line).append('\n');
            } else if (fence.equals("```")) {
                shown.add(line);
            }
        }
        assertThat(shown).hasSizeGreaterThan(15);
        assertThat(printed(program.toString())).containsAll(shown);
    }

    private List<String> printed(String program) throws Exception {
        Path source = Files.writeString(directory.resolve("Tour.java"), program);
        Process process = new ProcessBuilder(SourceFile.command(List.of("-Dclew.show=all"), source))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
