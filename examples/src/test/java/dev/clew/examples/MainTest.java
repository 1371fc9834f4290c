package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.clew.examples.byhand.Golden;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private static final Options DEFAULTS = Options.of(null, null, null, null);

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

    @Test
    void theExamplesHaveOneOrderAndOneSetOfNames() {
        assertThat(Main.EXAMPLES.keySet())
                .containsExactly("alphabet", "hello", "squared-error", "counting", "counting-sigmoid", "multi-label");
    }

    @Test
    void oneExampleRunsByNameAndReportsOnALine() {
        assertThat(Main.run("--example=hello", "--arguments=")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches("hello +loss 5\\.545 -> 0\\.07816; h e l l -> ello, alone from h: hello;"
                        + " gradient = by hand to \\d\\.\\de-1\\d \\(.*\\);"
                        + " published gradient wrong: U by 0\\.04, W by 0\\.95, b by 0\\.03\\R");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aMissedOutcomeIsSaidAndIsTheExitStatus() {
        assertThat(Main.run("--example=hello", "--arguments=--epochs=3 --seed=5 --units=4 --rate=0.01"))
                .isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("(MISSED)");
    }

    @Test
    void aWrongNameListsTheRightOnes() {
        assertThat(Main.run("--example=hallo")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("There is no example 'hallo'. The examples are: alphabet, hello, squared-error, counting,"
                        + " counting-sigmoid, multi-label, adding, parity, custom-cell,"
                        + " recurrences, torch-weights");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epochs=0 | --epochs=0: it must be at least 1",
                "--units=-3 | --units=-3: it must be at least 1",
                "--rate=NaN | learning rate NaN: it must be a finite number, 0 or more",
            })
    void badOptionsAreRefusedInOneLine(String option, String message) {
        assertThat(Main.run("--example=hello", "--arguments=" + option)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).strip()).isEqualTo(message);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void whatHasNoGradientByHandRunsByNameAndReportsInLines() {
        assertThat(Main.STUDIES.keySet())
                .containsExactly("adding", "parity", "custom-cell", "recurrences", "torch-weights");
        assertThat(Main.run("--example=custom-cell", "--arguments=--epochs=1 --units=2 --rate=0 --seed=3"))
                .isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("custom-cell\nloss 0.")
                .endsWith("what is written is kept. (MISSED)\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void optionsNeedTheExampleTheyAreFor() {
        assertThat(Main.run("--example=", "--arguments=--units=8")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("Options are for one example: name it too, one of alphabet, hello, squared-error, counting,"
                        + " counting-sigmoid, multi-label, adding, parity, custom-cell,"
                        + " recurrences, torch-weights");
    }

    @Test
    void aTrainingThatOverflowsSaysSoInOneLine() {
        assertThat(Main.run("--example=squared-error", "--arguments=--rate=1e9"))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .startsWith("step ")
                .endsWith(" good steps, is the learning rate of 1.0E9 too large?")
                .doesNotContain("\n");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThat(Main.run("--example=hello", "--arguments=--speed=9")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--speed=9");
    }

    /** The tolerances are those of the golden data: training is chaotic from about epoch 300 on. */
    @ParameterizedTest
    @CsvSource({
        "0, 5e-4, 0, 1e-9",
        "0, 5e-4, 20, 1e-9",
        "0, 5e-4, 200, 1e-9",
        "0, 5e-4, 300, 1e-6",
        "1, 1e-3, 20, 1e-9",
        "1, 1e-3, 100, 1e-9"
    })
    void theAlphabetTrainsAsItsGoldenTrajectory(int job, double rate, int epoch, double tolerance) {
        JsonObject golden = Golden.read("alphabet_h128.json")
                .getAsJsonArray("jobs")
                .get(job)
                .getAsJsonObject();
        Outcome outcome = Alphabet.run("alphabet", Options.of(null, epoch + 1, rate, null));
        double expected = golden.getAsJsonObject("sum_over_sequences")
                .get(String.valueOf(epoch))
                .getAsDouble();
        assertThat(golden.get("lr").getAsDouble()).isEqualTo(rate);
        assertThat(outcome.lastLoss()).isCloseTo(expected, within(tolerance * expected));
        assertThat(outcome.difference()).isLessThan(1e-10);
    }

    @ParameterizedTest
    @CsvSource({"0", "50"})
    void theMultiLabelTaskTrainsAsItsGoldenTrajectory(int epoch) {
        JsonObject tasks =
                Golden.object(Golden.read("multi_label.json"), "training_full").getAsJsonObject("tasks");
        JsonObject golden = Golden.object(tasks, "learnable multi-label").getAsJsonObject("true_gradients");
        Outcome outcome = MultiLabel.run("multi-label", Options.of(null, epoch + 1, null, null));
        double expected =
                golden.getAsJsonObject(String.valueOf(epoch)).get("mean_loss").getAsDouble();
        assertThat(outcome.lastLoss()).isCloseTo(expected, within(1e-9 * expected));
        assertThat(outcome.difference()).isLessThan(1e-9);
    }

    @ParameterizedTest
    @CsvSource({"squared-error", "hello"})
    void theSmallExamplesReachTheirOutcome(String name) {
        Outcome outcome = Objects.requireNonNull(Main.EXAMPLES.get(name)).run(name, DEFAULTS);
        assertThat(outcome.reached()).isTrue();
        assertThat(outcome.difference()).isLessThan(1e-8);
    }

    @Test
    void otherSeedsSpellHelloToo() {
        for (int seed = 1; seed <= 10; seed++) {
            assertThat(Hello.run("hello", Options.of(null, null, null, (long) seed))
                            .reached())
                    .as("seed %s", seed)
                    .isTrue();
        }
    }
}
