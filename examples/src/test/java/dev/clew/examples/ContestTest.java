package dev.clew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Initializer;
import dev.clew.nn.data.Sequences;
import dev.clew.nn.dataset.Drawn;
import dev.clew.nn.layer.Linear;
import dev.clew.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContestTest {
    private static final RandomKey KEY = RandomKey.of(5);
    private static final Contest.Sizes TINY = new Contest.Sizes(12, 6, 9, 4, 4, 2, 3, 0.01, 1);

    @Test
    void aMinimalGruMixesItsStateWithACandidateOfTheInputAlone() {
        MinimalGru cell = MinimalGru.create(1, 2, KEY);
        double[] next = cell.step(Tensor.of(new float[][] {{0.5f}}), Tensor.of(new float[][] {{3, -1}}))
                .state()
                .value()
                .toDoubles();
        double[] before = {3, -1};
        for (int i = 0; i < 2; i++) {
            double z = sigmoid(affine(cell.gate(), i));
            double expected = (1 - z) * before[i] + z * affine(cell.candidate(), i);
            assertThat(next[i]).isCloseTo(expected, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDiagonalCellMultipliesItsStateByFactorsOfTheInput(boolean isSigned) {
        DiagonalCell cell = DiagonalCell.create(1, 2, isSigned, KEY);
        double[] next = cell.step(Tensor.of(new float[][] {{0.5f}}), Tensor.of(new float[][] {{3, -1}}))
                .state()
                .value()
                .toDoubles();
        double[] before = {3, -1};
        for (int i = 0; i < 2; i++) {
            double a = affine(cell.factor(), i);
            double factor = isSigned ? Math.tanh(a) : sigmoid(a);
            assertThat(next[i]).isCloseTo(factor * before[i] + affine(cell.input(), i), within(1e-5));
        }
    }

    /** At an input of ½. */
    private static double affine(Linear linear, int unit) {
        return 0.5 * linear.weight().value().get(0, unit)
                + linear.bias().value().get(unit);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Sequences that fill a batch up must not teach anything, nor must the padding. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void theLossIsThatOfTheSequencesOneByOne(boolean isParity) {
        Task task = isParity ? new Parity() : new Adding();
        Contest contest = new Contest("test", task, TINY);
        Contest.Network network = new Contest.Network(
                MinimalGru.create(2, 3, KEY), Linear.create(3, 1, DType.F32, Initializer.normal(0, 1), KEY));
        List<Drawn> each = List.of(
                task.ofLength(3).one(KEY.fold(1)),
                task.ofLength(6).one(KEY.fold(2)),
                task.ofLength(5).one(KEY.fold(3)));
        double total = 0;
        int taught = 0;
        for (Drawn sequence : each) {
            int steps = task.isTaughtAtEveryStep() ? sequence.x().shape().length(0) : 1;
            total += steps * loss(contest, network, List.of(sequence), 1);
            taught += steps;
        }
        assertThat(loss(contest, network, each, 5)).isCloseTo(total / taught, within(1e-5));
    }

    private static double loss(Contest contest, Contest.Network network, List<Drawn> each, int size) {
        Sequences.Batch batch =
                Contest.sequences(each).withLengths(1).batches(size, KEY, 0).getFirst();
        return contest.loss(network, batch).value().item();
    }

    @Test
    void everyCellHasARow() {
        Report report = new Contest("parity", new Parity(), TINY).run();
        assertThat(report.text()
                        .lines()
                        .skip(1)
                        .limit(5)
                        .map(line -> line.substring(0, 17).strip()))
                .containsExactly("RNN", "LSTM", "minGRU", "linear 0 to 1", "linear -1 to 1");
        assertThat(report.text()).contains("at 6").contains("at 9").endsWith(new Parity().moral());
        assertThat(report.reached()).isFalse();
    }

    @Test
    void whatIsSaidOfParityMustBeSeen() {
        assertThat(new Parity().isShown(standings(1, 0.5))).isTrue();
        assertThat(new Parity().isShown(standings(1, 1))).isFalse();
        assertThat(new Parity().isShown(standings(0.5, 0.5))).isFalse();
    }

    private static Standings standings(double signed, double others) {
        return new Standings(
                6,
                9,
                ImmutableList.of(
                        new Standings.Standing("linear -1 to 1", 0.1, signed, signed, 7),
                        new Standings.Standing("linear 0 to 1", 0.1, others, others, 7),
                        new Standings.Standing("minGRU", 0.1, others, others, 7)));
    }

    @Test
    void standingsAreATable() {
        assertThat(standings(1, 0.5)).hasToString("""
                                      loss      at 6      at 9  parameters
                linear -1 to 1     0.10000   100.0 %   100.0 %           7
                linear 0 to 1      0.10000    50.0 %    50.0 %           7
                minGRU             0.10000    50.0 %    50.0 %           7
                95 % and more are right at 6 steps for linear -1 to 1, at 9 for linear -1 to 1""");
        assertThat(standings(0, 0).toString()).endsWith("at 6 steps for none, at 9 for none");
    }

    @Test
    void aCellSeesAsManyNumbersAsIsSaid() {
        for (Task task : List.of(new Parity(), new Adding())) {
            Tensor seen = task.seen(Tensor.of(task.ofLength(7).draw(KEY, 3).x()));
            assertThat(seen.shape()).isEqualTo(Shape.of(3, 7, task.inputs()));
            assertThat(seen.dtype()).isEqualTo(DType.F32);
        }
        assertThat(new Parity().seen(Tensor.of(new int[] {1, 0})).value()).isEqualTo(NDArray.of(new float[][] {
            {0, 1}, {1, 0}
        }));
    }

    /** What was right before a task was drawn by the library is right now: the numbers are the same. */
    @Test
    void aDrawnSequenceStaysTheSame() {
        double[] sums = new Adding().ofLength(3).one(KEY).targets().toDoubles();
        assertThat(sums).containsExactly(new double[] {0.654753, 1.60649, 1.60649}, within(1e-5));
        assertThat(new Parity().ofLength(9).one(KEY).x()).isEqualTo(NDArray.of(new int[] {1, 0, 1, 1, 0, 1, 0, 0, 1}));
    }
}
