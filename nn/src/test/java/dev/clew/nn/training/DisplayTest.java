package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.nn.optimizer.Sgd;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DisplayTest {
    /** Of a machine that does much else. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a run of two epochs shows. */
    private static String shown(Function<PrintStream, Callback> display) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Pupil pupil = Pupil.create();
        try (PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Ending<Pupil> ending = Trainer.of(pupil, Sgd.of(pupil, 0.1), Pupil.batches(), pupil::loss)
                    .quietly()
                    .epochs(2)
                    .validate(Pupil.sequences(6).batches(4), pupil.error())
                    .tell(display.apply(stream))
                    // So long that a bar is drawn.
                    .afterStep(_ -> pause())
                    .start();
            assertThat(ending.steps()).isEqualTo(12);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void pause() {
        try {
            Thread.sleep(60);
        } catch (InterruptedException unlikely) {
            throw new AssertionError(unlikely);
        }
    }

    @Test
    void linesAreOneForEveryEpochAndOneForTheEnd() {
        String number = "-?[0-9.]+(e[-+][0-9]+)?";
        String line = "epoch %d: step %d, loss " + number + ", error " + number + "( \\(best\\))?, [0-9.]+ s";
        assertThat(shown(Display::lines).lines().toList())
                .satisfiesExactly(
                        first -> assertThat(first).matches(line.formatted(1, 6)),
                        second -> assertThat(second).matches(line.formatted(2, 12)),
                        last -> assertThat(last).isEqualTo("finished after 12 steps"));
    }

    @Test
    void aBarShowsStepsLossGradientRateAndTheLastMetrics() {
        String shown = shown(stream -> new Bar(stream, 160));
        assertThat(shown).contains("train", "/12", "/s loss ", ", error ", "gradient ", "rate 0.1000");
        assertThat(shown.strip()).endsWith("finished after 12 steps");
    }

    @Test
    void whatCompilesForLongIsSaidAndWhatDoesNotIsNot() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Callback bar = Display.bar(stream);
            bar.began(new Callback.Start(0, 0, java.util.Optional.of(5L), java.util.Optional.empty()));
            bar.compiling("length 11");
            bar.stepped(new StepReport(1, 0, 0, 1, 1, 1, Duration.ofMillis(1), false));
            bar.compiling("length 37");
            long start = System.nanoTime();
            while (!bytes.toString(StandardCharsets.UTF_8).contains("length 37")
                    && System.nanoTime() - start < PATIENCE.toNanos()) {
                Thread.sleep(50);
            }
            bar.closed();
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("compiling a plan for length 37 ...")
                .doesNotContain("length 11");
    }
}
