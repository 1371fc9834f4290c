package dev.clew.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.internal.runtime.OtherJava;
import org.junit.jupiter.api.Test;

/** What is told to the flight recorder, each time in a JVM of its own: one that has it, and one that has not. */
final class FlightTest {
    @Test
    void aRecordingTellsOfPlansStepsAndBytes() throws Exception {
        assertThat(OtherJava.run(FlightProgram.class, "-Dclew.memory=100k"))
                .isEqualTo("recorded" + System.lineSeparator());
    }

    @Test
    void withoutTheRecorderPlansRunAllTheSame() throws Exception {
        assertThat(OtherJava.run(FlightProgram.Alone.class, "--limit-modules=java.base,java.logging,jdk.unsupported"))
                .isEqualTo("no recorder, 10.0" + System.lineSeparator());
    }
}
