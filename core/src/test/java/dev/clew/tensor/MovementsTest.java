package dev.clew.tensor;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Movements by value, as NumPy has them. */
final class MovementsTest {
    private static final Tensor LINE = Tensor.of(new int[] {0, 1, 2, 3, 4});
    private static final Tensor GRID = Tensor.of(new double[][] {{0, 1, 2}, {3, 4, 5}});

    private static void is(Tensor actual, String expected) {
        assertThat(actual.value().numbers()).isEqualTo(expected);
    }

    @Test
    void slicesGoBackwardAndCountFromTheEnd() {
        is(LINE.slice(0, 1, -1), "[1, 2, 3]");
        is(LINE.slice(0, -3, 5), "[2, 3, 4]");
        is(LINE.slice(0, 2), "[2, 3, 4]");
        is(LINE.slice(0, -2), "[3, 4]");
        is(LINE.slice(0, 5), "[]");
        is(LINE.slice(0, 0, 5, 2), "[0, 2, 4]");
        is(LINE.slice(0, 4, 0, -2), "[4, 2]");
        is(LINE.slice(0, -1, -6, -1), "[4, 3, 2, 1, 0]");
        is(LINE.slice(0, -1, -6, -3), "[4, 1]");
        is(LINE.slice(0, 3, 3, -1), "[]");
        is(LINE.slice(0, 5, 5), "[]");
    }

    @Test
    void flipsAndRolls() {
        is(GRID.flip(), "[[5.0, 4.0, 3.0], [2.0, 1.0, 0.0]]");
        is(GRID.flip(-1), "[[2.0, 1.0, 0.0], [5.0, 4.0, 3.0]]");
        is(LINE.roll(0, 2), "[3, 4, 0, 1, 2]");
        is(LINE.roll(0, -6), "[1, 2, 3, 4, 0]");
        is(GRID.roll(0, 1), "[[3.0, 4.0, 5.0], [0.0, 1.0, 2.0]]");
        assertThat(GRID.roll(1, 3)).isSameAs(GRID);
    }

    @Test
    void padsRepeatsAndTiles() {
        is(LINE.pad(0, 1, 2, 9), "[9, 0, 1, ..., 4, 9, 9]");
        is(GRID.pad(1, 0, 1, Double.NaN), "[[0.0, 1.0, 2.0, NaN], [3.0, 4.0, 5.0, NaN]]");
        is(Tensor.of(NDArray.of(new boolean[] {true})).pad(0, 1, 0, 0), "[false, true]");
        is(Tensor.of(new double[] {-0.0}).pad(0, 1, 0, -0.0), "[-0.0, -0.0]");
        is(Tensor.of(new int[] {1, 2}).repeat(0, 2), "[1, 1, 2, 2]");
        is(Tensor.of(new int[] {1, 2}).tile(2), "[1, 2, 1, 2]");
        is(Tensor.of(new int[] {1, 2}).tile(2, 1), "[[1, 2], [1, 2]]");
        assertThat(GRID.tile(2, 1, 0).shape()).isEqualTo(Shape.of(2, 2, 0));
    }

    @Test
    void splitsAndMovesAxes() {
        assertThat(LINE.split(0, new int[] {2, 0, 3}))
                .extracting(part -> part.value().numbers())
                .containsExactly("[0, 1]", "[]", "[2, 3, 4]");
        assertThat(GRID.split(1, 3)).extracting(Tensor::shape).containsOnly(Shape.of(2, 1));
        assertThat(Tensor.zeros(DType.F64, 2, 3, 4).moveAxis(0, -1).shape()).isEqualTo(Shape.of(3, 4, 2));
        assertThat(Tensor.zeros(DType.F64, 2, 3, 4).moveAxis(2, 0).shape()).isEqualTo(Shape.of(4, 2, 3));
    }

    @Test
    void diagonals() {
        is(GRID.diagonal(), "[0.0, 4.0]");
        is(GRID.diagonal(1), "[1.0, 5.0]");
        is(GRID.diagonal(2), "[2.0]");
        is(GRID.diagonal(3), "[]");
        is(GRID.diagonal(-1), "[3.0]");
        is(GRID.diagonal(-2), "[]");
        is(GRID.transpose().diagonal(-1), "[1.0, 5.0]");
        assertThat(Tensor.zeros(DType.F64, 4, 0, 3).diagonal().shape()).isEqualTo(Shape.of(4, 0));
    }

    @Test
    void errors() {
        says(
                "slice 1 to 3 by -1 of axis 0 of (5): a backward slice needs 4 ≥ from ≥ to, where -6 stands before"
                        + " element 0; negative numbers count from the end",
                () -> LINE.slice(0, 1, 3, -1));
        says(
                "split axis 0 of (5) into 2 parts: a length of 5 does not divide into so many equal parts;"
                        + " give their lengths: split(axis, new int[] {...})",
                () -> LINE.split(0, 2));
        says(
                "split axis 0 of (5) into lengths [2, 2]: they add up to 4 but the axis has length 5;"
                        + " lengths are 0 or more and add up to that of the axis",
                () -> LINE.split(0, new int[] {2, 2}));
        says(
                "pad axis 0 of (5) by -1 before and 0 after: both must be 0 or more; slice takes elements away",
                () -> LINE.pad(0, -1, 0, 0));
        says("repeat axis 0 of (5) -1 times: the count must be 0 or more", () -> LINE.repeat(0, -1));
        says("tile (5) by [2, -1]: every count must be 0 or more", () -> LINE.tile(2, -1));
        says("diagonal of (5): it runs through two axes, and there are fewer", LINE::diagonal);
    }

    /** n slices of one sequence cost its length, not its square. */
    @Test
    void gradientOfASplitIsOneNode() {
        Parameter x = Parameter.of(new double[1000]);
        List<Tensor> parts = x.split(0, 1000);
        Tensor gradient = Gradients.of(Tensor.concat(0, parts).square().sum()).wrt(x);
        assertThat(gradient.op()).isInstanceOf(Place.class);
    }
}
