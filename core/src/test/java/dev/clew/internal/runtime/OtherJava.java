package dev.clew.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.clew.testing.Tries;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** A Java of its own: nothing else has run there, and its options can be others. */
public final class OtherJava {
    /** What makes this Java another machine than the real one is. */
    private static final String OPTIONS = System.getProperty("clew.machine", "");

    private OtherJava() {}

    /** What a program says; fails if it does not end well, and is aborted if that is. */
    public static String run(Class<?> program, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dclew.tries=" + Tries.FACTOR);
        // What it says is what is asserted, so the library's notices must not be among it.
        String logging = System.getProperty("java.util.logging.config.file");
        if (logging != null) {
            command.add("-Djava.util.logging.config.file=" + logging);
        }
        command.addAll(Splitter.on(' ').omitEmptyStrings().splitToList(OPTIONS));
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator,
                System.getProperty("java.class.path"),
                System.getProperty("jdk.module.path", ""),
                "target/classes",
                "target/test-classes"));
        command.add(program.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (said.contains(TestAbortedException.class.getName())) {
            throw new TestAbortedException(said);
        }
        assertThat(exit).as(said).isZero();
        return said;
    }
}
