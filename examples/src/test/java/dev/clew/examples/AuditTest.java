package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command {@code audit} as it is started: wrong arguments and files that are not there are status 2 and one line. */
class AuditTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream realErr = System.err;

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setErr(realErr);
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
