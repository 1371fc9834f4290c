package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job as a process of its own: what a log and what a terminal get to see. */
class CommandTest {
    /** Starts a command in a terminal of its own, on Linux. */
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    Path directory;

    @Test
    void aLogGetsTheResultAndBesideItTheTime() throws Exception {
        Path errors = directory.resolve("errors");
        String said = said(new ProcessBuilder(command()).redirectError(errors.toFile()));
        assertThat(said).matches("hello +loss .*\\R");
        assertThat(Files.readString(errors)
                        .lines()
                        .filter(line -> !line.startsWith("WARNING: Using incubator modules")))
                .singleElement()
                .asString()
                .matches("hello +\\d+\\.\\d s");
    }

    @Test
    void aTerminalGetsABarAlsoWhereTheResultGoesElsewhere() throws Exception {
        assumeTrue(
                Files.isExecutable(SCRIPT) && Files.isDirectory(Path.of("/proc/self/fd")),
                "needs `script`, which makes terminals, on Linux");
        Path results = directory.resolve("results");
        String seen = said(new ProcessBuilder(
                SCRIPT.toString(),
                "-qec",
                "'" + String.join("' '", command()) + "' > " + results + " < /dev/null",
                "/dev/null"));
        assertThat(Files.readString(results)).matches("hello +loss .*\\R");
        assertThat(seen).contains("0/100").doesNotContain(" s\n");
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-modules=jdk.incubator.vector");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("surefire.real.class.path", System.getProperty("java.class.path"))
                + File.pathSeparator
                + System.getProperty("jdk.module.path", ""));
        command.add(Main.class.getName());
        command.add("--example=hello");
        command.add("--arguments=");
        return command;
    }

    private static String said(ProcessBuilder builder) throws Exception {
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
