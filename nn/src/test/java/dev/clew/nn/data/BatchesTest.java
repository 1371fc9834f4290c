package dev.clew.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An epoch can be gone on with anywhere, and its order is a function of key and epoch. */
class BatchesTest {
    private static final RandomKey KEY = RandomKey.of(7);

    private static List<Batches<String>> all() {
        List<String> letters = List.of("a", "b", "c", "d", "e", "f", "g");
        NDArray xs = RandomKey.of(1).normal(0, 1, DType.F32, Shape.of(7, 2));
        NDArray ys = NDArray.of(IntStream.range(0, 7).toArray());
        return List.of(
                Batches.of(letters),
                Batches.inOrder(letters),
                Batches.of(5, (key, epoch, step) -> key.bits() + " " + epoch + " " + step),
                Batches.ofStream((key, epoch) -> Stream.of("a", "b", "c", epoch + "", key.bits() + "")),
                Batches.of(xs, ys, 3)
                        .map(rows -> rows.x().value() + " " + rows.y().value()),
                Batches.ofFull(xs, ys, 3).map(rows -> rows.y().value().toString()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatComesFromAStepOnIsTheRestOfTheEpoch(Batches<String> batches) {
        for (int epoch = 0; epoch < 3; epoch++) {
            List<String> whole = batches.of(KEY, epoch).toList();
            assertThat(batches.size(epoch)).isIn(OptionalInt.empty(), OptionalInt.of(whole.size()));
            for (int step = 0; step <= whole.size(); step++) {
                assertThat(batches.from(KEY, epoch, step)).isEqualTo(whole.subList(step, whole.size()));
            }
        }
    }

    @Test
    void theOrderFollowsFromKeyAndEpoch() {
        List<Integer> numbers = IntStream.range(0, 50).boxed().toList();
        Batches<Integer> batches = Batches.of(numbers);
        List<Integer> first = batches.of(KEY, 0).toList();
        assertThat(first).isNotEqualTo(numbers).containsExactlyInAnyOrderElementsOf(numbers);
        assertThat(batches.of(KEY, 1).toList()).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(numbers);
        assertThat(batches.of(RandomKey.of(8), 0).toList()).isNotEqualTo(first);
        assertThat(Batches.inOrder(numbers).of(KEY, 1)).isEqualTo(numbers);
    }

    @Test
    void aGeneratedBatchIsMadeOnceAndOnlyWhenItIsAskedFor() {
        List<Integer> made = new ArrayList<>();
        Batches<RandomKey> batches = Batches.of(10, (key, epoch, step) -> {
            made.add(step);
            return key;
        });
        assertThat(batches.from(KEY, 2, 6).limit(2))
                .containsExactly(KEY.fold(2).fold(6), KEY.fold(2).fold(7));
        assertThat(made).containsExactly(6, 7);
    }

    @Test
    void rowsStayTogetherAndEachIsThereOnce() {
        NDArray ys = NDArray.of(IntStream.range(0, 8).toArray());
        NDArray xs = NDArray.of(
                Shape.of(8, 2), IntStream.range(0, 16).mapToDouble(i -> i).toArray());
        List<Integer> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        Batches.of(xs, ys, 3).of(KEY, 0).forEach(rows -> {
            int[] y = rows.y().value().toInts();
            sizes.add(y.length);
            for (int i = 0; i < y.length; i++) {
                seen.add(y[i]);
                assertThat(rows.x().value().toRows()[i]).containsExactly(2 * y[i], 2 * y[i] + 1);
            }
        });
        assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(sizes).containsExactly(3, 3, 2);
        assertThat(Batches.ofFull(xs, ys, 3).of(KEY, 0)).hasSize(2);
        assertThat(Batches.ofFull(xs, ys, 3).of(KEY, 0).map(rows -> rows.x().shape()))
                .containsOnly(Shape.of(3, 2));
    }

    @Test
    void rowsOfAnyTypeAndLayoutAreCopiedAsTheyAre() {
        NDArray turned =
                NDArray.of(new int[][] {{Integer.MIN_VALUE, 1, 2}, {3, 4, 5}}).permute(1, 0);
        NDArray repeated = NDArray.full(0.5, DType.F32, Shape.of(3));
        assertThat(RowsOf.of(turned, 2, 0)).isEqualTo(NDArray.of(new int[][] {{2, 5}, {Integer.MIN_VALUE, 3}}));
        assertThat(RowsOf.of(repeated, 1)).isEqualTo(NDArray.of(new float[] {0.5f}));
        assertThat(RowsOf.of(NDArray.of(new boolean[] {true, false}), 1, 1, 0))
                .isEqualTo(NDArray.of(new boolean[] {false, false, true}));
    }

    @Test
    void aStreamIsClosedByWhoeverTookIt() {
        int[] closed = {0};
        Batches<Integer> batches = Batches.ofStream((_, _) -> Stream.of(1, 2, 3).onClose(() -> closed[0]++));
        try (Stream<String> stream = batches.map(each -> "" + each).from(KEY, 0, 1)) {
            assertThat(stream.findFirst()).contains("2");
        }
        assertThat(closed[0]).isEqualTo(1);
    }

    @Test
    void textsSayWhatTheyAre() {
        assertThat(all())
                .hasToString("[batches given, their order drawn: 7 an epoch, batches given, in their order: 7 an epoch,"
                        + " batches generated: 5 an epoch, batches of a stream,"
                        + " batches of 3 of 7 rows: 3 an epoch, in another form,"
                        + " batches of 3 of 7 rows: 2 an epoch, in another form]");
    }

    @Test
    void whatCannotBeIsSaid() {
        Batches<Integer> three = Batches.of(List.of(1, 2, 3));
        assertThatThrownBy(() -> three.from(KEY, 1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "batches from epoch 1, step 4: an epoch has 3; are these the batches that the run began with?");
        assertThatThrownBy(() -> three.from(KEY, -1, 0))
                .hasMessage("batches from epoch -1, step 0: both are counted from 0, and not negative");
        assertThatThrownBy(() -> Batches.ofStream((_, _) -> Stream.of(1)).from(KEY, 0, -1))
                .hasMessage("batches from epoch 0, step -1: both are counted from 0, and not negative");
        assertThatThrownBy(() -> Batches.of(List.of()))
                .hasMessage("batches of an empty list: an epoch has 1 batch or more");
        assertThatThrownBy(() -> Batches.of(0, (_, _, step) -> step))
                .hasMessage("batches, 0 an epoch: there must be 1 or more");
        NDArray rows = NDArray.of(new double[4][2]);
        assertThatThrownBy(() -> Batches.of(rows, NDArray.of(new int[3]), 2))
                .hasMessage("batches of rows of arrays (4, 2) and (3): the first has 4 rows and the second 3;"
                        + " a row of the one belongs to a row of the other");
        assertThatThrownBy(() -> Batches.of(rows, NDArray.of(1), 2))
                .hasMessage(
                        "batches of rows of arrays (4, 2) and (): both have an axis of rows first, and one row or more");
        assertThatThrownBy(() -> Batches.ofFull(rows, rows, 5))
                .hasMessage(
                        "batches of 5 rows of 4: a batch has 1 row or more, and a full one not more than there are");
    }

    @Test
    void whatAFunctionGivesMustBeSomething() {
        assertThatThrownBy(() -> Batches.of(2, BatchesTest::nothing).of(KEY, 0).toList())
                .hasMessage("batches: the function of step 0 gave null; it must return what it computes");
    }

    @SuppressWarnings("NullAway") // As only a caller without a null checker can write it.
    private static Integer nothing(RandomKey key, int epoch, int step) {
        return null;
    }
}
