package dev.clew.nn.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Parameters;
import dev.clew.nn.layer.Dropped;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.layer.RnnCell;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run is the plain loop, and a padded batch is its sequences. */
class RunTest {
    private static final int INPUTS = 3;

    /** A user's cell with two states in nested records and lists, one of them of another shape. */
    record Leaky(Parameter in, Parameter back, Parameter rate) implements Cell<Leaky.State> {
        record Memory(List<Tensor> slow, Optional<Tensor> count) {}

        record State(Tensor fast, Memory memory) {}

        static Leaky create(RandomKey key) {
            return new Leaky(
                    Parameter.of(key.fold(0).normal(0, 1, DType.F64, Shape.of(INPUTS, 4))),
                    Parameter.of(key.fold(1).normal(0, 0.5, DType.F64, Shape.of(4, 4))),
                    Parameter.of(key.fold(2).normal(0, 1, DType.F64, Shape.of(4))));
        }

        @Override
        public State start(int batch) {
            return new State(
                    Tensor.zeros(DType.F64, batch, 4),
                    new Memory(List.of(Tensor.ones(DType.F64, batch, 4)), Optional.of(Tensor.zeros(DType.F64, batch))));
        }

        @Override
        public Out<State> step(Tensor x, State state) {
            Tensor slow = state.memory.slow.getFirst();
            Tensor fast = x.matmul(in).plus(slow.matmul(back)).tanh();
            Tensor next = slow.lerp(fast, rate.sigmoid());
            return new Out<>(
                    next.times(fast),
                    new State(
                            fast,
                            new Memory(List.of(next), state.memory.count.map(each -> each.plus(fast.get(1, 0))))));
        }
    }

    private static Tensor data(RandomKey key, int... shape) {
        return Tensor.of(key.normal(0, 1, DType.F64, Shape.of(shape)));
    }

    private static double[] numbers(Tensor tensor) {
        return tensor.value().toDoubles();
    }

