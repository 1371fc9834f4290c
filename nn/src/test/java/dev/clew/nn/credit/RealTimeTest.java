package dev.clew.nn.credit;

import static dev.clew.nn.credit.Streams.data;
import static dev.clew.nn.credit.Streams.exact;
import static dev.clew.nn.credit.Streams.learnt;
import static dev.clew.nn.credit.Streams.near;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.nn.credit.Streams.Diagonal;
import dev.clew.nn.credit.Streams.Echo;
import dev.clew.nn.credit.Streams.Model;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.sequence.Cell;
import dev.clew.nn.sequence.Residual;
import dev.clew.nn.sequence.Stack;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Real-time recurrent learning is backpropagation through time. */
class RealTimeTest {
    private static List<Cell<?>> cells(int units, RandomKey key) {
        return List.of(
                RnnCell.create(Streams.INPUTS, units, key.fold(0)),
                Lstm.create(Streams.INPUTS, units, key.fold(1)),
                Gru.create(Streams.INPUTS, units, key.fold(2)),
                Echo.create(units, key.fold(3)),
                Diagonal.create(units, key.fold(4)),
                new Stack<>(
                        Lstm.create(Streams.INPUTS, units, key.fold(5)),
                        new Residual<>(RnnCell.create(units, units, key.fold(6)))));
    }

