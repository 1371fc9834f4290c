package dev.clew.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.loss.CrossEntropy;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.metric.Metrics;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Targets go with their sequences; parts, windows and rows that go on have what they should. */
class SequencesWithTargetsTest {
    private static final RandomKey KEY = RandomKey.of(3);
    private static final Sequences SYMBOLS = Sequences.ofSymbols(List.of(
            new int[] {1, 2, 3, 4}, new int[] {5, 6}, new int[] {7, 8, 9}, new int[] {10}, new int[] {11, 12, 13, 14, 15
            }));

    private static NDArray i32(int... numbers) {
        return NDArray.of(numbers);
    }

    @Test
    void everyStepOfASequenceHasTheTargetThatItWasGiven() {
        Sequences next = SYMBOLS.toNext().withLengths(2);
        for (Sequences.Batch batch : next.batches(2, KEY, 0)) {
            int[][] x = rows(batch.x().value());
            int[][] y = rows(batch.targets().value());
            int[] lengths = batch.lengths().value().toInts();
            assertThat(batch.targets().dtype()).isEqualTo(DType.I32);
            for (int row = 0; row < 2; row++) {
                for (int t = 0; t < x[row].length; t++) {
                    assertThat(y[row][t]).isEqualTo(t < lengths[row] ? x[row][t] + 1 : -1);
                }
            }
        }
        assertThat(next.lengths()).isEqualTo(IntTuple.of(3, 1, 2, 0, 4));
        assertThat(next.target(2)).isEqualTo(i32(8, 9));
    }

