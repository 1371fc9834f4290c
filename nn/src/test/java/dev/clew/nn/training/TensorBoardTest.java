package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.internal.protobuf.MalformedMessageException;
import dev.clew.internal.protobuf.MessageReader;
import dev.clew.nn.Parameters;
import dev.clew.nn.data.Batches;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
    @TempDir
    private Path folder;

    /** What one event tells: {@code value} is a number, a text, or how many numbers a histogram counts. */
    private record Told(long step, String tag, Object value) {}

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }

    /** Of the last file, without its first event, which is the version. */
    private List<Told> told() {
        try {
            List<Told> told = new ArrayList<>();
            ByteBuffer bytes =
                    ByteBuffer.wrap(Files.readAllBytes(files().getLast())).order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining()) {
                int length = Math.toIntExact(bytes.getLong());
                told.add(event(new MessageReader(bytes.slice(bytes.position() + 4, length))));
                bytes.position(bytes.position() + 4 + length + 4);
            }
            return told.subList(1, told.size());
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }

    private static Told event(MessageReader event) throws MalformedMessageException {
        Map<Integer, Long> numbers = new HashMap<>();
        Told told = new Told(0, "", "");
        while (event.next()) {
            switch (event.field()) {
                case 2 -> numbers.put(2, event.number());
                case 5 -> told = value(within(event.message(), 1));
                case 7 -> told = new Told(0, "starts", "");
                default -> numbers.put(event.field(), 0L);
            }
        }
        return new Told(numbers.getOrDefault(2, 0L), told.tag(), told.value());
    }

    private static Told value(MessageReader value) throws MalformedMessageException {
        String tag = "";
        Object told = "";
        while (value.next()) {
            switch (value.field()) {
                case 1 -> tag = value.text();
                case 2 -> told = value.real();
                case 5 -> {
                    MessageReader histogram = value.message();
                    while (histogram.next() && histogram.field() != 3) {
                        assertThat(histogram.field()).isLessThan(3);
                    }
                    told = histogram.wideReal();
                }
                case 8 -> {
                    MessageReader tensor = value.message();
                    while (tensor.next() && tensor.field() != 8) {
                        assertThat(tensor.field()).isLessThan(8);
                    }
                    told = tensor.field() == 8 ? tensor.text() : "";
                }
                default -> assertThat(value.field()).isEqualTo(9);
            }
        }
        return new Told(0, tag, told);
    }

    private static MessageReader within(MessageReader message, int field) throws MalformedMessageException {
        assertThat(message.next()).isTrue();
        assertThat(message.field()).isEqualTo(field);
        return message.message();
    }

    private static List<Told> ofStep(StepReport report) {
        return List.of(
                new Told(report.step(), "step/loss", (float) report.loss()),
                new Told(report.step(), "step/gradient_norm", (float) report.gradientNorm()),
                new Told(report.step(), "step/rate", (float) report.rate()),
                new Told(report.step(), "step/seconds", (float) (report.time().toNanos() / 1e9)));
    }

    private static List<Told> histograms(Object model, long step) {
        return Parameters.named(model).entrySet().stream()
                .map(each -> new Told(step, "parameters/" + each.getKey(), (double)
                        each.getValue().shape().elements()))
                .toList();
    }

    private static StepReport step(long step) {
        return new StepReport(step, 0, 0, 1.0 / step, 2, 0.1, Duration.ofMillis(250), false);
    }

    private static Callback.Start start(long step) {
        return new Callback.Start(step, 0, Optional.empty(), Optional.empty());
    }

    @Test
    void allOfARunIsThereBeforeItGoesOn() {
        Pupil pupil = Pupil.create();
        String summary = Parameters.summary(pupil);
        List<Told> expected = new ArrayList<>();
        expected.add(new Told(0, "starts", ""));
        expected.add(new Told(0, "run/parameters", "```\n" + summary + "\n```"));
        expected.addAll(histograms(pupil, 0));
        Ending<Pupil> ending = Trainer.of(pupil, Sgd.of(pupil, 0.1), Pupil.batches(), pupil::loss)
                .quietly()
                .epochs(2)
                .validate(Pupil.batches(), pupil.error())
                .tell(TensorBoard.in(folder).withHistograms(pupil))
                .afterStep(report -> {
                    expected.addAll(ofStep(report));
                    assertThat(told()).isEqualTo(expected);
                })
                .afterEpoch(report -> {
                    expected.add(new Told(report.step(), "epoch/loss", (float) report.loss()));
                    expected.add(new Told(report.step(), "epoch/seconds", (float)
                            (report.time().toNanos() / 1e9)));
                    expected.add(new Told(report.step(), "validation/error", (float) report.metric("error")));
                    expected.addAll(histograms(pupil, report.step()));
                    assertThat(told()).isEqualTo(expected);
                })
                .start();
        assertThat(ending.steps()).isEqualTo(12);
        expected.add(new Told(12, "run/ending", "```\nfinished after 12 steps\n```"));
        assertThat(told()).isEqualTo(expected);
        assertThat(files()).hasSize(1);
    }

    @Test
    void fewerStepsAndHistogramsAreWrittenIfAskedFor() {
        Parameter w = Parameter.of(new double[] {1, 2});
        TensorBoard board =
                TensorBoard.in(folder).withHistograms(Map.of("w", w), 3).everySteps(2);
        board.began(start(0));
        for (int i = 1; i <= 6; i++) {
            board.stepped(step(i));
        }
        board.epochEnded(new EpochReport(0, 6, 0.5, Map.of(), false, 0.1, Duration.ofSeconds(2)));
        board.closed();
        List<Told> expected = new ArrayList<>(List.of(
                new Told(0, "starts", ""),
                new Told(0, "run/parameters", "```\n" + Parameters.summary(Map.of("w", w)) + "\n```"),
                new Told(0, "parameters/w", 2.0)));
        expected.addAll(ofStep(step(2)));
        expected.add(new Told(3, "parameters/w", 2.0));
        expected.addAll(ofStep(step(4)));
        expected.addAll(ofStep(step(6)));
        expected.add(new Told(6, "parameters/w", 2.0));
        expected.add(new Told(6, "epoch/loss", 0.5F));
        expected.add(new Told(6, "epoch/seconds", 2.0F));
        assertThat(told()).isEqualTo(expected);
    }

    @Test
    void aRunThatGoesOnBeginsAnotherFileAfterTheStepOfItsSnapshot() {
        TensorBoard board =
                TensorBoard.in(folder).withHistograms(Parameter.of(1.0)).withHyperparameters(Map.of("rate", 0.1));
        board.began(start(0));
        board.stepped(step(1));
        board.stepped(step(2));
        board.closed();
        Path first = files().getFirst();
        assertThat(told().stream().limit(3))
                .containsExactly(
                        new Told(0, "starts", ""),
                        new Told(0, "_hparams_/session_start_info", ""),
                        new Told(0, "run/parameters", "```\n" + Parameters.summary(Parameter.of(1.0)) + "\n```"));
        board.began(start(1));
        board.stepped(step(2));
        board.closed();
        assertThat(files()).hasSize(2).first().isEqualTo(first);
        List<Told> expected = new ArrayList<>(List.of(new Told(2, "starts", "")));
        expected.addAll(ofStep(step(2)));
        assertThat(told()).isEqualTo(expected);
    }

    @Test
    void aStepThatWasSkippedIsShownAsNaN() {
        Parameter w = Parameter.of(1.0);
        double[] factors = {1, Double.NaN, 3};
        Ending<Parameter> ending = Trainer.of(
                        w,
                        Sgd.of(w, 0.1),
                        Batches.inOrder(List.of(0, 1, 2)),
                        (Integer i) -> w.times(Tensor.of(factors[i])))
                .quietly()
                .skipNotFinite(1)
                .tell(TensorBoard.in(folder))
                .start();
        assertThat(ending.steps()).isEqualTo(3);
        assertThat(told().stream()
                        .filter(each -> each.tag().equals("step/loss"))
                        .map(Told::value))
                .containsExactly(1F, Float.NaN, 2.7F);
    }

    @Test
    void howARunFailedIsWrittenToo() {
        Parameter w = Parameter.of(1.0);
        Ending<Parameter> ending = Trainer.of(
                        w, Sgd.of(w, 0.1), Batches.inOrder(List.of(1)), (Integer i) -> w.times(Tensor.of(Double.NaN)))
                .tell(TensorBoard.in(folder))
                .start();
        assertThat(ending).isInstanceOf(Ending.NotFinite.class);
        assertThat(told())
                .containsExactly(new Told(0, "starts", ""), new Told(0, "run/ending", "```\n" + ending + "\n```"));
    }

    @Test
    void whatCannotBeIsSaid() throws IOException {
        TensorBoard board = TensorBoard.in(folder);
        assertThat(board).hasToString("TensorBoard in " + folder);
        assertThatThrownBy(() -> board.everySteps(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TensorBoard every steps 0: there must be 1 or more");
        assertThatThrownBy(() -> board.withHistograms(Parameter.of(1.0), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("with histograms every steps -1: there must be 1 or more");
        assertThatThrownBy(() -> board.withHistograms("no model"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none found");
        assertThatThrownBy(() -> board.withHyperparameters(Map.of("rate", Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("hyperparameter 'rate' is NaN");
        assertThat(files()).isEmpty();
        Path file = Files.createFile(folder.resolve("file"));
        TensorBoard nowhere = TensorBoard.in(file);
        assertThatThrownBy(() -> nowhere.began(start(0)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("TensorBoard in " + file + ": the event file cannot be written:"
                        + " java.nio.file.FileAlreadyExistsException: create an event file in " + file
                        + ": it is no folder; name one, or one that is to be made")
                .hasRootCauseMessage(
                        "create an event file in " + file + ": it is no folder; name one, or one that is to be made");
        nowhere.closed();
    }
}
