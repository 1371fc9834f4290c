package dev.clew.nn.credit;

import static dev.clew.nn.credit.Streams.data;
import static dev.clew.nn.credit.Streams.exact;
import static dev.clew.nn.credit.Streams.learnt;
import static dev.clew.nn.credit.Streams.near;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Initializer;
import dev.clew.nn.credit.Streams.Model;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.optimizer.Adam;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Counted;
import dev.clew.nn.sequence.States;
import dev.clew.nn.sequence.Zoneout;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The driver: what it carries on, and what it refuses. */
class OnlineTest {
    private static final int UNITS = 4;

    private final RandomKey key = RandomKey.of(31);
    private final RnnCell cell = RnnCell.create(Streams.INPUTS, UNITS, key.fold(0));
    private final Model<Tensor> model = Model.of(cell, UNITS, key.fold(1));

    private Online<Tensor> online(Credit credit) {
        return Online.of(model, cell, model.loss(), credit);
    }

    private static List<Credit> ways() {
        return List.of(
                Credit.bptt(),
                Credit.truncated(2, 4),
                Credit.realTime(),
                Credit.sparse(1),
                Credit.unbiased(RandomKey.of(1)));
    }

    @Test
    void nothingGrowsOnALongStream() {
        for (Credit credit : ways().subList(1, 5)) {
            Online<Tensor> online = online(credit);
            Adam adam = Adam.of(model, 0.001);
            List<Tensor> x = data(key.fold(2), 8, 1, Streams.INPUTS);
            List<Tensor> targets = data(key.fold(3), 8, 1, Streams.TARGETS);
            long carried = 0;
            long planned = 0;
            for (int t = 0; t < 400; t++) {
                online.step(x.get(t % 8), targets.get(t % 8)).ifPresent(lesson -> adam.step(lesson.gradients()));
                if (t == 15) {
                    carried = online.carriedBytes();
                    planned = online.planBytes();
                }
            }
            assertThat(online.carriedBytes()).as(credit.toString()).isEqualTo(carried);
            assertThat(online.planBytes())
                    .as(credit.toString())
                    .isEqualTo(planned)
                    .isPositive();
            assertThat(Graph.of(States.tensors(online.state())).nodes())
                    .as("the state is numbers")
                    .hasSize(1);
        }
    }

    @Test
    void backpropagationKeepsAllStepsUntilItBeginsAnew() {
        Online<Tensor> online = online(Credit.bptt());
        List<Tensor> x = data(key.fold(2), 6, 1, Streams.INPUTS);
        List<Tensor> targets = data(key.fold(3), 6, 1, Streams.TARGETS);
        Map<Parameter, double[]> learnt = learnt(online, x.subList(0, 3), targets.subList(0, 3));
        learnt(online, x.subList(3, 6), targets.subList(3, 6))
                .forEach((parameter, more) -> learnt.merge(parameter, more, Streams::plus));
        near(learnt, exact(model, x, targets), 1e-12);
        assertThat(online.carriedBytes()).isEqualTo(8L * (6 * (Streams.INPUTS + Streams.TARGETS) + UNITS));
        online.restart();
        near(learnt(online, x, targets), exact(model, x, targets), 1e-12);
    }

    @Test
    void anewIsAsFromTheBeginning() {
        List<Tensor> x = data(key.fold(2), 4, 2, Streams.INPUTS);
        List<Tensor> targets = data(key.fold(3), 4, 2, Streams.TARGETS);
        for (Credit credit : ways().subList(0, 4)) { // UORO draws other signs.
            Online<Tensor> online = online(credit);
            Map<Parameter, double[]> first = learnt(online, x, targets);
            online.restart();
            Map<Parameter, double[]> second = learnt(online, x, targets);
            first.forEach(
                    (parameter, numbers) -> assertThat(second.get(parameter)).isEqualTo(numbers));
        }
    }