    /** Who forgets that rows are filled up and steps padded gets an error, and not a mean over what is not there. */
    @Test
    void paddingIsNoTargetThatALossOrAMetricTakes() {
        List<NDArray> xs = List.of(i32(1, 2, 3), i32(4), i32(5, 6));
        Parameter scores = Parameter.of(new double[] {0, 0, 9, 0});
        Sequences labels =
                Sequences.of(xs, List.of(i32(2, 2, 2), i32(2), i32(2, 2))).withLengths(1);
        Sequences.Batch batch = labels.batches(4).of(KEY, 0).findFirst().orElseThrow();
        Tensor all = scores.broadcastTo(4, 3, 4);
        assertThatThrownBy(() -> Losses.softmaxCrossEntropy(all, batch.targets()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label -1 in row ");
        double cost =
                CrossEntropy.create().withIgnored(-1).of(all, batch.targets()).item();
        assertThat(cost).isCloseTo(Math.log(1 + 3 * Math.exp(-9)), within(1e-15));
        assertThat(Losses.perToken(all, batch.targets(), batch.lengths()).item())
                .isCloseTo(cost, within(1e-15));
        assertThat(Metrics.over(
                        List.of(batch),
                        Metrics.accuracy(_ -> all, Sequences.Batch::targets),
                        Metrics.topK(3, _ -> all, Sequences.Batch::targets)))
                .containsOnly(Map.entry("accuracy", 1.0), Map.entry("top 3", 1.0));
        assertThat(batch.mask().cast(DType.F64).sum().item()).isEqualTo(6);
        Sequences.Batch numbers = Sequences.of(xs, List.of(NDArray.of(1.0), NDArray.of(1.0), NDArray.of(1.0)))
                .batches(4)
                .of(KEY, 0)
                .findFirst()
                .orElseThrow();
        Parameter said = Parameter.of(1.0);
        assertThatThrownBy(
                        () -> Sgd.of(said, 0.1).step(Losses.meanSquaredError(said.broadcastTo(4), numbers.targets())))
                .isExactlyInstanceOf(ArithmeticException.class);
    }

    private static int[][] rows(NDArray array) {
        return IntStream.range(0, array.shape().length(0))
                .mapToObj(row -> array.rows(row, row + 1).toInts())
                .toArray(int[][]::new);
    }

    @Test
    void oneTargetMayBelongToAWholeSequence() {
        Sequences labeled = Sequences.of(
                List.of(i32(1, 2), i32(3), i32(4, 5, 6)),
                List.of(NDArray.of(new double[] {1, 2}), NDArray.of(new double[] {3, 4}), NDArray.of(new double[] {5, 6
                })));
        Sequences.Batch batch = labeled.withLengths(1).batch(2, 0);
        assertThat(batch.x().value()).isEqualTo(NDArray.of(new int[][] {{4, 5, 6}, {1, 2, 0}}));
        assertThat(batch.targets().value()).isEqualTo(NDArray.of(new double[][] {{5, 6}, {1, 2}}));
        assertThat(batch.sequences().value()).isEqualTo(i32(2, 0));
        assertThat(labeled.batches(2).of(KEY, 0).map(each -> each.targets().shape()))
                .containsOnly(Shape.of(2, 2));
    }

    @Test
    void aChosenBatchIsAsLongAsOneOfThePaddedLengths() {
        Sequences some = SYMBOLS.withLengths(2);
        assertThat(some.paddedLengths()).isEqualTo(IntTuple.of(2, 5));
        assertThat(some.batch(3).x().value()).isEqualTo(NDArray.of(new int[][] {{10, 0}}));
        assertThat(some.batch(3, 2, 3).x().shape()).isEqualTo(Shape.of(3, 5));
    }

    @Test
    void batchesOfAnEpochAreThoseOfTheList() {
        Batches<Sequences.Batch> batches = SYMBOLS.batches(2);
        assertThat(batches).hasToString("batches of 2 of 5 sequences, padded to lengths [1, 2, 3, 5]: 4 an epoch");
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(batches.from(KEY, epoch, 1).map(each -> each.sequences().value()))
                    .isEqualTo(SYMBOLS.batches(2, KEY, epoch).stream()
                            .skip(1)
                            .map(each -> each.sequences().value())
                            .toList());
        }
    }

    /** Parts together are the whole, and are the same sets in whatever order the sequences are given. */
    @Property(tries = 60)
    void aSplitIsOfAllAndDoesNotDependOnTheirOrder(
            @ForAll @IntRange(min = 2, max = 40) int count,
            @ForAll @IntRange(min = 1, max = 9) int tenths,
            @ForAll int seed) {
        double part = tenths / 10.0;
        int expected = (int) Math.round(part * count);
        if (expected == 0 || expected == count) {
            return;
        }
        List<int[]> each = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            each.add(new int[] {i, seed});
        }
        Sequences.Split split = Sequences.ofSymbols(each).split(KEY, part);
        Collections.shuffle(each, new Random(seed));
        Sequences.Split other = Sequences.ofSymbols(each).split(KEY, part);
        assertThat(split.first().size()).isEqualTo(expected);
        assertThat(firsts(split.first())).isEqualTo(firsts(other.first()));
        Set<Integer> all = firsts(split.first());
        all.addAll(firsts(split.rest()));
        assertThat(all).hasSize(count);
        assertThat(split.first().size() + split.rest().size()).isEqualTo(count);
    }

    private static Set<Integer> firsts(Sequences sequences) {
        Set<Integer> all = new HashSet<>();
        for (int i = 0; i < sequences.size(); i++) {
            all.add((int) sequences.get(i).get(0));
        }
        return all;
    }

