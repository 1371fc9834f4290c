package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.NDArray;
import dev.clew.nn.Warnings;
import dev.clew.nn.data.Batches;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.optimizer.Adagrad;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.AdamW;
import dev.clew.nn.optimizer.Average;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.optimizer.Lbfgs;
import dev.clew.nn.optimizer.Lion;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.optimizer.RmsProp;
import dev.clew.nn.optimizer.Schedule;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {
    private static final String PLATEAU = "plateau";
    private static final int STEPS = 15; // Two and a half epochs.

    @TempDir
    private Path folder;

    /** Every optimizer, and all that keeps numbers of its own. */
    private static final Map<String, Function<Pupil, Optimizer>> KINDS = Map.of(
            "SGD",
            pupil -> Sgd.of(pupil, 0.05).withMomentum(0.9),
            "RMSProp",
            pupil -> RmsProp.of(pupil, 0.01),
            "Adagrad",
            pupil -> Adagrad.of(pupil, 0.05),
            "Adam",
            pupil -> Adam.of(pupil, 0.02).withClip(Clip.globalNorm(1)),
            "AdamW",
            pupil -> AdamW.of(pupil, Schedule.warmUp(4).then(Schedule.cosine(20, 0.02, 0.001))),
            "Lion",
            pupil -> Lion.of(pupil, 0.01),
            PLATEAU,
            pupil -> Adam.of(pupil, Schedule.plateau(0.3)),
            "micro-batches",
            pupil -> Adam.of(pupil, 0.02).withMicroBatches(4),
            "average",
            pupil -> Adam.of(pupil, 0.02).withAverage(Average.moving(0.9)),
            "L-BFGS",
            pupil -> Lbfgs.of(pupil).withIterations(2));

    static Set<String> kinds() {
        return KINDS.keySet();
    }

    /** What a run leaves: weights, what the optimizer keeps, the best weights, and every loss. */
    private record Result(
            Map<String, NDArray> weights, Map<String, NDArray> kept, Map<String, NDArray> best, List<Double> losses) {}

    private static Trainer<Pupil, Sequences.Batch> trainer(Pupil pupil, Optimizer optimizer) {
        return Trainer.of(pupil, optimizer, Pupil.batches(), pupil::loss)
                .quietly()
                .steps(STEPS)
                .validate(Pupil.sequences(6).batches(4), pupil.error());
    }

    private static Map<String, NDArray> kept(Optimizer optimizer) {
        return Pupil.numbers(optimizer.state());
    }

    private Result resumed(Function<Pupil, Optimizer> kind, int every) {
        List<Double> losses = new ArrayList<>();
        for (int run = 0; run <= STEPS; run++) {
            Pupil pupil = Pupil.create(); // As after a new start of the JVM.
            Optimizer optimizer = kind.apply(pupil);
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
    void aRunThatIsInterruptedAndGoesOnEndsWithTheBitsOfOneThatIsNot(String name) throws IOException {
        Function<Pupil, Optimizer> kind = Objects.requireNonNull(KINDS.get(name));
        Pupil pupil = Pupil.create();
        Optimizer optimizer = kind.apply(pupil);
        List<Double> losses = new ArrayList<>();
        Ending<Pupil> ending = trainer(pupil, optimizer)
                .afterStep(report -> losses.add(report.loss()))
                .start();
        Result expected = new Result(Pupil.numbers(pupil), kept(optimizer), Pupil.numbers(ending.best()), losses);
        // Within epochs and at their ends; between all steps for the one that keeps most.
        for (int every : name.equals(PLATEAU) ? new int[] {1, 4, 6} : new int[] {4, 6}) {
            assertThat(resumed(kind, every)).as("every " + every).isEqualTo(expected);
            Files.delete(folder.resolve("training.safetensors"));
        }
    }

    @Test
    void aRunThatIsAtItsEndIsNotTrainedFurther() {
        Pupil pupil = Pupil.create();
        assertThat(trainer(pupil, Sgd.of(pupil, 0.1)).keep(folder).start().steps())
                .isEqualTo(STEPS);
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
        Trainer<Pupil, Sequences.Batch> trainer =
                trainer(pupil, Sgd.of(pupil, 0.1)).keep(folder, Duration.ZERO);
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

    /** At the end of an epoch and within one. */
    @ParameterizedTest
    @ValueSource(ints = {12, 15})
    void theFileOfARunThatWasInterruptedIsTheSameToTheByte(int steps) throws IOException {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Pupil pupil = Pupil.create();
        assertThat(trainer(pupil, Adam.of(pupil, 0.02))
                        .steps(steps)
                        .keep(whole)
                        .start()
                        .steps())
                .isEqualTo(steps);
        Ending<Pupil> ending;
        do {
            Pupil again = Pupil.create();
            ending = trainer(again, Adam.of(again, 0.02))
                    .steps(steps)
                    .keep(parts)
                    .afterStep(report -> {
                        if (report.step() % 5 == 0 && report.step() < steps) {
                            Thread.currentThread().interrupt();
                        }
                    })
                    .resumeOrStart();
        } while (!(ending instanceof Ending.Finished<Pupil>));
        assertThat(Trainer.snapshotIn(parts)).hasSameBinaryContentAs(Trainer.snapshotIn(whole));
    }

    @Test
    void whatCannotBeKeptIsToldAtTheStart() throws IOException {
        Pupil pupil = Pupil.create();
        Path file = Files.createFile(folder.resolve("file"));
        List<StepReport> steps = new ArrayList<>();
        assertThatThrownBy(() -> trainer(pupil, Sgd.of(pupil, 0.1))
                        .keep(file)
                        .afterStep(steps::add)
                        .start())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("train: " + file + " is a file, and a run is kept in a folder; name one, as"
                        + " keep(Path.of(\"run\"))");
        Files.createDirectories(folder.resolve("run/training.safetensors/in the way"));
        assertThatThrownBy(() -> trainer(pupil, Sgd.of(pupil, 0.1))
                        .keep(folder.resolve("run"))
                        .afterStep(steps::add)
                        .start())
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("training.safetensors");
        assertThat(steps).isEmpty();
    }

    @Test
    void goingOnWithAnotherOptimizerIsSaid() {
        Pupil pupil = Pupil.create();
        assertThat(trainer(pupil, Sgd.of(pupil, 0.1)).keep(folder).start().steps())
                .isEqualTo(STEPS);
        Pupil again = Pupil.create();
        try (Warnings warnings = Warnings.collected("dev.clew.nn.training")) {
            assertThat(trainer(again, Sgd.of(again, 0.1))
                            .keep(folder)
                            .resumeOrStart()
                            .steps())
                    .isEqualTo(STEPS);
            assertThat(warnings.messages()).isEmpty();
            assertThat(trainer(again, Sgd.of(again, 0.2))
                            .keep(folder)
                            .resumeOrStart()
                            .steps())
                    .isEqualTo(STEPS);
            assertThat(warnings.messages())
                    .singleElement()
                    .asString()
                    .contains(
                            "goes on with another optimizer: it was Sgd: cell.wx (2, 15) at 0.1,",
                            "and is Sgd: cell.wx" + " (2, 15) at 0.2,");
        }
    }

    @Test
    void theSnapshotOfARunHasTheBestWeightsBesideTheLast() throws IOException {
        Pupil pupil = Pupil.create();
        Ending<Pupil> ending = trainer(pupil, Sgd.of(pupil, 0.6)).keep(folder).start();
        Snapshot snapshot = Snapshot.read(Trainer.snapshotIn(folder));
        Pupil last = Pupil.create();
        Pupil best = Pupil.create();
        snapshot.load(last, Sgd.of(last, 0.6));
        snapshot.model("best").load(best);
        assertThat(Pupil.numbers(last)).isEqualTo(Pupil.numbers(pupil));
        assertThat(Pupil.numbers(best)).isEqualTo(Pupil.numbers(ending.bestOrThrow()));
        assertThatThrownBy(() -> snapshot.model("bset"))
                .hasMessageStartingWith("model 'bset' of a snapshot: there is none. The arrays are [best.cell.b,");
        assertThat(Snapshot.of(last).withModel("other", best).model("other").parameters())
                .isEqualTo(Pupil.numbers(best));
    }

    @Test
    void aRunThatStoppedEarlyIsOver() {
        Pupil pupil = Pupil.create();
        Function<Pupil, Trainer<Pupil, Sequences.Batch>> of =
                each -> Trainer.of(each, Sgd.of(each, 0.6), Pupil.batches(), each::loss)
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

    private static final Tensor ONE = Tensor.of(1.0);

    /** Of a parameter that is drawn to 1, in epochs of some batches, of which those from a number on are not finite. */
    private Trainer<Parameter, Tensor> small(Parameter w, int batches, int bad) {
        return Trainer.of(
                        w,
                        Adam.of(w, 0.1),
                        Batches.of(batches, (_, _, step) -> step >= bad ? Tensor.of(Double.NaN) : ONE),
                        x -> w.minus(x).square())
                .quietly()
                .keep(folder);
    }

    private static <B> Ending<Parameter> interrupted(Trainer<Parameter, B> trainer, int step) {
        Ending<Parameter> ending = trainer.afterStep(report -> {
                    if (report.step() == step) {
                        Thread.currentThread().interrupt();
                    }
                })
                .resumeOrStart();
        assertThat(ending).isInstanceOf(Ending.Interrupted.class);
        return ending;
    }

    @Test
    void aRunThatWasToldToStopIsOverUnlessItIsToldOtherwise() {
        Parameter w = Parameter.of(0.0);
        Predicate<EpochReport> isEnough = report -> report.epoch() == 1 && report.metric("error") < 1;
        Function<Parameter, Trainer<Parameter, Tensor>> trainer = each -> small(each, 4, 9)
                .epochs(3)
                .validate(
                        Batches.inOrder(List.of(ONE)),
                        new Mean<>("error", x -> each.minus(x).square()));
        Ending<Parameter> first = trainer.apply(w).stopWhen(isEnough).resumeOrStart();
        assertThat(first).hasToString("stopped early after 8 steps: it was told to after epoch 2");
        Parameter again = Parameter.of(0.0);
        Ending<Parameter> second = trainer.apply(again).stopWhen(isEnough).resumeOrStart();
        assertThat(second).hasToString(first.toString());
        assertThat(again.value()).isEqualTo(w.value());
        assertThat(trainer.apply(Parameter.of(0.0)).resumeOrStart().steps()).isEqualTo(12);
    }

    @Test
    void stepsThatWereLeftOutBeforeCountEvenIfFewerMayBeNow() {
        interrupted(small(Parameter.of(0.0), 20, 2).skipNotFinite(10), 6);
        Ending<Parameter> ending =
                small(Parameter.of(0.0), 20, 2).skipNotFinite(3).resumeOrStart();
        assertThat(ending).isInstanceOf(Ending.NotFinite.class);
        assertThat(ending.steps()).isEqualTo(6);
    }

    @Test
    void whatIsNotFiniteIsOfTheStepOfTheRun() {
        for (boolean onPlans : new boolean[] {false, true}) {
            interrupted(small(Parameter.of(0.0), 20, 7).keep(folder.resolve("" + onPlans)), 5);
            var trainer = small(Parameter.of(0.0), 20, 7).keep(folder.resolve("" + onPlans));
            Ending<Parameter> ending = (onPlans ? trainer.onPlans() : trainer).resumeOrStart();
            assertThat(ending.toString()).startsWith("not finite in epoch 1, batch 8: step 8: the loss is NaN");
        }
    }

    @Test
    void anInterruptBeforeARunGoesOnIsAnInterruptOfTheRun() {
        interrupted(small(Parameter.of(0.0), 20, 20), 5);
        Thread.currentThread().interrupt();
        Ending<Parameter> ending = small(Parameter.of(0.0), 20, 20).resumeOrStart();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(ending).isInstanceOf(Ending.Interrupted.class);
        assertThat(ending.steps()).isEqualTo(5);
    }

    @Test
    void withinAnEpochItsBatchesStayAsMany() {
        interrupted(small(Parameter.of(0.0), 20, 20), 5);
        Parameter w = Parameter.of(0.0);
        assertThatThrownBy(small(w, 10, 20)::resumeOrStart)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("train: the run in ")
                .hasMessageContaining("is in epoch 0, which had 20 batches and now has 10");
        assertThat(w.value().item()).isZero();
    }

    @Test
    void anotherStateIsRefusedBeforeAnythingChanges() {
        interrupted(small(Parameter.of(0.0), 20, 20), 5);
        Parameter w = Parameter.of(0.0);
        Trainer<Parameter, Tensor> carrying = Trainer.carrying(
                        w,
                        Adam.of(w, 0.1),
                        Batches.of(20, (_, _, _) -> ONE),
                        Tensor.of(0.0),
                        (x, state, _) -> new Cell.Out<>(w.minus(x).square(), state))
                .quietly()
                .keep(folder);
        assertThatThrownBy(carrying::resumeOrStart)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("carries the state [] from batch to batch, and this one [() f64]");
        assertThat(w.value().item()).isZero();
    }

    @Test
    void anEpochWhoseLastStepIsTheLastOfAllIsJudgedAlsoIfTheRunWasEndedBetween() {
        for (int end = 7; end <= 9; end++) { // Within the epoch, behind its last step, and never.
            Path kept = folder.resolve("" + end);
            List<Integer> judged = new ArrayList<>();
            Function<Parameter, Trainer<Parameter, Tensor>> trainer = w -> small(w, 4, 9)
                    .steps(8)
                    .keep(kept)
                    .validate(
                            Batches.inOrder(List.of(ONE)),
                            new Mean<>("error", x -> w.minus(x).square()))
                    .afterEpoch(report -> judged.add(report.epoch()));
            if (end < 9) {
                interrupted(trainer.apply(Parameter.of(0.0)), end);
            }
            Parameter w = Parameter.of(0.0);
            Ending<Parameter> ending = trainer.apply(w).resumeOrStart();
            assertThat(ending).isInstanceOf(Ending.Finished.class);
            assertThat(judged).containsExactly(0, 1);
            assertThat(ending.best().value()).isEqualTo(w.value());
        }
    }
}