    @Test
    void stepsWithoutATargetCarryCreditAndHaveNoLoss() {
        List<Tensor> x = data(key.fold(2), 5, 2, Streams.INPUTS);
        Tensor target = data(key.fold(3), 1, 2, Streams.TARGETS).getFirst();
        Tensor state = cell.start(2);
        for (Tensor each : x) {
            state = cell.next(each, state);
        }
        NDArray exact = Gradients.of(model.loss(state, target)).wrt(cell.wh()).value();
        for (Credit credit : List.of(Credit.bptt(), Credit.truncated(5, 5), Credit.realTime(), Credit.sparse(9))) {
            Online<Tensor> online = online(credit);
            for (Tensor each : x.subList(0, 4)) {
                assertThat(online.step(each)).isEmpty();
            }
            Lesson lesson = online.step(x.getLast(), target).or(online::rest).orElseThrow();
            near(lesson.gradient(cell.wh()).toDoubles(), exact.toDoubles(), 1e-12, credit.toString());
            near(online.state().value().toDoubles(), state.value().toDoubles(), 1e-12, credit.toString());
        }
    }

    @Test
    void numbersMayBeSingleAndInputsWholeNumbers() {
        record Table(Parameter rows, RnnCell inner) implements Cell<Tensor> {
            @Override
            public Tensor start(int batch) {
                return inner.start(batch);
            }

            @Override
            public Out<Tensor> step(Tensor x, Tensor h) {
                return inner.step(rows.gather(x), h);
            }
        }
        RnnCell inner = RnnCell.create(3, UNITS, DType.F32, Initializer.normal(0, 0.5), key.fold(4));
        Table table = new Table(Parameter.of(key.fold(5).normal(0, 1, DType.F32, Shape.of(6, 3))), inner);
        Linear head = Linear.create(UNITS, 2, DType.F32, Initializer.normal(0, 0.5), key.fold(6));
        Model<Tensor> single = new Model<>(table, head);
        List<Tensor> x = List.of(Tensor.of(new int[] {0, 3}), Tensor.of(new int[] {5, 3}), Tensor.of(new int[] {1, 0}));
        List<Tensor> targets = data(key.fold(7), 3, 2, 2).stream()
                .map(each -> each.cast(DType.F32))
                .toList();
        for (Credit credit : List.of(Credit.realTime(), Credit.bptt())) {
            near(learnt(Online.of(single, table, single.loss(), credit), x, targets), exact(single, x, targets), 1e-5);
        }
    }

