package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final Path README = Path.of(System.getProperty("basedir", ""), "..", "README.md");

    @TempDir
    Path directory;

    /** As a user would run it: the source file alone, with the two modules on the class path. */
    @Test
    void theModelOfTheReadmeRunsAsItStands() throws Exception {
        String text = Files.readString(README);
        int start = text.indexOf("```java\n") + "```java\n".length();
        Path source = directory.resolve("Hello.java");
        Files.writeString(source, text.substring(start, text.indexOf("```", start)));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.real.class.path", System.getProperty("java.class.path"))
                                + System.getProperty("path.separator")
                                + System.getProperty("jdk.module.path", ""),
                        source.toString()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).startsWith("f64 (1, 8) [[").contains("epoch 99: ");
        String last = output.strip().lines().toList().getLast();
        double nats = Double.parseDouble(last.replaceAll(".*: | nats", ""));
        assertThat(nats).as(last).isLessThan(0.5);
    }

    /** The output that the README shows has a line for every example. */
    @Test
    void theOutputInTheReadmeIsOfTheseExamples() throws Exception {
        String text = Files.readString(README);
        Main.EXAMPLES.keySet().forEach(name -> assertThat(text).containsPattern("\n" + name + " +loss "));
        assertThat(text).doesNotContain("MISSED");
    }
}
