package dev.clew.tensor;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Derivatives;
import dev.clew.gradient.Gradients;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a user reads: what was asked, the shapes, the rule, the likely fix. Every message is compared whole. */
final class ErrorMessagesTest {
    private static Tensor x(int... shape) {
        return Tensor.zeros(DType.F64, shape);
    }

    @Test
    void reductionsOfIntegersSpeakOfWhatWasAsked() {
        Tensor integers = Tensor.of(new int[] {1, 2});
        String rule = " (2) i32: this operation needs floating-point numbers; cast first: .cast(DType.F64)";
        says("mean" + rule, integers::mean);
        says("min" + rule, integers::min);
        says("variance" + rule, integers::variance);
        says("cumulativeSum" + rule, () -> integers.cumulativeSum(0));
    }

    @Test
    void comparisonsSpeakOfWhatWasAskedInItsOrder() {
        String rule = ": the shapes do not broadcast; aligned at the last axis, lengths must be equal or one of them 1";
        says("greaterThan (2), (3)" + rule, () -> x(2).greaterThan(x(3)));
        says("greaterOrEqual (3), (2)" + rule, () -> x(3).greaterOrEqual(x(2)));
        says("lessThan (2), (3)" + rule, () -> x(2).lessThan(x(3)));
        says("lessOrEqual (3), (2)" + rule, () -> x(3).lessOrEqual(x(2)));
        says(
                "argMin over axis 1 of (2, 0): nothing has no smallest element; the axis must have a length of at least 1",
                () -> x(2, 0).argMin(1));
    }

    @Test
    void matmul() {
        says(
                "matmul (32, 16) · (8, 16): the left has 16 columns but the right has 8 rows; transpose the right one?",
                () -> x(32, 16).matmul(x(8, 16)));
        says(
                "matmul (16, 32) · (16, 8): the left has 32 columns but the right has 16 rows; transpose the left one?",
                () -> x(16, 32).matmul(x(16, 8)));
        says(
                "matmul (3, 4) · (5, 3): the left has 4 columns but the right has 5 rows; exchange the operands?",
                () -> x(3, 4).matmul(x(5, 3)));
        says(
                "matmul (3, 4) · (5, 6): the left has 4 columns but the right has 5 rows; they must be equal",
                () -> x(3, 4).matmul(x(5, 6)));
        says(
                "matmul () · (5, 6): a single number is no matrix; multiply with times",
                () -> Tensor.of(2.0).matmul(x(5, 6)));
    }

    @Test
    void matmulOfVectorsAndBatchesSpeaksOfTheShapesThatWereGiven() {
        says(
                "matmul (3) · (4): the left has 3 numbers but the right has 4 numbers; they must be equal",
                () -> x(3).matmul(x(4)));
        says(
                "matmul (3) · (4, 5): the left has 3 numbers but the right has 4 rows; they must be equal",
                () -> x(3).matmul(x(4, 5)));
        says(
                "matmul (5) · (4, 5): the left has 5 numbers but the right has 4 rows; transpose the right one?",
                () -> x(5).matmul(x(4, 5)));
        says(
                "matmul (4, 5) · (4): the left has 5 columns but the right has 4 numbers; transpose the left one?",
                () -> x(4, 5).matmul(x(4)));
        says(
                "matmul (7, 2, 3) · (5, 6): the left has 3 columns but the right has 5 rows; they must be equal",
                () -> x(7, 2, 3).matmul(x(5, 6)));
        says(
                "matmul (7, 2, 3) · (6, 3, 2): the batch axes (7) and (6) do not broadcast;"
                        + " lengths must be equal or one of them 1",
                () -> x(7, 2, 3).matmul(x(6, 3, 2)));
    }

    @Test
    void broadcasting() {
        says(
                "plus (3, 4), (3): the shapes do not broadcast; aligned at the last axis,"
                        + " lengths must be equal or one of them 1; expandDims(-1) on the right one?",
                () -> x(3, 4).plus(x(3)));
        says(
                "times (3), (3, 4): the shapes do not broadcast; aligned at the last axis,"
                        + " lengths must be equal or one of them 1; expandDims(-1) on the left one?",
                () -> x(3).times(x(3, 4)));
        says(
                "minus (3, 4), (4, 3): the shapes do not broadcast; aligned at the last axis,"
                        + " lengths must be equal or one of them 1; transpose one of them?",
                () -> x(3, 4).minus(x(4, 3)));
        says(
                "div (3), (4): the shapes do not broadcast; aligned at the last axis,"
                        + " lengths must be equal or one of them 1",
                () -> x(3).div(x(4)));
        says(
                "broadcast (3) to (3, 4): aligned at the last axis, every length must be equal or 1; expandDims adds an axis",
                () -> x(3).broadcastTo(3, 4));
        says(
                "sum of tensors: addN (3), (1): an elementwise operation needs equal shapes; broadcast one of them first",
                () -> Tensor.sum(List.of(x(3), x(1))));
    }