    @Property(tries = 24)
    void itIsTheGradientOfTheGraphForAnyCell(
            @ForAll @IntRange(min = 1, max = 3) int units,
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 6) int steps,
            @ForAll @IntRange(min = 0, max = 5) int which,
            @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        isExact(cells(units, key).get(which), units, batch, steps, key.fold(9));
    }

    @Test
    void itIsSoForLargerOnesToo() {
        isExact(Lstm.create(Streams.INPUTS, 6, RandomKey.of(1)), 6, 3, 10, RandomKey.of(2));
        isExact(new Echoes(Echo.create(3, RandomKey.of(3))), 3, 3, 9, RandomKey.of(4));
        isExact(Echo.create(2, RandomKey.of(5)), 2, 2, 1, RandomKey.of(6));
    }

    /** A cell of another one and indices of a table: rows that no input asks for, and whole numbers in the state. */
    record Echoes(Echo inner) implements Cell<Echoes.State> {
        record State(Echo.State inner, Tensor last) {}

        @Override
        public State start(int batch) {
            return new State(inner.start(batch), Tensor.zeros(DType.I32, batch));
        }

        @Override
        public Out<State> step(Tensor x, State state) {
            Tensor signs = x.get(1, 0).greaterThan(0).cast(DType.I32);
            Tensor row = inner.in().gather(state.last);
            Out<Echo.State> out = inner.step(x, state.inner);
            return new Out<>(out.output().times(row), new State(out.state(), signs));
        }
    }

    /** Beyond what is tried with random numbers: only large inputs open the way from one unit to the other. */
    record Gate(Parameter in, Parameter across) implements Cell<Tensor> {
        @Override
        public Tensor start(int batch) {
            return Tensor.zeros(DType.F64, batch, 8);
        }

        @Override
        public Out<Tensor> step(Tensor x, Tensor h) {
            Tensor isOpen = x.get(1, 0).greaterThan(10).expandDims(1).broadcastTo(h.shape());
            Tensor from = Tensor.where(isOpen, h.roll(1, 1), h);
            Tensor next = x.matmul(in).plus(from.times(across)).tanh();
            return new Out<>(next, next);
        }
    }

    @Test
    void whatOnlyRareInputsReachIsNoticedAndStillExact() {
        RandomKey key = RandomKey.of(6);
        Gate cell = new Gate(Streams.normal(key.fold(0), Streams.INPUTS, 8), Streams.normal(key.fold(1), 8));
        Model<Tensor> model = Model.of(cell, 8, key.fold(2));
        List<Tensor> x = new ArrayList<>(data(key.fold(3), 7, 2, Streams.INPUTS));
        x.set(4, x.get(4).plus(Tensor.of(new double[] {11, 0})));
        List<Tensor> targets = data(key.fold(4), 7, 2, Streams.TARGETS);
        Online<Tensor> online = Online.of(model, cell, model.loss(), Credit.realTime());
        Map<Parameter, double[]> learnt = learnt(online, x.subList(0, 4), targets.subList(0, 4));
        long before = online.carriedBytes();
        learnt(online, x.subList(4, 7), targets.subList(4, 7))
                .forEach((parameter, more) -> learnt.merge(parameter, more, Streams::plus));
        near(learnt, exact(model, x, targets), 1e-12);
        assertThat(before).as("of J one number for every one of a parameter").isEqualTo(2 * 8L * (16 + 8 + 8));
        assertThat(online.carriedBytes()).isEqualTo(2 * 8L * (8 * 24 + 8));
    }

    /** SnAp-1 by hand: the trace of a unit goes on by its own slope, which is 0 in the step in which another unit is let in. */
    @Test
    void whatOnlyRareInputsReachIsNotTakenForWhatIsKept() {
        RandomKey key = RandomKey.of(6);
        Gate cell = new Gate(Streams.normal(key.fold(0), Streams.INPUTS, 8), Streams.normal(key.fold(1), 8));
        Online<Tensor> online =
                Online.of(cell, cell, (h, target) -> h.minus(target).square().sum(), Credit.sparse(1));
        double[] across = cell.across().value().toDoubles();
        double[] h = new double[8];
        double[][] trace = new double[Streams.INPUTS + 1][8];
        for (int t = 0; t < 6; t++) {
            boolean isOpen = t == 3;
            Tensor x = data(key.fold(3), 6, 1, Streams.INPUTS).get(t).plus(isOpen ? 20 : 0);
            Tensor target = data(key.fold(4), 6, 1, 8).get(t);
            Lesson lesson = online.step(x, target).orElseThrow();
            double[] before = h;
            double[][] expected = new double[Streams.INPUTS + 1][8];
            h = cell.step(x, Tensor.of(before).expandDims(0)).output().value().toDoubles();
            for (int j = 0; j < 8; j++) {
                double inner = 1 - h[j] * h[j];
                double from = isOpen ? before[(j + 7) % 8] : before[j];
                for (int i = 0; i <= Streams.INPUTS; i++) {
                    double own = i < Streams.INPUTS ? x.get(0, 0).get(i).item() : from;
                    trace[i][j] = inner * ((isOpen ? 0 : across[j]) * trace[i][j] + own);
                    expected[i][j] = 2 * (h[j] - target.get(0, 0).get(j).item()) * trace[i][j];
                }
            }
            double[] ofIn = new double[16];
            System.arraycopy(expected[0], 0, ofIn, 0, 8);
            System.arraycopy(expected[1], 0, ofIn, 8, 8);
            near(lesson.gradient(cell.in()).toDoubles(), ofIn, 1e-12, "in at " + t);
            near(lesson.gradient(cell.across()).toDoubles(), expected[2], 1e-12, "across at " + t);
        }
    }

    @Test
    void ofADiagonalCellItKeepsAsManyNumbersAsThereAreParameters() {
        Diagonal cell = Diagonal.create(5, RandomKey.of(1));
        Model<Tensor> model = Model.of(cell, 5, RandomKey.of(2));
        for (Credit credit : List.of(Credit.realTime(), Credit.sparse(1))) {
            Online<Tensor> online = Online.of(model, cell, model.loss(), credit);
            List<Tensor> x = data(RandomKey.of(3), 6, 1, Streams.INPUTS);
            List<Tensor> targets = data(RandomKey.of(4), 6, 1, Streams.TARGETS);
            near(learnt(online, x, targets), exact(model, x, targets), 1e-12);
            assertThat(online.carriedBytes()).isEqualTo(8L * (5 + 5 * Streams.INPUTS + 5));
        }
    }

    @Test
    void roundingIsNotTakenForMoreThatIsReached() {
        Diagonal cell = Diagonal.create(7, RandomKey.of(1));
        Model<Tensor> model = Model.of(cell, 7, RandomKey.of(2));
        Sgd sgd = Sgd.of(model, 0.05);
        Online<Tensor> online = Online.of(model, cell, model.loss(), Credit.realTime());
        List<Tensor> x = data(RandomKey.of(3), 500, 2, Streams.INPUTS);
        List<Tensor> targets = data(RandomKey.of(4), 500, 2, Streams.TARGETS);
        for (int t = 0; t < 500; t++) {
            sgd.step(online.step(x.get(t).times(t % 50), targets.get(t))
                    .orElseThrow()
                    .gradients());
            assertThat(online.carriedBytes()).isEqualTo(2 * 8L * (7 + 7 * Streams.INPUTS + 7));
        }
    }

    /** Rows of a diagonal cell are swept together, so the plan for more units has no more of them. */
    @Test
    void aDiagonalCellIsSteppedInPlansThatGrowWithTheNumberOfParameters() {
        long[] bytes = new long[2];
        for (int i = 0; i < 2; i++) {
            int units = 32 << i;
            Diagonal cell = Diagonal.create(units, RandomKey.of(1));
            Online<Tensor> online = Online.of(
                    cell, cell, (h, target) -> h.minus(target).square().sum(), Credit.realTime());
            Tensor target = data(RandomKey.of(4), 1, 1, units).getFirst();
            online.step(data(RandomKey.of(3), 1, 1, Streams.INPUTS).getFirst(), target);
            bytes[i] = online.planBytes();
        }
        assertThat(bytes[1]).isLessThan(5 * bytes[0] / 2);
    }

    private static <S> void isExact(Cell<S> cell, int units, int batch, int steps, RandomKey key) {
        Model<S> model = Model.of(cell, units, key.fold(0));
        List<Tensor> x = data(key.fold(1), steps, batch, Streams.INPUTS);
        List<Tensor> targets = data(key.fold(2), steps, batch, Streams.TARGETS);
        for (Credit credit :
                List.of(Credit.realTime(), Credit.sparse(steps), Credit.bptt(), Credit.truncated(steps, steps))) {
            near(learnt(Online.of(model, cell, model.loss(), credit), x, targets), exact(model, x, targets), 1e-12);
        }
    }
}
