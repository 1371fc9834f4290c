package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.NDArray;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.optimizer.Adagrad;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.AdamW;
import dev.clew.nn.optimizer.Average;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.optimizer.Lion;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.optimizer.RmsProp;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.optimizer.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResumeTest {
    private static final int STEPS = 15; // Two and a half epochs.

    @TempDir
    private Path folder;

    /** Every optimizer, and all that keeps numbers of its own. */
    enum Kind {
        SGD(pupil -> Sgd.of(pupil, 0.05).withMomentum(0.9)),
        RMS_PROP(pupil -> RmsProp.of(pupil, 0.01)),
        ADAGRAD(pupil -> Adagrad.of(pupil, 0.05)),
        ADAM(pupil -> Adam.of(pupil, 0.02).withClip(Clip.globalNorm(1))),
        ADAM_W(pupil -> AdamW.of(pupil, Schedule.warmUp(4).then(Schedule.cosine(20, 0.02, 0.001)))),
        LION(pupil -> Lion.of(pupil, 0.01)),
        PLATEAU(pupil -> Adam.of(pupil, Schedule.plateau(0.3))),
        MICRO_BATCHES(pupil -> Adam.of(pupil, 0.02).withMicroBatches(4)),
        AVERAGE(pupil -> Adam.of(pupil, 0.02).withAverage(Average.moving(0.9)));

        private final Function<Pupil, Optimizer> optimizer;

        Kind(Function<Pupil, Optimizer> optimizer) {
            this.optimizer = optimizer;
        }
    }

    static List<Kind> kinds() {
        return List.of(Kind.values());
    }

    /** What a run leaves: weights, what the optimizer keeps, the best weights, and every loss. */
    private record Result(Map<String, NDArray> weights, Map<String, NDArray> kept, Map<String, NDArray> best, List<Double> losses) {}

    private static Trainer<Pupil, Sequences.Batch> trainer(Pupil pupil, Optimizer optimizer) {
        return Trainer.of(pupil, optimizer, Pupil.batches(), pupil::loss)
                .quietly()
                .steps(STEPS)
                .validate(Pupil.sequences(6).batches(4), pupil.error());
    }

    private static Map<String, NDArray> kept(Optimizer optimizer) {
        return Pupil.numbers(optimizer.state());
    }

    private Result resumed(Kind kind, int every) {
        List<Double> losses = new ArrayList<>();
        for (int run = 0; run <= STEPS; run++) {
            Pupil pupil = Pupil.create(); // As after a new start of the JVM.
            Optimizer optimizer = kind.optimizer.apply(pupil);
            Ending<Pupil> ending = trainer(pupil, optimizer)
                    .keep(folder)
                    .afterStep(report -> {
                        losses.add(report.loss());
                        if (report.step() % every == 0) {
                            Thread.currentThread().interrupt();
                        }
                    })
                    .resumeOrStart();
            if (ending instanceof Ending.Finished<Pupil> finished) {
                return new Result(Pupil.numbers(pupil), kept(optimizer), Pupil.numbers(finished.best()), losses);
            }
            assertThat(ending).isInstanceOf(Ending.Interrupted.class);
            assertThat(Thread.interrupted()).isFalse();
        }
        throw new AssertionError("it does not come to its end");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aRunThatIsInterruptedAndGoesOnEndsWithTheBitsOfOneThatIsNot(Kind kind) throws IOException {
        Pupil pupil = Pupil.create();
        Optimizer optimizer = kind.optimizer.apply(pupil);
        List<Double> losses = new ArrayList<>();
        Ending<Pupil> ending = trainer(pupil, optimizer)
                .afterStep(report -> losses.add(report.loss()))
                .start();
        Result expected = new Result(Pupil.numbers(pupil), kept(optimizer), Pupil.numbers(ending.best()), losses);
        // Within epochs and at their ends; between all steps for the one that keeps most.
        for (int every : kind == Kind.PLATEAU ? new int[] {1, 4, 6} : new int[] {4, 6}) {
            assertThat(resumed(kind, every)).as("every " + every).isEqualTo(expected);
            Files.delete(folder.resolve("training.safetensors"));
        }
    }

    @Test
    void aRunThatIsAtItsEndIsNotTrainedFurther() {
        Pupil pupil = Pupil.create();
        assertThat(trainer(pupil, Sgd.of(pupil, 0.1)).keep(folder).start().steps()).isEqualTo(STEPS);
        Pupil again = Pupil.create();
        List<StepReport> reports = new ArrayList<>();
        Ending<Pupil> ending = trainer(again, Sgd.of(again, 0.1))
                .keep(folder)
                .afterStep(reports::add)
                .resumeOrStart();
        assertThat(reports).isEmpty();
        assertThat(ending.steps()).isEqualTo(STEPS);
        assertThat(Pupil.numbers(again)).isEqualTo(Pupil.numbers(pupil));
    }

    @Test
    void anotherRunIsNotWrittenOverAndAnotherSeedIsNotGoneOnWith() {
        Pupil pupil = Pupil.create();
        Trainer<Pupil, Sequences.Batch> trainer = trainer(pupil, Sgd.of(pupil, 0.1)).keep(folder, Duration.ZERO);
        assertThat(trainer.start().steps()).isEqualTo(STEPS);
        Map<String, NDArray> before = Pupil.numbers(pupil);
        assertThatThrownBy(trainer::start)
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("train: there is a run in ");
        assertThatThrownBy(trainer.seed(3)::resumeOrStart)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was begun with the seed 0, and this one has the seed 3");
        assertThat(Pupil.numbers(pupil)).isEqualTo(before);
    }

    @Test
    void aRunThatStoppedEarlyIsOver() {
        Pupil pupil = Pupil.create();
        Function<Pupil, Trainer<Pupil, Sequences.Batch>> of = each -> Trainer.of(
                        each, Sgd.of(each, 0.6), Pupil.batches(), each::loss)
                .quietly()
                .epochs(200)
                .validate(Pupil.sequences(6).batches(4), each.error())
                .stopWhenNoBetterFor(2)
                .keep(folder);
        Ending<Pupil> first = of.apply(pupil).start();
        Pupil again = Pupil.create();
        Ending<Pupil> second = of.apply(again).resumeOrStart();
        assertThat(first).isInstanceOf(Ending.StoppedEarly.class);
        assertThat(second).hasToString(first.toString());
        assertThat(Pupil.numbers(second.best())).isEqualTo(Pupil.numbers(first.best()));
    }
}