    @Test
    void aSplitTakesTargetsAlongAndDiffersFromKeyToKey() {
        Sequences next = SYMBOLS.toNext();
        Sequences.Split split = next.split(KEY, 0.6);
        for (Sequences part : List.of(split.first(), split.rest())) {
            for (int i = 0; i < part.size(); i++) {
                int[] x = part.get(i).toInts();
                int[] y = part.target(i).toInts();
                assertThat(y)
                        .isEqualTo(IntStream.of(x).map(symbol -> symbol + 1).toArray());
            }
        }
        Set<Set<Integer>> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            seen.add(firsts(SYMBOLS.split(RandomKey.of(i), 0.4).first()));
        }
        assertThat(seen).hasSizeGreaterThan(5); // Of the 10 pairs.
    }

    @Test
    void windowsBeginEveryStride() {
        NDArray series = i32(0, 1, 2, 3, 4, 5, 6, 7, 8);
        Sequences windows = Sequences.windows(series, 4, 2);
        assertThat(windows.size()).isEqualTo(3);
        assertThat(windows.get(2)).isEqualTo(i32(4, 5, 6, 7));
        Sequences taught = Sequences.windows(series.rows(0, 8), series.rows(1, 9), 3, 3);
        assertThat(taught.get(1)).isEqualTo(i32(3, 4, 5));
        assertThat(taught.target(1)).isEqualTo(i32(4, 5, 6));
        assertThat(Sequences.windows(NDArray.of(new double[5][2]), 5, 1).get(0).shape())
                .isEqualTo(Shape.of(5, 2));
    }

    /** Row by row, what all batches of an epoch have is one part of the series as it stands. */
    @Property(tries = 60)
    void everyRowGoesOnWhereItEndedInTheBatchBefore(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 5) int steps,
            @ForAll @IntRange(min = 1, max = 70) int more) {
        int time = rows * steps + more;
        NDArray series = NDArray.of(IntStream.range(100, 100 + time).toArray());
        List<Batches.Rows> batches =
                Batches.continuing(series, rows, steps).of(KEY, 4).toList();
        int apart = (time - 1) / rows;
        assertThat(batches).hasSize(apart / steps);
        for (int row = 0; row < rows; row++) {
            int expected = 100 + row * apart;
            for (Batches.Rows batch : batches) {
                for (int t = 0; t < steps; t++, expected++) {
                    assertThat(batch.x().value().get(row, t)).isEqualTo(expected);
                    assertThat(batch.y().value().get(row, t)).isEqualTo(expected + 1);
                }
            }
        }
    }

    @Test
    void whatDoesNotFitIsSaid() {
        assertThatThrownBy(() -> SYMBOLS.batch(0).targets())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("targets of a batch (1, 5): its sequences have none; give them, Sequences.of(xs, targets)");
        assertThatThrownBy(() -> SYMBOLS.target(1))
                .hasMessage("target 1 of 5 sequences, padded to lengths [1, 2, 3, 5]: they have none; give them,"
                        + " Sequences.of(xs, targets)");
        assertThatThrownBy(() -> Sequences.of(List.of(i32(1, 2), i32(3)), List.of(i32(1, 2), i32(3, 4, 5))))
                .hasMessage(
                        "targets: number 1 is (3) i32 beside a sequence (1), and the first is (2) i32 beside (2); either"
                                + " all have as many rows as their sequences have steps, or all are of one shape and type");
        assertThatThrownBy(() -> Sequences.of(List.of(i32(1)), List.of()))
                .hasMessage("sequences with targets: there are 1 and 0; each has one target");
        assertThatThrownBy(() -> SYMBOLS.split(KEY, 0.01))
                .hasMessage(
                        "split of 5 sequences at 0.01: the part is between 0 and 1, and there must be a sequence in both");
        assertThatThrownBy(() -> SYMBOLS.only()).hasMessage("only() of sequences: it takes one number or more");
        assertThatThrownBy(() -> SYMBOLS.batch(1, 5)).hasMessage("sequence 5: there are 5, counted from 0");
        assertThatThrownBy(() -> SYMBOLS.toNext().toNext())
                .hasMessageStartingWith("toNext of 5 sequences, padded to lengths [1, 2, 3, 4]: number 3 has no step;");
        assertThatThrownBy(() -> Sequences.windows(i32(1, 2), 3, 1))
                .hasMessage(
                        "windows of 3 steps, every 1, of a series (2): both are 1 or more, and the series is (time, ...),"
                                + " not shorter than one of them");
        assertThatThrownBy(() -> Batches.continuing(i32(1, 2, 3, 4), 2, 2))
                .hasMessage(
                        "continuing batches of 2 rows, 2 steps, over a series of 3: both are 1 or more, and the series has"
                                + " rows · steps steps at least");
        assertThatThrownBy(() -> Batches.continuing(i32(1, 2), i32(1), 1, 1))
                .hasMessage("continuing over a series (2) and targets (1): both are (time, ...), of as many steps");
    }
}
