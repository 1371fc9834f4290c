package dev.clew.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NDArrayTest {
    private static NDArray counting(int... lengths) {
        Shape shape = Shape.of(lengths);
        return NDArray.of(
                shape, IntStream.range(0, shape.elements()).asDoubleStream().toArray());
    }

    @Test
    void printsNestedBySixDigits() {
        assertThat(NDArray.of(2.5).toString()).isEqualTo("f64 () 2.5");
        assertThat(NDArray.of(new double[][] {{1, -0.0}, {1.0 / 3, 1e-10}}).toString())
                .isEqualTo("f64 (2, 2) [[1.0, -0.0], [0.333333, 1.0E-10]]");
        assertThat(NDArray.of(new float[] {0.1f, 16777216f}).toString()).isEqualTo("f32 (2) [0.1, 1.67772E7]");
        assertThat(NDArray.of(new int[] {-3, 2_000_000_000}).numbers()).isEqualTo("[-3, 2000000000]");
        assertThat(NDArray.of(new boolean[] {true, false}).toString()).isEqualTo("bool (2) [true, false]");
        assertThat(NDArray.of(new double[] {Double.NaN, Double.POSITIVE_INFINITY})
                        .numbers())
                .isEqualTo("[NaN, Infinity]");
    }

    @Test
    void printsLongAxesShortened() {
        assertThat(counting(6).numbers()).isEqualTo("[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]");
        assertThat(counting(7).numbers()).isEqualTo("[0.0, 1.0, 2.0, ..., 4.0, 5.0, 6.0]");
        assertThat(counting(9, 1).numbers()).isEqualTo("[[0.0], [1.0], [2.0], ..., [6.0], [7.0], [8.0]]");
        assertThat(counting(2, 0).toString()).isEqualTo("f64 (2, 0) [[], []]");
        assertThat(counting(0).numbers()).isEqualTo("[]");
    }

    @Test
    void castsRoundToNearestOrTowardZero() {
        NDArray x = NDArray.of(new double[] {1.9, -1.9, 0.1, -0.0, 1e20, Double.NaN});
        assertThat(x.cast(DType.I32).toInts()).containsExactly(1, -1, 0, 0, Integer.MAX_VALUE, 0);
        assertThat(x.cast(DType.BOOL).toBooleans()).containsExactly(true, true, true, false, true, true);
        assertThat(x.cast(DType.F32).toFloats()).containsExactly(1.9f, -1.9f, 0.1f, -0.0f, 1e20f, Float.NaN);
        assertThat(NDArray.of(new int[] {3}).cast(DType.F32)).isEqualTo(NDArray.of(new float[] {3}));
        assertThat(NDArray.of(true).item()).isEqualTo(1);
        assertThat(x.cast(DType.F64)).isSameAs(x);
    }

    @Test
    void equalityIsOfTypeShapeAndNumbers() {
        NDArray x = counting(2, 3);
        assertThat(x).isEqualTo(counting(2, 3)).isNotEqualTo(counting(3, 2)).isNotEqualTo(counting(2, 4));
        assertThat(x).isNotEqualTo(x.cast(DType.F32)).isNotEqualTo(null);
        assertThat(NDArray.of(Double.NaN)).isEqualTo(NDArray.of(Double.NaN));
        assertThat(NDArray.of(0.0)).isNotEqualTo(NDArray.of(-0.0));
    }

    @Test
    void buildFillsEveryTypeBlockByBlock() {
        for (DType type : DType.values()) {
            for (int elements : new int[] {0, 1, 511, 512, 513, 1200}) {
                NDArray built = NDArray.build(type, Shape.of(elements), (block, from, count) -> {
                    for (int i = 0; i < count; i++) {
                        block[i] = (from + i) % 2;
                    }
                });
                assertThat(built.dtype()).isEqualTo(type);
                double[] expected = new double[elements];
                Arrays.setAll(expected, i -> i % 2);
                assertThat(built.toDoubles()).containsExactly(expected);
            }
        }
    }

    @Test
    void rowsAreAWindow() {
        assertThat(counting(4, 2).rows(1, 3).toRows()).isDeepEqualTo(new double[][] {{2, 3}, {4, 5}});
        assertThat(counting(4, 2).rows(4, 4).shape()).isEqualTo(Shape.of(0, 2));
        assertThat(NDArray.of(new double[0][0]).shape()).isEqualTo(Shape.of(0, 0));
        assertThat(NDArray.of(new int[][] {{1, 2}, {3, 4}}).permute(1, 0).toInts())
                .containsExactly(1, 3, 2, 4);
        assertThat(NDArray.of(new float[][] {{1}, {2}}).shape()).isEqualTo(Shape.of(2, 1));
    }

    @Test
    void aRepeatedNumberIsStoredOnce() {
        NDArray huge = NDArray.full(7, DType.F32, Shape.of(2, 1_000_000_000));
        assertThat(huge.get(1, 999_999_999)).isEqualTo(7);
        assertThat(huge.reshape(Shape.of(1000, 2, 1_000_000))
                        .permute(2, 0, 1)
                        .rows(5, 6)
                        .get(0, 999, 1))
                .isEqualTo(7);
        assertThat(huge.numbers()).startsWith("[[7.0, 7.0, 7.0, ..., 7.0");
    }
}