    @Test
    void aCellThatDrawsAnewInEveryStepIsExactToo() {
        Zoneout<Tensor> zoneout = Zoneout.of(cell, 0.4, RandomKey.of(3));
        Model<Counted<Tensor>> drawing = Model.of(zoneout, UNITS, key.fold(1));
        List<Tensor> x = data(key.fold(2), 6, 1, Streams.INPUTS);
        List<Tensor> targets = data(key.fold(3), 6, 1, Streams.TARGETS);
        for (Credit credit : List.of(Credit.realTime(), Credit.sparse(6), Credit.truncated(6, 6))) {
            Online<Counted<Tensor>> online = Online.of(drawing, zoneout, drawing.loss(), credit);
            near(learnt(online, x, targets), exact(drawing, x, targets), 1e-12);
            assertThat(online.state().step()).isEqualTo(6);
        }
        Online<Counted<Tensor>> batch = Online.of(drawing, zoneout, drawing.loss(), Credit.realTime());
        assertThatThrownBy(() -> batch.step(Tensor.zeros(DType.F64, 2, Streams.INPUTS), Tensor.zeros(DType.F64, 2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("online by RTRL with a batch of 2: ");
    }

    @Test
    void aCellWhoseSequencesSeeOneAnotherIsRefusedWhereThatWouldBeWrong() {
        record Mixed(RnnCell inner) implements Cell<Tensor> {
            @Override
            public Tensor start(int batch) {
                return inner.start(batch);
            }

            @Override
            public Out<Tensor> step(Tensor x, Tensor h) {
                return inner.step(x.minus(x.mean(true, 0)), h);
            }
        }
        Mixed mixed = new Mixed(cell);
        Model<Tensor> of = new Model<>(mixed, model.head());
        List<Tensor> x = data(key.fold(2), 3, 2, Streams.INPUTS);
        List<Tensor> targets = data(key.fold(3), 3, 2, Streams.TARGETS);
        assertThatThrownBy(
                        () -> Online.of(of, mixed, of.loss(), Credit.sparse(1)).step(x.getFirst(), targets.getFirst()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("online by SnAp-1 with a batch of 2: stepped by itself, a sequence comes to another"
                        + " state, by 0\\.\\d+, than beside the others; a cell whose sequences see one another goes by"
                        + " bptt\\(\\), truncated\\(k1, k2\\) or unbiased\\(key\\)");
        near(learnt(Online.of(of, mixed, of.loss(), Credit.truncated(3, 3)), x, targets), exact(of, x, targets), 1e-12);
    }

    /** A reservoir: nothing that is learnt reaches the state. */
    @Test
    void ofAFixedCellOnlyTheHeadIsLearnt() {
        List<Tensor> x = data(key.fold(2), 4, 2, Streams.INPUTS);
        List<Tensor> targets = data(key.fold(3), 4, 2, Streams.TARGETS);
        Map<Parameter, NDArray> exact = exact(model, x, targets);
        for (Credit credit : ways()) {
            Online<Tensor> online = Online.of(model.head(), cell, model.loss(), credit);
            Map<Parameter, double[]> learnt = learnt(online, x, targets);
            assertThat(learnt.keySet())
                    .containsExactly(model.head().weight(), model.head().bias());
            learnt.forEach((parameter, numbers) -> near(
                    numbers,
                    exact.getOrDefault(parameter, NDArray.of(0.0)).toDoubles(),
                    1e-12,
                    credit + " " + parameter.describe()));
        }
    }

    @Test
    void mistakesAreSaid() {
        Online<Tensor> online = online(Credit.realTime());
        Tensor target = Tensor.zeros(DType.F64, 2, Streams.TARGETS);
        assertThatThrownBy(online::state)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("state of a stream without a step: it begins at start(batch) of the cell, and its batch is"
                        + " not known");
        online.step(Tensor.zeros(DType.F64, 2, Streams.INPUTS), target);
        assertThatThrownBy(() -> online.step(Tensor.zeros(DType.F64, 3, Streams.INPUTS), target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("step with x (3, 2): the stream has a batch of 2 sequences, whose state is carried on; make"
                        + " another stream for another number");
        assertThatThrownBy(() -> online.step(cell.wx(), target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("online: the input parameter (2, 4) f64")
                .hasMessageEndingWith(", whose gradient would be lost; compute it within the cell, or in the loss");
        assertThatThrownBy(() -> online.step(Tensor.of(1.0), target))
                .hasMessage("step with x () f64: it is (batch, ...), of at least one sequence");
        Online<Tensor> of = Online.of(model, cell, (output, wanted) -> output.minus(1), Credit.realTime());
        assertThatThrownBy(() -> of.step(Tensor.zeros(DType.F64, 2, Streams.INPUTS), target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("it must be a single floating-point number: reduce it with sum() or mean()");
        assertThatThrownBy(() -> Credit.truncated(5, 4))
                .hasMessage(
                        "truncated(k1 = 5, k2 = 4): every k1 steps a gradient goes back k2 steps, so k1 is from 1 to"
                                + " k2; losses more than k2 steps ago would not count");
        assertThatThrownBy(() -> Credit.sparse(0))
                .hasMessage("sparse(0): a parameter reaches a state in 1 step or more");
    }

    @Test
    void waysSayWhatTheyDo() {
        assertThat(List.of(Credit.truncated(4, 4), Credit.truncated(1, 20)))
                .hasToString("[TBPTT(k1=4, k2=4, no step replayed), TBPTT(k1=1, k2=20, 19 steps replayed with the"
                        + " parameters of now)]");
        assertThat(online(Credit.sparse(2))).hasToString("Online by SnAp-2, after 0 steps");
    }
}
