package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.nn.optimizer.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsCsvTest {
    @TempDir
    private Path folder;

    private List<String> lines(String name) {
        try {
            return Files.readAllLines(folder.resolve(name));
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }

    @Test
    void everyStepAndEpochHasItsLineBeforeTrainingGoesOn() {
        Pupil pupil = Pupil.create();
        List<StepReport> steps = new ArrayList<>();
        List<EpochReport> epochs = new ArrayList<>();
        Ending<Pupil> ending = Trainer.of(pupil, Sgd.of(pupil, 0.1), Pupil.batches(), pupil::loss)
                .quietly()
                .epochs(2)
                .validate(
                        Pupil.batches(),
                        new Mean<>(
                                "error, squared",
                                batch -> pupil.loss(batch, dev.clew.tensor.Tensor.of(new int[] {1, 2}))))
                .tell(MetricsCsv.in(folder))
                .afterStep(report -> {
                    steps.add(report);
                    assertThat(lines("steps.csv")).hasSize(steps.size() + 1);
                })
                .afterEpoch(report -> {
                    epochs.add(report);
                    assertThat(lines("epochs.csv")).hasSize(epochs.size() + 1);
                })
                .start();
        assertThat(ending.steps()).isEqualTo(12);
        assertThat(lines("steps.csv").getFirst()).isEqualTo("step,epoch,batch,loss,gradient_norm,rate,seconds,skipped");
        assertThat(lines("epochs.csv").getFirst()).isEqualTo("step,epoch,loss,rate,seconds,best,\"error, squared\"");
        for (int i = 0; i < steps.size(); i++) {
            StepReport report = steps.get(i);
            assertThat(lines("steps.csv").get(i + 1))
                    .isEqualTo("%d,%d,%d,%s,%s,0.1,%s,false"
                            .formatted(
                                    i + 1,
                                    i / 6,
                                    i % 6,
                                    report.loss(),
                                    report.gradientNorm(),
                                    report.time().toNanos() / 1e9));
        }
        for (int i = 0; i < epochs.size(); i++) {
            EpochReport report = epochs.get(i);
            assertThat(lines("epochs.csv").get(i + 1))
                    .isEqualTo("%d,%d,%s,0.1,%s,%s,%s"
                            .formatted(
                                    6 * (i + 1),
                                    i,
                                    report.loss(),
                                    report.time().toNanos() / 1e9,
                                    report.isBest(),
                                    report.metrics().get("error, squared")));
        }
    }

    @Test
    void aRunThatGoesOnKeepsWhatItsSnapshotKnowsAndWritesTheRestAnew() throws IOException {
        Files.writeString(folder.resolve("steps.csv"), """
                step,epoch,batch,loss
                1,0,0,0.5
                2,0,1,0.25
                3,0,2,0.1
                4,0,""");
        MetricsCsv csv = MetricsCsv.in(folder);
        csv.began(new Callback.Start(2, 0, java.util.Optional.empty(), java.util.Optional.empty()));
        csv.stepped(new StepReport(3, 0, 2, 0.125, 1, 0.1, java.time.Duration.ofMillis(250), false));
        csv.closed();
        assertThat(lines("steps.csv"))
                .containsExactly(
                        "step,epoch,batch,loss,gradient_norm,rate,seconds,skipped",
                        "1,0,0,0.5",
                        "2,0,1,0.25",
                        "3,0,2,0.125,1.0,0.1,0.25,false");
    }

    /** The snapshot was written after the last step of an epoch, and the run killed after that had been judged. */
    @Test
    void anEpochThatIsJudgedAgainHasOneLine() throws IOException {
        Files.writeString(folder.resolve("epochs.csv"), """
                step,epoch,loss,rate,seconds,best
                6,0,0.5,0.1,1.5,false
                12,1,0.25,0.1,1.5,false
                18,2,0.1""");
        MetricsCsv csv = MetricsCsv.in(folder);
        csv.began(new Callback.Start(12, 1, java.util.Optional.empty(), java.util.Optional.empty()));
        csv.epochEnded(new EpochReport(1, 12, 0.25, java.util.Map.of(), false, 0.1, java.time.Duration.ofSeconds(2)));
        csv.closed();
        assertThat(lines("epochs.csv"))
                .containsExactly(
                        "step,epoch,loss,rate,seconds,best", "6,0,0.5,0.1,1.5,false", "12,1,0.25,0.1,2.0,false");
    }

    /** Of the line of step 12 a full disk took one digit. */
    @Test
    void aLineThatWasCutOffIsNotTakenForOneOfAnotherStep() throws IOException {
        Files.writeString(folder.resolve("steps.csv"), """
                step,epoch,batch,loss
                1,0,0,0.5
                2,0,1,0.25
                1""");
        MetricsCsv csv = MetricsCsv.in(folder);
        csv.began(new Callback.Start(2, 0, java.util.Optional.empty(), java.util.Optional.empty()));
        csv.closed();
        assertThat(lines("steps.csv"))
                .containsExactly("step,epoch,batch,loss,gradient_norm,rate,seconds,skipped", "1,0,0,0.5", "2,0,1,0.25");
    }
}