    @Test
    void concatAndStack() {
        says(
                "concat along axis 1: tensor 0 is (2, 3) but tensor 1 is (3, 3);"
                        + " all lengths except that of axis 1 must be equal",
                () -> Tensor.concat(1, List.of(x(2, 3), x(3, 3))));
        says(
                "concat along axis 1: tensor 0 is (2, 3) but tensor 1 is (2);"
                        + " all lengths except that of axis 1 must be equal",
                () -> Tensor.concat(-1, List.of(x(2, 3), x(2))));
        says(
                "concat of single numbers: they have no axis; use stack",
                () -> Tensor.concat(0, List.of(Tensor.of(1.0), Tensor.of(2.0))));
        says(
                "concat along axis 0: the length would be 3000000000,"
                        + " and the most that one array can hold is 2147483647 elements",
                () -> Tensor.concat(0, List.of(x(1_500_000_000), x(1_500_000_000))));
        says(
                "stack: tensor 0 is (3) but tensor 1 is (4); all shapes must be equal",
                () -> Tensor.stack(0, List.of(x(3), x(4))));
        says(
                "concat (1) f64, (1) i32: element types do not mix; cast the right one: .cast(DType.F64)",
                () -> Tensor.concat(0, List.of(x(1), Tensor.of(new int[] {1}))));
    }

    @Test
    void emptyLists() {
        String rest = " of an empty list: shape and type come from the tensors, so there must be at least one";
        says("concat" + rest, () -> Tensor.concat(0, List.of()));
        says("stack" + rest, () -> Tensor.stack(0, List.of()));
        says("sum of tensors" + rest, () -> Tensor.sum(List.of()));
    }

    @Test
    void wrongTypes() {
        Tensor integers = Tensor.of(new int[] {1, 2});
        says("tanh (2) i32: this operation needs floating-point numbers; cast first: .cast(DType.F64)", integers::tanh);
        says("sum (2) i32: this operation needs floating-point numbers; cast first: .cast(DType.F64)", integers::sum);
        says(
                "div (2) i32: this operation needs floating-point numbers; cast first: .cast(DType.F64)",
                () -> integers.div(2));
        says(
                "lessThan (2) i32, () f64: element types do not mix; cast the left one: .cast(DType.F64)",
                () -> integers.lessThan(2.5));
        says(
                "greaterThan (2) i32, () f64: element types do not mix; cast the left one: .cast(DType.F64)",
                () -> integers.greaterThan(2.5));
        says(
                "greaterOrEqual (2) f64, (2) i32: element types do not mix; cast the right one: .cast(DType.F64)",
                () -> x(2).greaterOrEqual(integers));
        says(
                "parameter (2) i32: training needs floating-point numbers; write 3.0 for 3, or cast first: .cast(DType.F64)",
                () -> Parameter.of(NDArray.of(new int[] {1, 2})));
    }

    @Test
    void allDerivativesOfMuchByMuch() {
        Parameter x = Parameter.zeros(DType.F64, 50_000);
        String rest = " has more than 2147483647 elements, the most that one array can hold;"
                + " products with it, jvp, vjp and hvp, need none of that";
        says(
                "jacobian of square (50000) f64 by parameter (50000) f64: shape (50000, 50000)" + rest,
                () -> Derivatives.jacobian(x.square(), x));
        says(
                "hessian of reshape () f64 by parameter (50000) f64: shape (50000, 50000)" + rest,
                () -> Derivatives.hessian(x.square().sum(), x));
    }

    @Test
    void gradients() {
        says(
                "gradient of square (3) f64: only a single number has a gradient; reduce it first with sum() or mean(),"
                        + " or give a cotangent of its shape: Gradients.of(y, yBar)",
                () -> Gradients.of(x(3).square()));
        says(
                "gradient at constant () i32: integers and truth values have no derivatives; gradients stop there",
                () -> Gradients.of(Tensor.of(1)));
        says(
                "gradient at constant (2) i32: integers and truth values have no derivatives; gradients stop there",
                () -> Gradients.of(x(3).sum()).wrt(Tensor.of(new int[] {1, 2})));
        says(
                "gradient of square (3) f64 with the cotangent constant (2) f64:"
                        + " a cotangent has the shape and type of what it belongs to",
                () -> Gradients.of(x(3).square(), x(2)));
    }

