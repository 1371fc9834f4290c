package dev.clew.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.audit.AuditOutcome;
import dev.clew.audit.AuditReport;
import dev.clew.io.Npz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** The command with an audit that says what the test wants. */
class AuditCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream realOut = System.out;
    private final List<Case> cases = new ArrayList<>();
    private final PlainNetwork network = new PlainNetwork(Cell.LSTM);
    private AuditOutcome outcome = AuditOutcome.RIGHT;
    private String wrong = "";

    @TempDir
    private Path folder;

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setOut(realOut);
    }

    private AuditReport report(Case given) {
        cases.add(given);
        return new AuditReport(
                outcome,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Double.POSITIVE_INFINITY,
                Optional.empty(),
                List.of(),
                1);
    }

    /** The exit status is −1 if the command throws, which the main command tells in one line. */
    private int run(String... arguments) {
        return new CommandLine(new Audit(this::report))
                .setExecutionExceptionHandler((error, _, _) -> {
                    wrong = String.valueOf(error.getMessage());
                    return -1;
                })
                .execute(arguments);
    }

    private String write(String name, Map<String, NDArray> arrays) throws IOException {
        Path file = folder.resolve(name);
        Npz.write(file, arrays);
        return file.toString();
    }

    private List<String> files() throws IOException {
        Map<String, NDArray> weights = network.weights(Scheme.Layout.TOGETHER, Orientation.ROW, "ifog");
        return List.of(
                "--model=lstm",
                "--loss=squared",
                "--orientation=row",
                "--gates=ifog",
                "--weights=" + write("w.npz", weights),
                "--gradients=" + write("g.npz", weights),
                "--second-gradients=" + write("second.npz", weights),
                "--data=" + write("x.npz", network.data(false)));
    }

    @ParameterizedTest
    @EnumSource(AuditOutcome.class)
    void theStatusIsZeroOnlyIfAllIsRight(AuditOutcome found) throws IOException {
        outcome = found;
        assertThat(run(files().toArray(new String[0]))).isEqualTo(found == AuditOutcome.RIGHT ? 0 : 1);
        assertThat(out.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo(report(cases.removeFirst()).toString().strip());
        assertThat(cases).singleElement().satisfies(given -> {
            assertThat(given.first().gradients()).containsOnlyKeys("Wx", "Wh", "bx", "Wy", "by");
            assertThat(given.second()).isPresent();
            assertThat(given.point()).containsKeys("x", "targets", "h0", "c0");
        });
    }

    @Test
    void allArraysInOneFileAreTakenApart() throws IOException {
        Map<String, NDArray> all =
                new LinkedHashMap<>(network.weights(Scheme.Layout.JOINED, Orientation.COLUMN, "ifgo"));
        List.copyOf(all.keySet()).forEach(name -> all.put("d" + name, all.getOrDefault(name, NDArray.of(0.0))));
        all.putAll(network.data(true));
        assertThat(run(
                        "--model=lstm",
                        "--loss=softmax",
                        "--loss-at=last",
                        "--mean-over=batch",
                        "--file=" + write("all.npz", all)))
                .as(wrong)
                .isZero();
        Objective objective = cases.getFirst().forward().model().objective();
        assertThat(objective.isLast()).isTrue();
        assertThat(objective.means()).containsExactly(Objective.Mean.BATCH);
    }

    @Test
    void thePageAndTheJsonAreWrittenWhereTheyAreAskedFor() throws IOException {
        List<String> arguments = new ArrayList<>(files());
        arguments.add("--html=" + folder.resolve("page.html"));
        arguments.add("--json=" + folder.resolve("report.json"));
        assertThat(run(arguments.toArray(new String[0]))).as(wrong).isZero();
        assertThat(folder.resolve("page.html")).content().contains("Audit of g.npz");
        assertThat(folder.resolve("report.json")).content().startsWith("{");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model=rnn | --loss is not there. It needs --model, --loss, and --weights, --gradients and --data, or",
                "--loss=squared | --model is not there. It needs ",
                "--model=rnn --loss=squared | --weights is not there: an audit needs --model, ",
                "--model=rnn --loss=squared --weights=no.npz | no.npz",
                "--model=rnn --loss=softmax --half --file=a.npz | --half --loss=softmax: ½ belongs to --loss=squared",
                "--model=rnn --loss=softmax --reduce=mean --mean-over=batch,steps | --reduce=mean --mean-over=batch,steps: the second",
                "--model=rnn --loss=softmax --axes=tbb | --axes=tbb: it is the letters t, b, f of time, batch and features",
                "--model=gru --loss=softmax --gates=rzg | --gates=rzg: the gates of gru are the letters of rzn, in the order",
            })
    void whatIsMissingOrContradictsItselfIsSaid(String arguments, String message) {
        assertThat(run(arguments.split(" "))).isEqualTo(-1);
        assertThat(wrong).startsWith(message);
    }

    @Test
    void jsonIsOfFiles() {
        assertThat(run("--json=report.json")).isEqualTo(-1);
        assertThat(wrong)
                .startsWith("--json is for the audit of files. It needs --model, --loss, and --weights, --gradients");
    }

    @Test
    void unknownWordsAreRefusedByTheCommandLine() {
        PrintStream real = System.err;
        System.setErr(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        try {
            assertThat(run("--model=transformer")).isEqualTo(2);
            assertThat(run("--quiet")).isEqualTo(2);
        } finally {
            System.setErr(real);
        }
    }

    @Test
    void meanIsOverAllThatTheLossIsUsuallyAMeanOver() throws IOException {
        List<String> arguments = new ArrayList<>(files());
        arguments.add("--reduce=mean");
        assertThat(run(arguments.toArray(new String[0]))).isZero();
        assertThat(cases.getFirst().forward().model().objective().means()).hasSize(3);
    }

    @Test
    void theHelpNamesTheWordsOfEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "))
                .contains("rnn, rnn-sigmoid, rnn-relu, lstm, gru, gru-v1")
                .contains("softmax, squared, binary")
                .contains("batch, steps, outputs");
    }
}
