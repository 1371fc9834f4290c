package dev.clew.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is drawn from a key: frequencies, and the same numbers whoever draws. */
final class RandomDrawsTest {
    private static final RandomKey KEY = RandomKey.of(2024);

    /** χ² of the frequencies of classes. */
    private static double chiSquare(int[] drawn, double... probabilities) {
        double[] counts = new double[probabilities.length];
        Arrays.stream(drawn).forEach(each -> counts[each]++);
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = probabilities[i] * drawn.length;
            sum += probabilities[i] == 0 ? counts[i] * 1e9 : Math.pow(counts[i] - expected, 2) / expected;
        }
        return sum;
    }

    @Test
    void bernoulliHasItsProbability() {
        for (double p : new double[] {0, 0.1, 0.5, 0.9, 1}) {
            double mean = Arrays.stream(KEY.bernoulli(p, Shape.of(100, 1000)).toDoubles())
                    .average()
                    .orElseThrow();
            assertThat(mean).isCloseTo(p, within(4 * Math.sqrt(p * (1 - p) / 1e5)));
        }
        assertThat(KEY.bernoulli(0.5, Shape.of(3)).dtype()).isEqualTo(DType.BOOL);
    }

    /** With three degrees of freedom, χ² is above 16.3 once in a thousand. */
    @Test
    void categoricalHasItsFrequencies() {
        double[] probabilities = {0.1, 0.2, 0.3, 0.4, 0};
        double[] logits =
                Arrays.stream(probabilities).map(p -> 500 + Math.log(p)).toArray();
        NDArray rows = NDArray.of(logits).broadcastTo(Shape.of(200, 100, 5));
        NDArray drawn = KEY.categorical(rows);
        assertThat(drawn.shape()).isEqualTo(Shape.of(200, 100));
        assertThat(drawn.dtype()).isEqualTo(DType.I32);
        assertThat(chiSquare(drawn.toInts(), probabilities)).isLessThan(16.3);
        assertThat(KEY.categorical(NDArray.of(new double[] {-1e4, 1e4})).item()).isEqualTo(1);
    }

    @Test
    void permutationsAreAllAndEquallyLikely() {
        int[] order = KEY.permutation(1000).toInts();
        assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(Arrays.stream(order).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1000).toArray());
        int[] places = IntStream.range(0, 24_000)
                .map(i -> {
                    int[] three = KEY.fold(i).permutation(3).toInts();
                    return 2 * three[0] + (three[1] > three[2] ? 1 : 0);
                })
                .toArray();
        double sixth = 1.0 / 6;
        assertThat(chiSquare(places, sixth, sixth, sixth, sixth, sixth, sixth)).isLessThan(20.5);
        assertThat(KEY.permutation(0).shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void sameKeyGivesTheSameNumbers() {
        assertThat(KEY.permutation(8).toInts()).containsExactly(5, 3, 7, 6, 1, 4, 2, 0);
        assertThat(KEY.bernoulli(0.5, Shape.of(8)).toInts()).containsExactly(1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(KEY.categorical(NDArray.full(0, DType.F32, Shape.of(8, 10))).toInts())
                .containsExactly(2, 0, 4, 4, 0, 0, 4, 2);
        NDArray alone = KEY.bernoulli(0.3, Shape.of(2000));
        assertThat(IntStream.range(0, 8).parallel().mapToObj(i -> KEY.bernoulli(0.3, Shape.of(2000))))
                .containsOnly(alone);
    }

    @Test
    void splitKeysDiffer() {
        assertThat(new HashSet<>(KEY.split(100))).hasSize(100);
        assertThat(KEY.split(3)).containsExactly(KEY.fold(0), KEY.fold(1), KEY.fold(2));
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> KEY.bernoulli(1.5, Shape.of(2)))
                .hasMessage("bernoulli (2) with probability 1.5: it goes from 0 to 1");
        assertThatThrownBy(() -> KEY.categorical(NDArray.of(1.0)))
                .hasMessage(
                        "categorical of logits (): they have no axis of classes; their shape must be (..., classes)");
        assertThatThrownBy(() -> KEY.categorical(NDArray.of(new double[][] {{1, 2}, {1, Double.NaN}})))
                .hasMessage("categorical of logits (2, 2): the largest in row 1 is NaN;"
                        + " a row needs one that is finite, and none that is NaN or Infinity");
        assertThatThrownBy(() -> KEY.categorical(NDArray.full(0, DType.F64, Shape.of(1, 0))))
                .hasMessage("categorical of logits (1, 0): the largest in row 0 is -Infinity;"
                        + " a row needs one that is finite, and none that is NaN or Infinity");
    }
}