    @Test
    void reshapeAndSqueeze() {
        says("reshape (2, 3) to (4): 6 elements cannot become 4", () -> x(2, 3).reshape(4));
        says("reshape (2, 3) to (4, -1): 6 elements do not divide into parts of 4", () -> x(2, 3).reshape(4, -1));
        says("reshape (6) to (-1, -1): only one length may be -1", () -> x(6).reshape(-1, -1));
        says(
                "reshape (0, 3) to (0, -1): next to a length of 0, any length would do for -1; write the one that is meant",
                () -> x(0, 3).reshape(0, -1));
        says(
                "reshape of (6): shape (-2, 3): the length -2 is negative; lengths are 0 or more",
                () -> x(6).reshape(-2, 3));
        says(
                "reshape of (0): shape (65536, 65536, 1) has more than 2147483647 elements, the most that one array can hold",
                () -> x(0).reshape(65536, 65536, -1));
        says(
                "squeeze axis 1 of constant (2, 3) f64: its length is 3, and only an axis of length 1 can go away",
                () -> x(2, 3).squeeze(1));
        says("expandDims: new axis 4 of shape (2, 3): it may stand at -3 to 2", () -> x(2, 3).expandDims(4));
    }

    @Test
    void slices() {
        says(
                "slice 2 to 9 by 1 of axis 0 of (5): it needs 0 ≤ from ≤ to ≤ 5; negative numbers count from the end",
                () -> x(5).slice(0, 2, 9));
        says(
                "slice 0 to 5 by 0 of axis -1 of (5): a step of 0 goes nowhere; broadcastTo repeats",
                () -> x(5).slice(-1, 0, 5, 0));
        says("get 5 of axis 0 of (5): indices go from -5 to 4", () -> x(5).get(5));
        says("get -3 of axis 1 of (5, 2): indices go from -2 to 1", () -> x(5, 2).get(1, -3));
        says("get 0 of axis 0 of (0): the axis is empty", () -> x(0).get(0));
    }

    /** −1 is the last element, also for a backward slice: it does not stand before element 0. */
    @Test
    void aBackwardSliceToTheLastElementIsNotSilentlyEmpty() {
        says(
                "slice 2 to -1 by -1 of axis 0 of (3): -1 is the last element, so nothing lies before it on the way back;"
                        + " to end with element 0, write to = -4, or flip the axis",
                () -> x(3).slice(0, 2, -1, -1));
        assertThat(Tensor.of(new double[] {1, 2, 3}).slice(0, 2, -4, -1).value().toDoubles())
                .containsExactly(3, 2, 1);
        assertThat(x(3).slice(0, 1, 1, -1).shape()).as("empty as written").isEqualTo(Shape.of(0));
    }

    @Test
    void sizesThatNoArrayHas() {
        String most = " has more than 2147483647 elements, the most that one array can hold";
        Tensor large = x(100_000);
        says("broadcastTo of (1): shape (100000, 100000)" + most, () -> x(1).broadcastTo(100_000, 100_000));
        says("outer of (100000): shape (100000, 100000)" + most, () -> large.outer(large));
        says(
                "plus (100000, 1), (100000): shape (100000, 100000)" + most,
                () -> x(100_000, 1).plus(large));
        says(
                "matmul of (100000, 1): shape (100000, 100000)" + most,
                () -> x(100_000, 1).matmul(x(1, 100_000)));
        says("oneHot: shape (100000, 100000)" + most, () -> Tensor.oneHot(new int[100_000], 100_000));
        says("einsum: shape (100000, 100000)" + most, () -> Tensor.einsum("i,j->ij", large, large));
        says(
                "gather of (1, 100000): shape (100000, 100000)" + most,
                () -> x(1, 100_000).gather(new int[100_000]));
        says("stack: shape (100000, 100000)" + most, () -> Tensor.stack(0, Collections.nCopies(100_000, large)));
    }

    /** These go through other shapes on their way; what is said is the result's. */
    @Test
    void repetitionsThatNoArrayHas() {
        String would = ": the result would have the shape ";
        String most = ", more than 2147483647 elements, the most that one array can hold;"
                + " a broadcast axis of length 1 repeats without taking room";
        Tensor large = x(100_000);
        says("tile (100000) by [100000, 1]" + would + "(100000, 100000)" + most, () -> large.tile(100_000, 1));
        says("tile (100000) by [100000]" + would + "(10000000000)" + most, () -> large.tile(100_000));
        says("tile (0, 3) by [9, 2147483647]" + would + "(0, 6442450941)" + most, () -> x(0, 3).tile(9, 2147483647));
        says("repeat axis 0 of (100000) 100000 times" + would + "(10000000000)" + most, () -> large.repeat(0, 100_000));
        says(
                "repeat axis -1 of (2, 3) 1000000000 times" + would + "(2, 3000000000)" + most,
                () -> x(2, 3).repeat(-1, 1_000_000_000));
        says(
                "pad axis 1 of (100000, 1) by 100000 before and 0 after" + would + "(100000, 100001)" + most,
                () -> x(100_000, 1).pad(1, 100_000, 0, 0));
        says(
                "pad axis 0 of (1) by 2147483647 before and 9 after" + would + "(2147483657)" + most,
                () -> x(1).pad(0, Integer.MAX_VALUE, 9, 0));
    }