    /** The loop that a run stands for. */
    private static <S> List<Tensor> loop(Cell<S> cell, Tensor x, S start, List<S> states) {
        List<Tensor> outputs = new ArrayList<>();
        S state = start;
        for (int t = 0; t < x.shape().length(1); t++) {
            Cell.Out<S> out = cell.step(x.get(1, t), state);
            outputs.add(out.output());
            state = out.state();
            states.add(state);
        }
        return outputs;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLastOutputsAreThoseAtTheEnds(boolean isBackwards) {
        Leaky cell = Leaky.create(RandomKey.of(1));
        Tensor x = data(RandomKey.of(2), 4, 5, INPUTS);
        int[] lengths = {3, 0, 5, 1};
        Run<Leaky.State> run = Run.of(cell, x, lengths);
        Run<Leaky.State> asked = isBackwards ? run.backwards() : run;
        double[] last = numbers(asked.lastOutputs());
        double[] all = numbers(asked.outputs());
        for (int n = 0; n < 4; n++) {
            for (int j = 0; j < 4; j++) {
                int t = isBackwards ? 0 : lengths[n] - 1;
                assertThat(last[n * 4 + j]).isEqualTo(lengths[n] == 0 ? 0 : all[(n * 5 + t) * 4 + j]);
            }
        }
        Run<Leaky.State> whole = isBackwards ? Run.of(cell, x).backwards() : Run.of(cell, x);
        assertThat(whole.lastOutputs().value())
                .isEqualTo(whole.outputs().get(1, isBackwards ? 0 : 4).value());
    }

    @Test
    void itIsTheLoopWrittenOut() {
        Leaky cell = Leaky.create(RandomKey.of(1));
        Tensor x = data(RandomKey.of(2), 2, 5, INPUTS);
        List<Leaky.State> states = new ArrayList<>();
        List<Tensor> outputs = loop(cell, x, cell.start(2), states);
        Run<Leaky.State> run = Run.of(cell, x);
        assertThat(run.outputs().value()).isEqualTo(Tensor.stack(1, outputs).value());
        assertThat(run.states()).hasSize(5);
        for (int t = 0; t < 5; t++) {
            assertThat(run.states().get(t).fast().value())
                    .isEqualTo(states.get(t).fast().value());
        }
        assertThat(run.last().memory().count().orElseThrow().value())
                .isEqualTo(states.getLast().memory().count().orElseThrow().value());
        assertThat(run.mask()).isEmpty();
    }

    @Property(tries = 40)
    void aPaddedBatchIsItsSequences(
            @ForAll @IntRange(min = 1, max = 5) int batch,
            @ForAll @IntRange(min = 1, max = 6) int time,
            @ForAll boolean isBackwards,
            @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        Leaky cell = Leaky.create(key);
        Tensor x = data(key.fold(5), batch, time, INPUTS);
        int[] lengths = lengths(key, batch, time);
        Run<Leaky.State> run = Run.of(cell, x, lengths);
        run = isBackwards ? run.backwards() : run;
        Gradients gradients = Gradients.of(loss(run, lengths));
        double[] slopes = new double[INPUTS * 4];
        for (int n = 0; n < batch; n++) {
            NDArray outputs = run.outputs().get(0, n).value();
            for (int t = lengths[n]; t < time; t++) {
                assertThat(Tensor.of(outputs).get(0, t).value().toDoubles()).containsOnly(0);
            }
            if (lengths[n] == 0) {
                assertThat(numbers(run.last().memory().slow().getFirst().get(0, n)))
                        .containsOnly(1);
                continue;
            }
            Run<Leaky.State> alone = Run.of(cell, x.slice(0, n, n + 1).slice(1, 0, lengths[n]));
            alone = isBackwards ? alone.backwards() : alone;
            near(numbers(run.outputs().get(0, n).slice(0, 0, lengths[n])), numbers(alone.outputs()));
            near(
                    numbers(run.last().memory().slow().getFirst().get(0, n)),
                    numbers(alone.last().memory().slow().getFirst()));
            double[] more = numbers(Gradients.of(loss(alone, lengths[n])).wrt(cell.in));
            Arrays.setAll(slopes, i -> slopes[i] + more[i]);
        }
        near(numbers(gradients.wrt(cell.in)), slopes);
    }

    private static int[] lengths(RandomKey key, int batch, int time) {
        int[] lengths = new int[batch];
        for (int n = 0; n < batch; n++) {
            lengths[n] = Math.floorMod(key.fold(30 + n).words().toInts()[0], time + 1);
        }
        return lengths;
    }

    private static Tensor loss(Run<Leaky.State> run, int... lengths) {
        Tensor ofSome = Tensor.of(lengths).greaterThan(0).cast(DType.F64).expandDims(1);
        return run.outputs().square().sum().plus(run.last().fast().times(ofSome).sum());
    }

    private static void near(double[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(found[i] - expected[i]))
                    .isLessThanOrEqualTo(1e-12 * Math.max(1, Math.abs(expected[i])));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e300})
    void whatStandsInThePaddingChangesNoBitAndHasNoGradient(double padding) {
        int[] lengths = {4, 0, 2};
        NDArray clean = RandomKey.of(7).normal(0, 1, DType.F64, Shape.of(3, 4, INPUTS));
        double[] zeros = clean.toDoubles();
        double[] padded = clean.toDoubles();
        for (int n = 0; n < 3; n++) {
            Arrays.fill(zeros, (n * 4 + lengths[n]) * INPUTS, (n + 1) * 4 * INPUTS, 0);
            Arrays.fill(padded, (n * 4 + lengths[n]) * INPUTS, (n + 1) * 4 * INPUTS, padding);
        }
        for (Cell<?> cell : List.of(
                Leaky.create(RandomKey.of(1)),
                Lstm.create(INPUTS, 4, RandomKey.of(2)),
                Gru.create(INPUTS, 4, RandomKey.of(3)),
                RnnCell.create(INPUTS, 4, RandomKey.of(4)))) {
            List<NDArray> of = all(cell, NDArray.of(Shape.of(3, 4, INPUTS), zeros), lengths);
            List<NDArray> with = all(cell, NDArray.of(Shape.of(3, 4, INPUTS), padded), lengths);
            assertThat(with).isEqualTo(of);
            double[] slopes = with.get(1).toDoubles();
            for (int i = 0; i < slopes.length; i++) {
                if (i / INPUTS % 4 >= lengths[i / INPUTS / 4]) {
                    assertThat(slopes[i]).isEqualTo(0);
                }
            }
        }
    }

