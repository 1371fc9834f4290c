package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DelayedBitsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;

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

    @Test
    void everyWayHasALineInTheTable() {
        assertThat(Main.run("--example=online", "--arguments=--units=3 --steps=40 --delay=2 --seed=3"))
                .isZero();
        assertThat(lines()).hasSize(10);
        assertThat(lines().getFirst())
                .isEqualTo("bits said again after 2 steps; 3 units, batch 4, 40 steps, Adam at 0.005");
        assertThat(lines().subList(2, 9))
                .allSatisfy(line -> assertThat(line)
                        .matches("\\S.{18,19} +\\d\\.\\d{3} +-?[01]\\.\\d{4} +(-?[01]\\.\\d{4}|none) +\\d+ +\\d+  .+"));
        assertThat(lines().subList(2, 9).stream()
                        .map(line -> line.substring(0, 20).strip()))
                .containsExactly("BPTT", "TBPTT(1, 2)", "TBPTT(1, 3)", "TBPTT(8, 8)", "RTRL", "SnAp-1", "UORO");
        assertThat(lines().get(2)).contains(" 1.0000     1.0000 ");
        assertThat(lines().get(3)).as("no way back so far").contains(" none ");
        assertThat(lines().get(6)).contains(" 1.0000     1.0000 ");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void memoryStaysAsItIsAtAllPoints() {
        assertThat(Main.run("--example=online", "--arguments=--memory --units=3 --steps=100 --delay=2"))
                .isZero();
        assertThat(lines()).hasSize(12);
        assertThat(lines().subList(3, 12).stream()
                        .map(line -> line.strip().split(" +"))
                        .map(cells -> cells[2] + " " + cells[3])
                        .distinct())
                .hasSize(1);
    }

    @Test
    void badOptionsAreRefusedInOneLine() {
        assertThat(Main.run("--example=online", "--arguments=--units=0")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("--units=0 --steps=5000 --delay=4: there is at least 1 unit, 10 steps and a delay of 1");
    }
}