    @Test
    void countsBelowZero() {
        says("oneHot of -1 classes: the number of classes is 0 or more", () -> Tensor.oneHot(0, -1));
        says(
                "permutation(-1) of a key: the count must be 0 or more",
                () -> RandomKey.of(1).permutation(-1));
        says(
                "split(-2) of a key: the count must be 0 or more",
                () -> RandomKey.of(1).split(-2));
        says("topK -1 along axis 0 of (3): k goes from 0 to 3, the length of the axis", () -> x(3).topK(-1, 0));
        says(
                "lowerMask: shape (-1, 3): the length -1 is negative; lengths are 0 or more",
                () -> Tensor.lowerMask(-1, 3, 0));
    }

    @Test
    void axes() {
        says("sum: axis 2 of shape (2, 3): axes go from -2 to 1", () -> x(2, 3).sum(2));
        says(
                "softmax: axis 0 of shape (): a single number has no axis",
                () -> Tensor.of(1.0).softmax(0));
        says("mean: axes [1, -1] of shape (2, 3): axis 1 is named twice", () -> x(2, 3).mean(false, 1, -1));
        says(
                "max over axis 1 of (2, 0): nothing has no largest element; the axis must have a length of at least 1",
                () -> x(2, 0).max(1));
        says(
                "transpose of constant (3) f64: it exchanges the last two axes, and there is only one; expandDims adds one",
                () -> x(3).transpose());
        says(
                "transpose of constant () f64: it exchanges the last two axes, and there are none",
                () -> Tensor.of(1.0).transpose());
        says("transpose (2, 3) by [0, 0]: the order must name every axis, 0 to 1, once", () -> x(2, 3).transpose(0, 0));
        says("transpose (2, 3) by [0]: the order must name every axis, 0 to 1, once", () -> x(2, 3).transpose(0));
    }

    @Test
    void items() {
        says(
                "item() of square (3) f64: it has 3 elements, not one;"
                        + " use value(), or reduce it first with sum(), mean() or get(index)",
                () -> x(3).square().item());
    }

    @Test
    void arrays() {
        says(
                "item() of an array (2): it has 2 elements, not one; use get(index)",
                () -> NDArray.of(new int[2]).item());
        says(
                "tensor: row 1 has 3 numbers but row 0 has 2; the rows of an array are of one length",
                () -> Tensor.of(new double[][] {{1, 2}, {1, 2, 3}}));
        says(
                "zeros: shape (50000, 50000) has more than 2147483647 elements, the most that one array can hold",
                () -> x(50_000, 50_000));
        says(
                "get[1] of an array (2, 3): 1 indices for 2 axes",
                () -> x(2, 3).value().get(1));
        says(
                "reshape (2) to (3): 2 elements cannot become 3",
                () -> x(2).value().reshape(Shape.of(3)));
        says(
                "toRows() of an array (2): rows need exactly two axes",
                () -> x(2).value().toRows());
        says(
                "matmul f64 (2, 3) · f64 (2, 3): it needs (..., m, k) · (..., k, n), equal batch axes,"
                        + " and f64 or f32 on both sides",
                () -> x(2, 3).value().matmul(x(2, 3).value()));
        says(
                "permute (2, 3) by [0, 0]: the order must name every axis, counted from 0, once",
                () -> x(2, 3).value().permute(0, 0));
        says(
                "slice of axis 0 of an array (2): a step of 0 goes nowhere; broadcastTo repeats",
                () -> x(2).value().slice(new int[1], new int[1], Shape.of(2)));
        says(
                "slice of an array (2): start [0, 0], step [1] and size (2) must have a number for every axis",
                () -> x(2).value().slice(new int[2], new int[] {1}, Shape.of(2)));
    }

    @Test
    void indicesOutsideOfAnArray() {
        assertThat(catchThrowable(() -> x(2, 3).value().get(1, 3)))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("get[1, 3] of an array (2, 3): index 3 is outside 0 to 2");
        assertThat(catchThrowable(() -> x(5).value().slice(new int[] {1}, new int[] {Integer.MAX_VALUE}, Shape.of(5))))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("slice of axis 0 of an array (5): elements 1 to 8589934589 are outside 0 to 4");
        assertThat(catchThrowable(() -> x(5).value().rows(3, 6)))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("rows(3, 6) of an array (5): need 0 ≤ from ≤ to ≤ its first length");
    }
}
