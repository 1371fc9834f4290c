package dev.clew.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Gru;
import dev.clew.nn.sequence.Run;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Batches of a few lengths hold every sequence once, as it is. */
class SequencesTest {
    private static Sequences of(int... lengths) {
        List<NDArray> each = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            each.add(RandomKey.of(i).normal(0, 1, DType.F64, Shape.of(lengths[i], 2)));
        }
        return Sequences.of(each);
    }

    private static int padding(int[] lengths, int... padded) {
        return Arrays.stream(lengths)
                .map(length -> Arrays.stream(padded)
                                .filter(each -> each >= length)
                                .min()
                                .orElseThrow()
                        - length)
                .sum();
    }

    @Property(tries = 100)
    void noOtherLengthsPadLess(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 9) Integer> some,
            @ForAll @IntRange(min = 1, max = 3) int most) {
        int[] given = some.stream().mapToInt(each -> each).toArray();
        int[] found = of(given).withLengths(most).paddedLengths().toArray();
        int[] lengths = Arrays.stream(given).map(each -> Math.max(1, each)).toArray(); // A run has one step at least.
        assertThat(found.length).isLessThanOrEqualTo(most);
        int longest = Arrays.stream(lengths).max().orElseThrow();
        int least = Integer.MAX_VALUE;
        for (int a = 1; a <= longest; a++) {
            for (int b = 1; b <= longest; b++) {
                least = Math.min(
                        least, most < 2 ? padding(lengths, longest) : padding(lengths, most < 3 ? a : b, a, longest));
            }
        }
        assertThat(padding(lengths, found)).isEqualTo(least);
    }

    @Test
    void everySequenceIsThereOnceAndAsItWas() {
        int[] lengths = new int[50];
        Arrays.setAll(lengths, i -> 3 + i * 7 % 29);
        Sequences sequences = of(lengths);
        Set<Integer> seen = new TreeSet<>();
        Set<Integer> times = new TreeSet<>();
        for (Sequences.Batch batch : sequences.batches(8, RandomKey.of(1), 0)) {
            assertThat(batch.x().shape().length(0)).isEqualTo(8);
            times.add(batch.x().shape().length(1));
            int[] ofBatch = batch.lengths().value().toInts();
            for (int row = 0; row < 8; row++) {
                double[] found = batch.x().get(0, row).value().toDoubles();
                int number = batch.sequences().value().toInts()[row];
                assertThat(batch.isSequence().value().toBooleans()[row]).isEqualTo(number >= 0);
                if (number < 0) {
                    assertThat(ofBatch[row]).isZero();
                    assertThat(found).containsOnly(0);
                    continue;
                }
                assertThat(seen.add(number)).isTrue();
                double[] whole = sequences.get(number).toDoubles();
                assertThat(ofBatch[row]).isEqualTo(lengths[number]);
                assertThat(Arrays.copyOf(found, whole.length)).isEqualTo(whole);
                assertThat(Arrays.stream(found).skip(whole.length)).allMatch(each -> each == 0);
            }
        }
        assertThat(seen).hasSize(50);
        assertThat(times)
                .hasSize(4)
                .isSubsetOf(Arrays.stream(sequences.paddedLengths().toArray())
                        .boxed()
                        .toList());
    }

    @Test
    void theOrderFollowsFromKeyAndEpoch() {
        Sequences sequences = of(3, 4, 5, 6, 7, 8, 9, 10, 3, 4, 5, 6);
        List<String> first = order(sequences.batches(3, RandomKey.of(1), 4));
        assertThat(order(sequences.batches(3, RandomKey.of(1), 4))).isEqualTo(first);
        assertThat(order(sequences.batches(3, RandomKey.of(1), 5))).isNotEqualTo(first);
        assertThat(order(sequences.batches(3, RandomKey.of(2), 4))).isNotEqualTo(first);
    }

    private static List<String> order(List<Sequences.Batch> batches) {
        return batches.stream()
                .map(batch -> batch.sequences().value().toString())
                .toList();
    }

    @Test
    void rowsThatFillABatchUpChangeNothing() {
        Gru cell = Gru.create(2, 3, RandomKey.of(1));
        Sequences sequences = of(5, 2);
        Sequences.Batch batch =
                sequences.withLengths(1).batches(4, RandomKey.of(1), 0).getFirst();
        double[] last = Run.of(cell, batch.x(), batch.lengths()).last().value().toDoubles();
        for (int row = 0; row < 2; row++) {
            NDArray alone = sequences.get(batch.sequences().value().toInts()[row]);
            double[] expected =
                    Run.of(cell, Tensor.of(alone).expandDims(0)).last().value().toDoubles();
            for (int i = 0; i < 3; i++) {
                assertThat(Math.abs(last[3 * row + i] - expected[i])).isLessThan(1e-14);
            }
        }
        assertThat(Arrays.copyOfRange(last, 6, 12)).containsOnly(0);
    }

    @Test
    void symbolsStayIntegers() {
        Sequences sequences = Sequences.of(List.of(NDArray.of(new int[] {3, 1, 2}), NDArray.of(new int[] {7})));
        assertThat(sequences).hasToString("2 sequences, padded to lengths [1, 3]");
        for (Sequences.Batch batch : sequences.batches(1, RandomKey.of(1), 0)) {
            assertThat(batch.x().dtype()).isEqualTo(DType.I32);
            assertThat(batch.x().value().toInts()).isIn(new int[] {3, 1, 2}, new int[] {7});
        }
    }

    @Test
    void whatIsNotAlikeIsSaid() {
        assertThatThrownBy(() -> Sequences.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sequences: there are none");
        assertThatThrownBy(() -> Sequences.of(List.of(NDArray.of(new double[2][3]), NDArray.of(new double[2][4]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "sequences: number 1 is (2, 4) f64, and the first is (2, 3) f64; they are (time, ...) numbers of"
                                + " one type, and differ in time alone");
        assertThatThrownBy(() -> of(1).batches(0, RandomKey.of(1), 0))
                .hasMessage("batches of 0: a batch has 1 sequence or more");
        assertThatThrownBy(() -> of(1).withLengths(0))
                .hasMessage("sequences padded to 0 lengths: there must be 1 or more");
        assertThatThrownBy(() -> of(1).get(1)).hasMessage("sequence 1: there are 1, counted from 0");
    }
}
