package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Clip;
import dev.clew.nn.optimizer.Optimizer;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static Optimizer adam(Pupil pupil) {
        return Adam.of(pupil, 0.02).withClip(Clip.globalNorm(1));
    }

    private static Trainer<Pupil, Sequences.Batch> trainer(Pupil pupil, Optimizer optimizer) {
        return Trainer.of(pupil, optimizer, Pupil.batches(), pupil::loss).quietly();
    }

    @Test
    void doesWhatAPlainLoopOfTheSamePartsDoes() {
        Pupil byTrainer = Pupil.create();
        List<Double> losses = new ArrayList<>();
        Ending<Pupil> ending = trainer(byTrainer, adam(byTrainer))
                .epochs(3)
                .seed(4)
                .afterStep(report -> losses.add(report.loss()))
                .start();
        Pupil byHand = Pupil.create();
        Optimizer adam = adam(byHand);
        List<Double> expected = new ArrayList<>();
        RandomKey key = RandomKey.of(4);
        for (int epoch = 0; epoch < 3; epoch++) {
            try (Stream<Sequences.Batch> batches = Pupil.batches().from(key.fold(0), epoch, 0)) {
                batches.forEach(batch -> {
                    Tensor draws = Tensor.of(key.fold(1).fold(expected.size()).words());
                    expected.add(adam.step(byHand.loss(batch, draws)).loss());
                });
            }
        }
        assertThat(losses).isEqualTo(expected);
        assertThat(Pupil.numbers(byTrainer)).isEqualTo(Pupil.numbers(byHand));
        assertThat(ending).isInstanceOf(Ending.Finished.class);
        assertThat(ending.steps()).isEqualTo(losses.size());
        assertThat(Pupil.numbers(ending.best())).isEqualTo(Pupil.numbers(byTrainer));
    }

    @Test
    void onPlansItMakesTheSameSteps() {
        Pupil built = Pupil.create();
        Pupil planned = Pupil.create();
        Pupil within = Pupil.create();
        List<List<Double>> numbers = new ArrayList<>();
        for (var trainer : List.of(
                trainer(built, adam(built)),
                trainer(planned, adam(planned)).onPlans(),
                trainer(within, adam(within)).onPlansWithin(400_000))) {
            List<Double> own = new ArrayList<>();
            numbers.add(own);
            assertThat(trainer.epochs(3)
                            .afterStep(report -> {
                                own.add(report.loss());
                                own.add(report.gradientNorm());
                            })
                            .start())
                    .isInstanceOf(Ending.Finished.class);
        }
        assertThat(numbers.get(2)).isEqualTo(numbers.get(1));
        for (int i = 0; i < numbers.getFirst().size(); i++) {
            double expected = numbers.getFirst().get(i);
            assertThat(Math.abs(numbers.get(1).get(i) - expected)).isLessThan(1e-12 * Math.max(1, Math.abs(expected)));
        }
    }

    @Test
    void stopsWhenTheMetricIsNoBetterAndGivesTheBestWeights() {
        Pupil pupil = Pupil.create();
        List<Map<String, NDArray>> weights = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        List<Boolean> best = new ArrayList<>();
        // At this rate it first learns, and then goes astray.
        Ending<Pupil> ending = trainer(pupil, Sgd.of(pupil, 0.6))
                .epochs(200)
                .validate(Pupil.sequences(6).batches(4), pupil.error())
                .stopWhenNoBetterFor(3)
                .afterEpoch(report -> {
                    weights.add(Pupil.numbers(pupil));
                    errors.add(report.metric("error"));
                    best.add(report.isBest());
                })
                .start();
        int least = 0;
        for (int epoch = 1; epoch < errors.size(); epoch++) {
            least = errors.get(epoch) < errors.get(least) ? epoch : least;
        }
        assertThat(ending)
                .isInstanceOf(Ending.StoppedEarly.class)
                .hasToString("stopped early after " + ending.steps() + " steps: error no better for 3 epochs");
        assertThat(errors).hasSize(least + 4);
        assertThat(best.lastIndexOf(true)).isEqualTo(least);
        assertThat(Pupil.numbers(ending.best())).isEqualTo(weights.get(least));
        assertThat(Pupil.numbers(pupil)).isEqualTo(weights.getLast()).isNotEqualTo(weights.get(least));
    }

    @Test
    void stopsAtStepsAndEpochsAndWhenItIsTold() {
        Pupil pupil = Pupil.create();
        Trainer<Pupil, Sequences.Batch> trainer = trainer(pupil, adam(pupil));
        assertThat(trainer.start().steps()).isEqualTo(6);
        assertThat(trainer.steps(8).start().steps()).isEqualTo(8);
        assertThat(trainer.steps(8).epochs(1).start().steps()).isEqualTo(6);
        Ending<Pupil> told =
                trainer.epochs(9).stopWhen(report -> report.epoch() == 1).start();
        assertThat(told).hasToString("stopped early after 12 steps: it was told to after epoch 2");
        Ending<Pupil> late = trainer.epochs(9).stopAfter(Duration.ofNanos(1)).start();
        assertThat(late).isInstanceOf(Ending.StoppedEarly.class);
        assertThat(late.steps()).isEqualTo(1);
    }

    @Test
    void skipsAndCountsStepsThatAreNotFiniteWhenThatIsAskedFor() {
        Parameter w = Parameter.of(2.0);
        List<StepReport> reports = new ArrayList<>();
        Trainer<Parameter, Double> trainer = Trainer.of(
                        w,
                        Sgd.of(w, 0.1),
                        Batches.inOrder(List.of(1.0, -1.0, 2.0, -3.0)),
                        (Double x) -> w.times(x).log().negate())
                .quietly();
        assertThat(trainer.skipNotFinite(2).afterStep(reports::add).start().steps())
                .isEqualTo(4);
        assertThat(reports.stream().map(StepReport::isSkipped).toList()).containsExactly(false, true, false, true);
        assertThat(reports.get(1).loss()).isNaN();
        assertThat(w.value().item()).isEqualTo(2 + 0.1 / 2 + 0.1 / (2 + 0.1 / 2));
    }

    @Test
    void tellsWhichLengthsAreNew() {
        Pupil pupil = Pupil.create();
        List<String> told = new ArrayList<>();
        Callback listener = new Callback() {
            @Override
            public void compiling(String what) {
                told.add(what);
            }
        };
        var start = trainer(pupil, adam(pupil)).epochs(3).tell(listener).start();
        assertThat(start).isInstanceOf(Ending.Finished.class);
        assertThat(told).hasSize(2);
        assertThat(told.getFirst()).startsWith("batches of (4, ");
        assertThat(told.getLast()).startsWith("length ");
    }

    @Test
    void onPlansRefusesWhatItCannotTellFromData() {
        @SuppressWarnings("ArrayRecordComponent") // That is the mistake.
        record Bad(Tensor x, int[] labels) {}
        Parameter w = Parameter.of(new double[] {1, 2});
        Batches<Bad> batches = Batches.inOrder(List.of(new Bad(Tensor.of(new double[] {3, 4}), new int[] {1})));
        assertThatThrownBy(() -> Trainer.of(
                                w,
                                Sgd.of(w, 0.1),
                                batches,
                                batch -> w.times(batch.x).sum())
                        .quietly()
                        .onPlans()
                        .start())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "train on a plan: the batch holds int[], of which a plan cannot tell whether it has changed;"
                                + " make it a Tensor if it is data: Tensor.of(...). Or leave out onPlans(): then the loss is built"
                                + " anew for every batch");
        Tensor other = Tensor.input("other", w.dtype(), 2);
        assertThatThrownBy(() -> Trainer.of(
                                w,
                                Sgd.of(w, 0.1),
                                Batches.inOrder(List.of(Tensor.of(new double[] {3, 4}))),
                                (Tensor x) -> w.times(x.plus(other)).sum())
                        .quietly()
                        .onPlans()
                        .start())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "the loss depends on input \"other\" (2) f64, which is neither of the batch nor the key");
    }

    private static <B> List<Double> lossesOnPlans(List<B> batches, BiFunction<Parameter, B, Tensor> loss) {
        Parameter w = Parameter.of(0.5);
        List<Double> losses = new ArrayList<>();
        Trainer<Parameter, B> trainer = Trainer.of(
                        w, Sgd.of(w, 0.1), Batches.inOrder(batches), batch -> loss.apply(w, batch))
                .quietly()
                .afterStep(report -> losses.add(report.loss()));
        assertThat(trainer.onPlans().start()).isInstanceOf(Ending.Finished.class);
        return losses;
    }

    @Test
    void onPlansMapsWithTheirKeysInAnotherOrderAreNotMistakenForEachOther() {
        Map<String, Tensor> one = new LinkedHashMap<>();
        one.put("a", Tensor.of(2.0));
        one.put("b", Tensor.of(3.0));
        Map<String, Tensor> other = new LinkedHashMap<>();
        other.put("b", Tensor.of(3.0));
        other.put("a", Tensor.of(2.0));
        BiFunction<Parameter, Map<String, Tensor>, Tensor> loss =
                (w, batch) -> w.times(get(batch, "a")).plus(get(batch, "b"));
        // w is 0.5, then 0.5 - 0.1 · 2.
        assertThat(lossesOnPlans(List.of(one, other), loss)).containsExactly(0.5 * 2 + 3, 0.3 * 2 + 3);
    }

    private static Tensor get(Map<String, Tensor> batch, String key) {
        return Objects.requireNonNull(batch.get(key));
    }

    @Test
    void onPlansNoMemberOfASetIsLeftOut() {
        List<Set<Tensor>> batches = List.of(Set.of(Tensor.of(2.0)), Set.of(Tensor.of(2.0), Tensor.of(4.0)));
        BiFunction<Parameter, Set<Tensor>, Tensor> loss =
                (w, batch) -> batch.stream().reduce(Tensor::plus).orElseThrow().times(w);
        assertThat(lossesOnPlans(batches, loss)).containsExactly(0.5 * 2, 0.3 * 6);
    }

    @Test
    void onPlansBatchesThatSayTheyAreEqualAreLookedInto() {
        record Scaled(Tensor x, int factor) {
            @Override
            public boolean equals(@Nullable Object other) {
                return other instanceof Scaled;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }
        List<Scaled> batches = List.of(new Scaled(Tensor.of(2.0), 1), new Scaled(Tensor.of(2.0), 3));
        BiFunction<Parameter, Scaled, Tensor> loss =
                (w, batch) -> w.times(batch.x).times(batch.factor);
        assertThat(lossesOnPlans(batches, loss)).containsExactly(0.5 * 2, 0.3 * 6);
    }

    @Test
    void onPlansRefusesParametersInABatchSinceNoGradientWouldPassToThem() {
        Parameter w = Parameter.of(0.5);
        for (Tensor part : List.of(w, w.times(2))) {
            Trainer<Parameter, List<Tensor>> trainer = Trainer.of(
                            w,
                            Sgd.of(w, 0.1),
                            Batches.inOrder(List.of(List.of(part))),
                            batch -> w.times(batch.getFirst()).sum())
                    .quietly()
                    .onPlans();
            assertThatThrownBy(trainer::start)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("train on a plan: the batch holds ")
                    .hasMessageContaining("no gradient passes to a parameter");
        }
        assertThat(w.value().item()).isEqualTo(0.5);
    }

    @Test
    void onPlansRefusesNumbersThatChangeAndTypesThatCannotBeMade() {
        record Counted(Tensor x, AtomicInteger n) {}
        assertThatThrownBy(() -> lossesOnPlans(
                        List.of(new Counted(Tensor.of(1.0), new AtomicInteger())), (w, batch) -> w.times(batch.x)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("train on a plan: the batch holds java.util.concurrent.atomic.AtomicInteger");
        record Several(ArrayList<Tensor> xs) {}
        assertThatThrownBy(() -> lossesOnPlans(
                        List.of(new Several(new ArrayList<>(List.of(Tensor.of(1.0))))),
                        (w, batch) -> w.times(batch.xs.getFirst())))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "has xs of type java.util.ArrayList, of which another cannot be made; declare it as"
                                + " Tensor, List, Map, Set or Optional");
    }

    @Test
    void onPlansWhatIsNoTensorBelongsToTheForm() {
        record Scaled(Tensor x, double factor) {}
        Parameter w = Parameter.of(1.0);
        AtomicInteger built = new AtomicInteger();
        List<Scaled> batches =
                List.of(new Scaled(Tensor.of(1.0), 2), new Scaled(Tensor.of(5.0), 2), new Scaled(Tensor.of(1.0), -3));
        List<Double> losses = new ArrayList<>();
        Ending<Parameter> ending = Trainer.of(w, Sgd.of(w, 0), Batches.inOrder(batches), batch -> {
                    built.incrementAndGet();
                    return w.times(batch.x).times(batch.factor);
                })
                .quietly()
                .onPlans()
                .epochs(2)
                .afterStep(report -> losses.add(report.loss()))
                .start();
        assertThat(ending.steps()).isEqualTo(6);
        assertThat(losses).containsExactly(2.0, 10.0, -3.0, 2.0, 10.0, -3.0);
        assertThat(built).hasValue(2);
    }

    @Test
    void mistakesAreToldAtTheStart() {
        Pupil pupil = Pupil.create();
        Trainer<Pupil, Sequences.Batch> trainer = trainer(pupil, adam(pupil));
        assertThatThrownBy(() -> trainer.epochs(0)).hasMessage("epochs 0: there must be 1 or more");
        assertThatThrownBy(() -> trainer.stopWhenNoBetterFor(2).start())
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("train: stopWhenNoBetterFor(...) goes by the first metric, and there is none; say"
                        + " validate(batches, metric)");
        assertThatThrownBy(() -> trainer.validate(Pupil.batches()))
                .hasMessageStartingWith("validate: there is no metric;");
        assertThatThrownBy(() -> trainer.validate(Pupil.batches(), pupil.error(), pupil.error()))
                .hasMessage("validate: two metrics are named 'error'; give one of them another name");
        assertThatThrownBy(trainer::resumeOrStart)
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("resumeOrStart: there is no folder to go on from; say keep(folder)");
        Batches<Sequences.Batch> none = Batches.ofStream((_, _) -> Stream.of());
        assertThatThrownBy(() -> Trainer.of(pupil, adam(pupil), none, pupil::loss)
                        .quietly()
                        .start())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("train: epoch 0 has no batch");
    }
}