    /** Outputs, and gradients of x and of all parameters. */
    private static <S> List<NDArray> all(Cell<S> cell, NDArray numbers, int... lengths) {
        Parameter x = Parameter.of(numbers);
        Tensor outputs = Run.of(cell, x, lengths).outputs();
        Gradients gradients = Gradients.of(outputs.square().sum());
        List<Tensor> wanted = new ArrayList<>(List.of(outputs, gradients.wrt(x)));
        Parameters.named(cell).values().forEach(each -> wanted.add(gradients.wrt(each)));
        return Tensor.values(wanted);
    }

    @Test
    void aRunGoesOnFromTheLastStateOfAnother() {
        Leaky cell = Leaky.create(RandomKey.of(1));
        Tensor x = data(RandomKey.of(2), 2, 6, INPUTS);
        Run<Leaky.State> first = Run.of(cell, x.slice(1, 0, 2));
        Run<Leaky.State> second = Run.of(cell, x.slice(1, 2, 6)).from(first.last());
        assertThat(second.last().fast().value())
                .isEqualTo(Run.of(cell, x).last().fast().value());
        Leaky.State numbers = States.detach(first.last());
        assertThat(Run.of(cell, x.slice(1, 2, 6)).from(numbers).last().fast().value())
                .isEqualTo(second.last().fast().value());
        assertThat(Gradients.of(numbers.fast().sum()).reaches(cell.in)).isFalse();
        assertThat(numbers.memory().count()).isPresent();
    }

    @Test
    void bothWaysStandsOneBehindTheOther() {
        RnnCell forward = RnnCell.create(INPUTS, 2, RandomKey.of(1));
        Leaky backward = Leaky.create(RandomKey.of(2));
        Tensor x = data(RandomKey.of(3), 2, 5, INPUTS);
        Tensor lengths = Tensor.of(new int[] {5, 3});
        Run.BothWays<Tensor, Leaky.State> run = Run.bothWays(forward, backward, x, lengths);
        assertThat(run.outputs().shape()).isEqualTo(Shape.of(2, 5, 6));
        assertThat(run.outputs().slice(-1, 0, 2).value())
                .isEqualTo(Run.of(forward, x, lengths).outputs().value());
        assertThat(run.outputs().slice(-1, 2, 6).value())
                .isEqualTo(Run.of(backward, x, lengths).backwards().outputs().value());
        assertThat(run.backward().states().getFirst().fast().value())
                .isEqualTo(run.backward().last().fast().value());
    }

    @Test
    void lengthsMayBeAnInputOfAPlan() {
        Gru cell = Gru.create(INPUTS, 4, RandomKey.of(1));
        Tensor x = Tensor.input("x", DType.F64, 2, 4, INPUTS);
        Tensor lengths = Tensor.input("lengths", DType.I32, 2);
        Plan plan = Plan.compile(List.of(Run.of(cell, x, lengths).last()));
        NDArray numbers = RandomKey.of(2).normal(0, 1, DType.F64, Shape.of(2, 4, INPUTS));
        for (int[] each : new int[][] {{4, 4}, {0, 3}, {2, 1}}) {
            NDArray found =
                    plan.run(Map.of(x, numbers, lengths, NDArray.of(each))).getFirst();
            assertThat(found)
                    .isEqualTo(Run.of(cell, Tensor.of(numbers), each).last().value());
        }
    }

