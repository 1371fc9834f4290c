package dev.clew.tensor;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import org.junit.jupiter.api.Test;

/** Selections by value, as NumPy 2.4 computes them. */
final class SelectionsTest {
    private static final Tensor GRID = Tensor.of(new double[][] {{0, 1, 2}, {3, 4, 5}});
    private static final Tensor TWO = Tensor.of(NDArray.of(new int[][] {{2, 0}, {1, 1}}));

    private static void is(Tensor actual, String expected) {
        assertThat(actual.value().numbers()).isEqualTo(expected);
    }

    @Test
    void gathersAlongAnyAxis() {
        is(GRID.gather(1, Tensor.of(new int[] {2, 2, 0, 1})), "[[2.0, 2.0, 0.0, 1.0], [5.0, 5.0, 3.0, 4.0]]");
        is(GRID.gather(1, TWO), "[[[2.0, 0.0], [1.0, 1.0]], [[5.0, 3.0], [4.0, 4.0]]]");
        is(GRID.gather(-1, Tensor.of(1)), "[1.0, 4.0]");
        is(GRID.takeAlong(1, TWO), "[[2.0, 0.0], [4.0, 4.0]]");
        is(GRID.takeAlong(0, Tensor.of(NDArray.of(new int[][] {{1, 0, 1}}))), "[[3.0, 1.0, 5.0]]");
    }

    @Test
    void scatteringAccumulates() {
        Tensor rows = Tensor.of(new double[][] {{1, 1, 1}, {10, 10, 10}, {100, 100, 100}});
        is(GRID.scatterAdd(Tensor.of(new int[] {1, 1, 0}), rows), "[[100.0, 101.0, 102.0], [14.0, 15.0, 16.0]]");
        Tensor columns = Tensor.of(new double[][] {{1, 10}, {2, 20}});
        is(GRID.scatterAdd(1, Tensor.of(new int[] {2, 2}), columns), "[[0.0, 1.0, 13.0], [3.0, 4.0, 27.0]]");
        Parameter x = Parameter.of(new double[][] {{0, 1, 2}, {3, 4, 5}});
        Tensor twice = x.takeAlong(1, Tensor.of(NDArray.of(new int[][] {{2, 2}, {0, 1}})))
                .sum();
        is(Gradients.of(twice).wrt(x), "[[0.0, 0.0, 2.0], [1.0, 1.0, 0.0]]");
    }

    @Test
    void ordersAreStableWithNaNLargest() {
        double[] numbers = {3, Double.NaN, Double.NEGATIVE_INFINITY, 1, -0.0, 0, Double.POSITIVE_INFINITY, 1};
        Tensor x = Tensor.of(numbers);
        assertThat(x.argSort(0).value().toInts()).containsExactly(2, 4, 5, 3, 7, 0, 6, 1);
        assertThat(x.argSort(0, true).value().toInts()).containsExactly(1, 6, 0, 3, 7, 4, 5, 2);
        assertThat(x.sort(0).value().toDoubles())
                .containsExactly(Double.NEGATIVE_INFINITY, -0.0, 0, 1, 1, 3, Double.POSITIVE_INFINITY, Double.NaN);
        assertThat(Tensor.of(new int[] {3, -1, 2}).sort(0).value().toInts()).containsExactly(-1, 2, 3);
        is(GRID.sort(0, true), "[[3.0, 4.0, 5.0], [0.0, 1.0, 2.0]]");
        Ranked two = GRID.topK(2, 1);
        is(two.values(), "[[2.0, 1.0], [5.0, 4.0]]");
        is(two.indices(), "[[2, 1], [2, 1]]");
    }

    /** Of equal elements the first is chosen, and gets the gradient. */
    @Test
    void tiesGoToTheFirst() {
        Parameter x = Parameter.of(new double[] {1, 7, 7, 0});
        is(Gradients.of(x.topK(1, 0).values().sum()).wrt(x), "[0.0, 1.0, 0.0, 0.0]");
    }

    @Test
    void triangles() {
        Tensor ones = Tensor.ones(DType.F64, 2, 3);
        is(ones.lowerTriangle(0), "[[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]");
        is(ones.lowerTriangle(-1), "[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]");
        is(ones.upperTriangle(0), "[[1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]");
        is(ones.upperTriangle(2), "[[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]");
        is(Tensor.upperMask(2, 2, 1), "[[false, true], [false, false]]");
        is(Tensor.upperMask(1, 2, Integer.MIN_VALUE), "[[true, true]]");
        is(Tensor.upperMask(1, 2, Integer.MAX_VALUE), "[[false, false]]");
        is(Tensor.lowerMask(1, 2, Integer.MIN_VALUE), "[[false, false]]");
        is(Tensor.lowerMask(1, 2, Integer.MAX_VALUE), "[[true, true]]");
        is(Tensor.ones(DType.F64, 1, 2).upperTriangle(Integer.MIN_VALUE), "[[1.0, 1.0]]");
        is(Tensor.lowerMask(1, 2, 5), "[[true, true]]");
        is(GRID.maskedFill(GRID.greaterThan(3), -1), "[[0.0, 1.0, 2.0], [3.0, -1.0, -1.0]]");
        assertThat(Tensor.lowerMask(2, 0, 0).value().shape()).isEqualTo(Shape.of(2, 0));
    }

    @Test
    void errors() {
        says(
                "takeAlong axis 1 of (2, 3) with indices (3, 1): both need the same axes,"
                        + " and only the length of this one may differ",
                () -> GRID.takeAlong(1, Tensor.of(NDArray.full(0, DType.I32, Shape.of(3, 1)))));
        says(
                "takeAlong axis 1 of (2, 3) with indices (2): both need the same axes,"
                        + " and only the length of this one may differ; expandDims(1) on the indices?",
                () -> GRID.takeAlong(1, Tensor.of(new int[] {0, 1})));
        says(
                "scatterAdd of (3) into (2, 3) at indices (2): one row for every index is needed,"
                        + " so they must have the shape (2, 3)",
                () -> GRID.scatterAdd(Tensor.of(new int[] {0, 1}), Tensor.of(new double[3])));
        says("topK 4 along axis 1 of (2, 3): k goes from 0 to 3, the length of the axis", () -> GRID.topK(4, 1));
        says(
                "lowerTriangle of (3): it is of the last two axes, and there are fewer",
                () -> GRID.get(0).lowerTriangle(0));
    }
}
