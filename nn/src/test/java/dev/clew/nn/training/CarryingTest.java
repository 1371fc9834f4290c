package dev.clew.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.data.Batches;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Truncated backpropagation through time: batches that go on from one another. */
class CarryingTest {
    private static final RandomKey KEY = RandomKey.of(3);
    /** Two streams of 20 steps, in pieces of 4. */
    private static final Batches<Tensor> PIECES = Batches.inOrder(pieces());

    @TempDir
    private Path folder;

    private static List<Tensor> pieces() {
        List<Tensor> pieces = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            pieces.add(Tensor.of(KEY.fold(i).normal(0, 1, DType.F64, Shape.of(2, 4, 3))));
        }
        return pieces;
    }

    private static Lstm lstm() {
        return Lstm.create(3, 3, KEY.fold(9));
    }

    /** How far the outputs are from what came in. */
    private static Cell.Out<Lstm.State> loss(Lstm lstm, Tensor x, Lstm.State state) {
        Run<Lstm.State> run = Run.of(lstm, x).from(state);
        return new Cell.Out<>(run.outputs().minus(x).square().mean(), run.last());
    }

    private static Trainer<Lstm, Tensor> trainer(Lstm lstm) {
        return Trainer.carrying(lstm, Adam.of(lstm, 0.01), PIECES, lstm.start(2), (x, state, _) -> loss(lstm, x, state))
                .quietly()
                .epochs(3);
    }

    private static List<Double> losses(Trainer<Lstm, Tensor> trainer) {
        List<Double> losses = new ArrayList<>();
        assertThat(trainer.afterStep(report -> losses.add(report.loss()))
                        .start()
                        .steps())
                .isEqualTo(15);
        return losses;
    }

    @Test
    void everyBatchGoesOnFromTheNumbersThatTheOneBeforeHasLeftAndEveryEpochBegins() {
        Lstm byHand = lstm();
        Adam adam = Adam.of(byHand, 0.01);
        List<Double> expected = new ArrayList<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            Lstm.State state = byHand.start(2);
            for (Tensor x : pieces()) {
                Cell.Out<Lstm.State> out = loss(byHand, x, state);
                Lstm.State next = out.state();
                var step = adam.step(out.output(), next.h(), next.c());
                expected.add(step.loss());
                state = new Lstm.State(Tensor.of(step.value(next.h())), Tensor.of(step.value(next.c())));
            }
        }
        Lstm built = lstm();
        assertThat(losses(trainer(built))).isEqualTo(expected);
        assertThat(Pupil.numbers(built)).isEqualTo(Pupil.numbers(byHand));
        List<Double> planned = losses(trainer(lstm()).onPlans());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Math.abs(planned.get(i) - expected.get(i))).isLessThan(1e-13);
        }
    }

    @Test
    void aRunThatGoesOnInTheMiddleHasTheStateToo() {
        for (boolean onPlans : new boolean[] {false, true}) {
            Lstm whole = lstm();
            assertThat(losses(onPlans ? trainer(whole).onPlans() : trainer(whole)))
                    .hasSize(15);
            Ending<Lstm> ending = null;
            Lstm parts = whole;
            while (!(ending instanceof Ending.Finished<Lstm>)) {
                parts = lstm();
                Trainer<Lstm, Tensor> trainer = trainer(parts)
                        .keep(folder.resolve("" + onPlans))
                        .afterStep(report -> {
                            if (report.step() % 4 == 0) {
                                Thread.currentThread().interrupt();
                            }
                        });
                ending = (onPlans ? trainer.onPlans() : trainer).resumeOrStart();
            }
            assertThat(Pupil.numbers(parts)).isEqualTo(Pupil.numbers(whole));
        }
    }

    @Test
    void aStateThatIsNotUsedIsRefused() {
        Lstm lstm = lstm();
        var trainer = Trainer.carrying(
                        lstm, Adam.of(lstm, 0.01), PIECES, lstm.start(2), (x, _, _) -> loss(lstm, x, lstm.start(2)))
                .quietly();
        var same = Trainer.carrying(
                        lstm,
                        Adam.of(lstm, 0.01),
                        PIECES,
                        lstm.start(2),
                        (x, state, _) ->
                                new Cell.Out<>(loss(lstm, x, lstm.start(2)).output(), state))
                .quietly();
        for (var each : List.of(trainer, trainer.onPlans(), same, same.onPlans())) {
            assertThatThrownBy(each::start)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("train: neither the loss nor the state after a batch depends on the state before it,"
                            + " [(2, 3) f64, (2, 3) f64]; begin the run with it: Run.of(cell, x).from(state)");
        }
    }

    @Test
    void aStateOfAnotherShapeIsRefusedBeforeItIsCarried() {
        Lstm lstm = lstm();
        Tensor start = Tensor.zeros(DType.F64, 2);
        var trainer = Trainer.carrying(
                        lstm,
                        Adam.of(lstm, 0.01),
                        PIECES,
                        start,
                        (x, state, _) -> new Cell.Out<>(
                                loss(lstm, x, lstm.start(2)).output(), Tensor.stack(0, List.of(state, state))))
                .quietly();
        for (var each : List.of(trainer, trainer.onPlans())) {
            Map<String, NDArray> before = Pupil.numbers(lstm);
            assertThatThrownBy(each::start)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("train: the state was [(2) f64] before a batch and is [(2, 2) f64] after it; shapes and"
                            + " types of a state stay, and so all batches are of one size");
            assertThat(Pupil.numbers(lstm)).isEqualTo(before);
        }
    }

    private static List<Trainer<Parameter, Tensor>> counting(Parameter w, Map<String, Tensor> start) {
        Trainer<Parameter, Tensor> trainer = Trainer.carrying(
                        w,
                        Sgd.of(w, 0.1),
                        Batches.inOrder(List.of(Tensor.of(1.0), Tensor.of(2.0), Tensor.of(3.0))),
                        start,
                        (x, state, _) -> {
                            Map<String, Tensor> next = new LinkedHashMap<>(); // In another order.
                            next.put("c", part(state, "c").times(2));
                            next.put("h", x);
                            return new Cell.Out<>(w.times(part(state, "h")).plus(part(state, "c")), next);
                        })
                .quietly();
        return List.of(trainer, trainer.onPlans());
    }

    private static Tensor part(Map<String, Tensor> state, String name) {
        return Objects.requireNonNull(state.get(name));
    }

    @Test
    void partsOfAStateAreFoundByTheirKeysWhateverTheirOrder() {
        Map<String, Tensor> start = new LinkedHashMap<>();
        start.put("h", Tensor.of(0.0));
        start.put("c", Tensor.of(10.0));
        for (int kind = 0; kind < 2; kind++) {
            List<Double> losses = new ArrayList<>();
            Trainer<Parameter, Tensor> trainer =
                    counting(Parameter.of(0.5), start).get(kind).afterStep(report -> losses.add(report.loss()));
            assertThat(trainer.start()).isInstanceOf(Ending.Finished.class);
            // h is 0, 1, 2, and w 0.5, 0.5, 0.4.
            assertThat(losses).containsExactly(10.0, 0.5 + 20, 0.8 + 40);
        }
    }

    @Test
    void whatIsNoTensorOfAStateStaysSinceASnapshotDoesNotHaveIt() {
        record Counted(Tensor h, int batches) {}
        Parameter w = Parameter.of(0.5);
        var trainer = Trainer.carrying(
                        w,
                        Sgd.of(w, 0.1),
                        Batches.inOrder(List.of(Tensor.of(1.0))),
                        new Counted(Tensor.of(0.0), 0),
                        (x, state, _) -> new Cell.Out<>(w.times(x), new Counted(x, state.batches + 1)))
                .quietly();
        for (var each : List.of(trainer, trainer.onPlans())) {
            assertThatThrownBy(each::start)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("train: a part of the state was 0 before a batch and is 1 after it; only tensors change"
                            + " from batch to batch, so make it one: Tensor.of(...)");
            assertThat(w.value().item()).isEqualTo(0.5);
        }
    }
}