    @Test
    void stacksHaveTypedStatesAndResidualsAdd() {
        Lstm lower = Lstm.create(INPUTS, INPUTS, RandomKey.of(1));
        Gru upper = Gru.create(INPUTS, 5, RandomKey.of(2));
        Tensor x = data(RandomKey.of(3), 2, 4, INPUTS);
        Run<Stack.State<Lstm.State, Tensor>> run = Run.of(new Stack<>(new Residual<>(lower), upper), x, 4, 2);
        Tensor below = Run.of(lower, x, 4, 2).outputs().plus(x);
        assertThat(run.outputs().value())
                .isEqualTo(Run.of(upper, below, 4, 2).outputs().value());
        assertThat(run.last().lower().c().value())
                .isEqualTo(Run.of(lower, x, 4, 2).last().c().value());
        assertThatThrownBy(() -> Run.of(new Residual<>(upper), x).outputs())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "residual: the input is reshape (2, 3) f64 and the output of the cell plus (2, 5) f64; they are"
                                + " added, so their shapes must be the same");
    }

    @Test
    void dropoutIsAnewInEveryStepOrTheSame() {
        RnnCell cell = RnnCell.create(INPUTS, 40, RandomKey.of(1));
        Tensor x = data(RandomKey.of(3), 2, 4, INPUTS);
        Tensor plain = Run.of(cell, x).outputs();
        Tensor same = Run.of(Dropped.variational(cell, 0.5, RandomKey.of(5)), x).outputs();
        Tensor anew = Run.of(Dropped.eachStep(cell, 0.5, RandomKey.of(5)), x).outputs();
        Tensor none =
                Run.of(new Dropped<>(cell, 0.5, Optional.empty(), true), x).outputs();
        assertThat(none.value()).isEqualTo(plain.value());
        assertThat(dropped(same, 0)).isEqualTo(dropped(same, 1)).isEqualTo(dropped(same, 3));
        assertThat(dropped(anew, 0)).isNotEqualTo(dropped(anew, 1));
        assertThat(numbers(same.equalTo(0).cast(DType.F64).mean())[0]).isBetween(0.3, 0.7);
        Tensor kept = Tensor.where(same.equalTo(0), same, plain.times(2));
        assertThat(same.value()).isEqualTo(kept.value());
    }

    private static NDArray dropped(Tensor outputs, int step) {
        return outputs.get(1, step).equalTo(0).value();
    }

    @Test
    void zoneoutKeepsElementsOfTheStateOrTheirMean() {
        RnnCell cell = RnnCell.create(INPUTS, 50, RandomKey.of(1));
        Tensor x = data(RandomKey.of(3), 2, 1, INPUTS);
        Tensor start = data(RandomKey.of(4), 2, 50);
        Tensor next = cell.next(x.get(1, 0), start);
        Zoneout<Tensor> zoneout = Zoneout.of(cell, 0.5, RandomKey.of(5));
        Tensor mixed = Run.of(zoneout, x).from(new Counted<>(start, 0)).last().inner();
        double[] found = numbers(mixed);
        int stayed = 0;
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isIn(numbers(start)[i], numbers(next)[i]);
            stayed += found[i] == numbers(start)[i] ? 1 : 0;
        }
        assertThat(stayed).isBetween(30, 70);
        Zoneout<Tensor> mean = new Zoneout<>(cell, 0.25, Optional.empty());
        near(
                numbers(Run.of(mean, x).from(new Counted<>(start, 0)).last().inner()),
                numbers(start.times(0.25).plus(next.times(0.75))));
    }

    @Test
    void whatDoesNotFitIsSaidBeforeAnythingRuns() {
        Leaky cell = Leaky.create(RandomKey.of(1));
        Tensor x = data(RandomKey.of(2), 2, 4, INPUTS);
        fails(
                () -> Run.of(cell, x.get(1, 0).get(1, 0)),
                "run over reshape (2) f64: it is (batch, time, ...), with at least one step of time");
        fails(
                () -> Run.of(cell, x, 1, 2, 3),
                "run over constant (2, 4, 3) f64 with the lengths constant (3) i32: there is one for every sequence, (2)"
                        + " i32");
        fails(
                () -> Run.of(cell, x, 1, 5),
                "run over constant (2, 4, 3) f64: length 5 of sequence 1 must be from 0 to 4, the steps that x has");
        fails(
                () -> Run.of(cell, x).from(cell.start(3)),
                "run over constant (2, 4, 3) f64 from a state with constant (3, 4) f64: every tensor of a state has the"
                        + " batch as its first axis, here 2 sequences");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
