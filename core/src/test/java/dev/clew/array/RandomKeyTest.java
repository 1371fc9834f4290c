package dev.clew.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RandomKeyTest {
    private static String hex(int[] words) {
        return String.join(
                " ",
                Arrays.stream(words)
                        .mapToObj(word -> String.format("%08x", word))
                        .toList());
    }

    /** From kat_vectors of the Random123 distribution. */
    @Test
    void momentsAndBoundsThatNoNumbersHaveAreRefused() {
        RandomKey key = RandomKey.of(1);
        Shape shape = Shape.of(2);
        assertThatThrownBy(() -> key.uniform(2, 1, DType.F64, shape))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uniform (2) from 2.0 to 1.0: it needs finite numbers, the smaller one first");
        assertThatThrownBy(() -> key.uniform(Double.NaN, 1, DType.F64, shape))
                .hasMessageStartingWith("uniform (2) from NaN");
        assertThatThrownBy(() -> key.normal(0, -1, DType.F64, shape))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "normal (2) with mean 0.0 and standard deviation -1.0: they must be finite, and the second 0 or more");
        assertThatThrownBy(() -> key.normal(0, 1, DType.I32, shape))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("normal (2) i32: these are floating-point numbers");
    }

    @Test
    void philoxGivesItsKnownAnswers() {
        assertThat(hex(RandomKey.of(0).block(0, 0, 0, 0))).isEqualTo("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
        assertThat(hex(RandomKey.of(-1).block(-1, -1, -1, -1))).isEqualTo("408f276d 41c83b0e a20bc7c6 6d5451fd");
        assertThat(hex(RandomKey.of(0x299f31d0_a4093822L).block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)))
                .isEqualTo("d16cfe09 94fdcceb 5001e420 24126ea1");
    }

    @Test
    void theSameKeyGivesTheSameNumbers() {
        NDArray first = RandomKey.of(5).uniform(0, 1, DType.F64, Shape.of(100));
        assertThat(RandomKey.of(5).uniform(0, 1, DType.F64, Shape.of(10, 10)).reshape(Shape.of(100)))
                .isEqualTo(first);
        assertThat(RandomKey.of(5).uniform(0, 1, DType.F64, Shape.of(30))).isEqualTo(first.rows(0, 30));
    }

    @Test
    void foldGivesDifferentStreams() {
        RandomKey key = RandomKey.of(5);
        Set<RandomKey> keys = new HashSet<>();
        Set<Double> numbers = new HashSet<>();
        for (long number : new long[] {0, 1, 2, -1, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE}) {
            for (RandomKey one : new RandomKey[] {
                key.fold(number), key.fold(3).fold(number), RandomKey.of(6).fold(number)
            }) {
                assertThat(keys.add(one)).isTrue();
                for (double draw : one.uniform(0, 1, DType.F64, Shape.of(20)).toDoubles()) {
                    assertThat(numbers.add(draw)).isTrue();
                }
            }
        }
        assertThat(key.fold(1)).isEqualTo(RandomKey.of(5).fold(1)).isNotEqualTo(key);
    }

    @Test
    void uniformNumbersHaveTheirMomentsAndRange() {
        double[] u =
                RandomKey.of(1).uniform(-1, 3, DType.F64, Shape.of(100_000)).toDoubles();
        assertThat(Arrays.stream(u).allMatch(x -> x >= -1 && x < 3)).isTrue();
        assertThat(Arrays.stream(u).average().orElseThrow()).isCloseTo(1, within(0.02));
        assertThat(Arrays.stream(u).map(x -> (x - 1) * (x - 1)).average().orElseThrow())
                .isCloseTo(16.0 / 12, within(0.02));
        int[] counts = new int[10];
        for (double x : u) {
            counts[(int) ((x + 1) / 4 * 10)]++;
        }
        assertThat(IntStream.of(counts).allMatch(count -> Math.abs(count - 10_000) < 500))
                .isTrue();
    }

    @Test
    void normalNumbersHaveTheirMoments() {
        double[] z = RandomKey.of(2).normal(0, 1, DType.F64, Shape.of(100_000)).toDoubles();
        double[] moments = new double[5];
        for (double x : z) {
            for (int power = 1; power < 5; power++) {
                moments[power] += Math.pow(x, power) / z.length;
            }
        }
        assertThat(moments[1]).isCloseTo(0, within(0.015));
        assertThat(moments[2]).isCloseTo(1, within(0.02));
        assertThat(moments[3]).isCloseTo(0, within(0.05));
        assertThat(moments[4]).isCloseTo(3, within(0.1));
        double within = Arrays.stream(z).filter(x -> Math.abs(x) < 1).count() / (double) z.length;
        assertThat(within).isCloseTo(0.6827, within(0.006));
        double[] pairs = RandomKey.of(2).normal(10, 0.5, DType.F64, Shape.of(3)).toDoubles();
        assertThat(pairs[2]).isCloseTo(10 + 0.5 * z[2], within(1e-14));
    }

    @Test
    void neighboringNumbersAreNotCorrelated() {
        double[] z = RandomKey.of(3).normal(0, 1, DType.F64, Shape.of(100_000)).toDoubles();
        double[] other = RandomKey.of(3)
                .fold(0)
                .normal(0, 1, DType.F64, Shape.of(100_000))
                .toDoubles();
        for (int lag = 1; lag < 4; lag++) {
            double product = 0;
            double across = 0;
            for (int i = lag; i < z.length; i++) {
                product += z[i] * z[i - lag] / z.length;
                across += z[i] * other[i - lag] / z.length;
            }
            assertThat(product).isCloseTo(0, within(0.015));
            assertThat(across).isCloseTo(0, within(0.015));
        }
    }

    @Test
    void singlePrecisionIsDoubleRounded() {
        Shape shape = Shape.of(4, 5);
        assertThat(RandomKey.of(9).normal(0, 1, DType.F32, shape))
                .isEqualTo(RandomKey.of(9).normal(0, 1, DType.F64, shape).cast(DType.F32));
    }
}
