package dev.clew.user;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.plan.Plan;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a user reads of an index that is not there: what was called, where the index is, and what there is. */
final class IndexMessagesTest {
    private static Tensor x(int... shape) {
        return Tensor.zeros(DType.F64, shape);
    }

    @Test
    void constantIndicesAreCheckedWhereTheNodeIsBuilt() {
        says("pick: index 4 at position 1 of (2) is outside -4 to 3: there are 4 classes", () -> x(2, 4).pick(3, 4));
        says("gather: index -3 at position 0 of (1) is outside -2 to 1: there are 2 rows", () -> x(2, 4).gather(-3));
        says(
                "gather: index -1 at position 0 of (1) is outside 0 to 1: there are 2 rows;"
                        + " indices in a tensor are data, and none counts from the end",
                () -> x(2, 4).gather(Tensor.of(new int[] {-1})));
        says("oneHot: index 26 is outside 0 to 25: there are 26 classes", () -> Tensor.oneHot(26, 26));
        says("gather: index 0 at position 0 of (1) does not exist: there are no rows", () -> x(0, 4).gather(0));
    }

    @Test
    void computedIndicesAreCheckedWhenEvaluated() {
        Tensor indices = Tensor.of(new double[] {1, 7}).cast(DType.I32);
        List<Tensor> built =
                List.of(x(2, 4).pick(indices), x(5, 1).gather(indices), Tensor.oneHot(indices, 3, DType.F32));
        String at = ": index 7 at position 1 of (2) is outside 0 to ";
        says("pick" + at + "3: there are 4 classes", () -> built.get(0).value());
        says("gather" + at + "4: there are 5 rows", () -> built.get(1).value());
        says("oneHot" + at + "2: there are 3 classes", () -> built.get(2).value());
    }

    @Test
    void selectionFromNumbersAndByOtherTypes() {
        says(
                "gather from (): a single number has no rows to choose from",
                () -> Tensor.of(1.0).gather(0));
        says(
                "pick from (): a single number has no row to choose from",
                () -> Tensor.of(1.0).pick(0));
        says(
                "pick from (2, 4) with indices (3): one index for every row is needed,"
                        + " so the indices must have the shape (2)",
                () -> x(2, 4).pick(0, 1, 2));
        says(
                "gather with (2) f64 as its indices: they must be i32; cast first: .cast(DType.I32)",
                () -> x(2, 4).gather(x(2)));
        says(
                "where with (2) f64 as its condition: it must be bool; compare first, as in x.greaterThan(0)",
                () -> Tensor.where(x(2), x(2), x(2)));
    }

    @Test
    void statedIndicesCountFromTheEndAndDataDoNot() {
        Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
        assertThat(x.gather(-1, 0).value().toDoubles()).containsExactly(4, 5, 6, 1, 2, 3);
        assertThat(x.gather(-1).get(0).value().toDoubles())
                .isEqualTo(x.get(-1).value().toDoubles());
        assertThat(x.pick(-1, 0).value().toDoubles()).containsExactly(3, 4);
        Tensor data = Tensor.of(new int[] {1, -1});
        String rest = "; indices in a tensor are data, and none counts from the end";
        says(
                "gather: index -1 at position 1 of (2) is outside 0 to 2: there are 3 elements along axis 1 of (2, 3)"
                        + rest,
                () -> x.gather(1, data));
        says("pick: index -1 at position 1 of (2) is outside 0 to 2: there are 3 classes" + rest, () -> x.pick(data));
        says(
                "takeAlong: index -1 at position 1 of (2, 1) is outside 0 to 2: there are 3 elements along axis 1 of (2, 3)"
                        + rest,
                () -> x.takeAlong(1, column(1, -1)));
        says(
                "scatterAdd: index -1 at position 1 of (2) is outside 0 to 1: there are 2 rows" + rest,
                () -> x.scatterAdd(data, x));
        says(
                "oneHot: index -1 at position 1 of (2) is outside 0 to 2: there are 3 classes" + rest,
                () -> Tensor.oneHot(data, 3, DType.F64));
    }

    private static Tensor column(int... numbers) {
        return Tensor.of(NDArray.of(Shape.of(numbers.length, 1), numbers));
    }

    @Test
    void takeAlongNeedsTheSameAxes() {
        String rule = ": both need the same axes, and only the length of this one may differ";
        Tensor line = Tensor.of(new int[] {0, 1});
        says(
                "takeAlong axis 1 of (2, 3) with indices (2)" + rule + "; expandDims(1) on the indices?",
                () -> x(2, 3).takeAlong(1, line));
        says(
                "takeAlong axis 1 of (3, 4) with indices (2)" + rule
                        + "; the same indices for every line are gather(1, indices)",
                () -> x(3, 4).takeAlong(1, line));
        says(
                "takeAlong axis 1 of (2, 5, 3) with indices (2, 3, 4)" + rule + "; indices.moveAxis(2, 1)?",
                () -> x(2, 5, 3).takeAlong(1, Tensor.zeros(DType.I32, 2, 3, 4)));
        says(
                "takeAlong axis 0 of (2, 3) with indices (2, 4)" + rule,
                () -> x(2, 3).takeAlong(0, Tensor.zeros(DType.I32, 2, 4)));
    }

    /** What a call of one kind of selection says of an index that is not there: computed, so that it is known at run time only. */
    private record Call(String said, Tensor x, UnaryOperator<Tensor> on, Tensor indices) {}

    private static final String COMPUTED = ", computed from the input \"i\" () i32";

    /** Every selection that goes by an index, along every kind of axis; the bad index is 7, or 0 + 7 where an input is. */
    private static List<Call> calls() {
        Tensor line = Tensor.of(new int[] {0, 1});
        Tensor table = Tensor.of(new int[][] {{0, 1}, {0, 0}});
        Parameter matrix = Parameter.ones(DType.F64, 2, 4);
        Parameter cube = Parameter.ones(DType.F64, 2, 4, 3);
        String outside = " is outside 0 to 3: there are 4 ";
        return List.of(
                new Call("pick: index 7 at position 1 of (2)" + outside + "classes", matrix, matrix::pick, line),
                new Call("pick: index 7 at position 1 of (2, 2)" + outside + "classes", matrix, matrix::pick, table),
                new Call(
                        "gather: index 7 at position 1 of (2) is outside 0 to 1: there are 2 rows",
                        matrix,
                        matrix::gather,
                        line),
                new Call(
                        "gather: index 7 at position 1 of (2, 2)" + outside + "elements along axis 1 of (2, 4, 3)",
                        cube,
                        at -> cube.gather(1, at),
                        table),
                new Call(
                        "takeAlong: index 7 at position 1 of (2, 2)" + outside + "elements along axis 1 of (2, 4)",
                        matrix,
                        at -> matrix.takeAlong(-1, at),
                        table),
                new Call(
                        "takeAlong: index 7 at position 1 of (2, 1, 3)" + outside
                                + "elements along axis 1 of (2, 4, 3)",
                        cube,
                        at -> cube.takeAlong(1, at),
                        Tensor.of(NDArray.of(Shape.of(2, 1, 3), 0, 1, 0, 0, 0, 0))),
                new Call(
                        "takeAlong: index 7 at position 4 of (5, 1, 3) is outside 0 to 1: there are 2 elements along"
                                + " axis 0 of (2, 1, 3)",
                        cube.slice(1, 0, 1),
                        at -> cube.slice(1, 0, 1).takeAlong(0, at),
                        Tensor.of(NDArray.of(Shape.of(5, 1, 3), 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
                new Call(
                        "scatterAdd: index 7 at position 1 of (2) is outside 0 to 1: there are 2 rows",
                        matrix,
                        at -> matrix.scatterAdd(at, matrix),
                        line),
                new Call(
                        "scatterAdd: index 7 at position 1 of (2)" + outside + "elements along axis 1 of (2, 4)",
                        matrix,
                        at -> matrix.scatterAdd(1, at, matrix.slice(1, 0, 2)),
                        line),
                new Call(
                        "oneHot: index 7 at position 1 of (2)" + outside + "classes",
                        matrix,
                        at -> Tensor.oneHot(at, 4, DType.F64).times(matrix),
                        line));
    }

    /** Known where the node is built, in the walk, in a plan, in a plan that takes the indices, and where only a gradient is asked for. */
    @Test
    void anIndexThatIsNotThereIsSaidOfWhatWasCalledWhereverItIsFound() {
        for (Call call : calls()) {
            Tensor constant = Tensor.of(NDArray.of(call.indices.shape(), sevens(call.indices)));
            says(call.said, () -> call.on.apply(constant));
            Tensor computed = call.indices.times(7);
            Tensor y = call.on.apply(computed);
            says(call.said, () -> Evaluator.plain().evaluate(List.of(y)));
            says(call.said, y::value);
            saysInPlan(call.said, Plan.compile(List.of(y)), Map.of());
            Tensor i = Tensor.input("i", DType.I32);
            Tensor given = call.on.apply(call.indices.times(i));
            saysInPlan(
                    call.said.replaceFirst(" (is outside)", COMPUTED + " $1"),
                    Plan.compile(List.of(given)),
                    Map.of(i, NDArray.of(7)));
        }
    }

    /** A derivative chooses the other way, and is called as what it belongs to. */
    @Test
    void theGradientAloneSpeaksOfWhatWasCalledToo() {
        for (Call call : calls()) {
            if (call.x instanceof Parameter x && !call.said.startsWith("oneHot")) {
                Tensor y = call.on.apply(call.indices.times(7));
                Tensor yBar = Parameter.ones(DType.F64, y.shape().lengths());
                Tensor gradient = Gradients.of(y, yBar).wrt(x);
                Tensor second = Gradients.of(gradient.sum()).wrt(yBar);
                says(call.said, () -> Evaluator.plain().evaluate(List.of(gradient)));
                says(call.said, gradient::value);
                says(call.said, second::value);
            }
        }
    }

    private static int[] sevens(Tensor indices) {
        return Arrays.stream(indices.value().toInts()).map(index -> 7 * index).toArray();
    }

    private static void saysInPlan(String message, Plan plan, Map<Tensor, NDArray> given) {
        assertThat(catchThrowable(() -> plan.run(given)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message + "; in a run of the plan that was compiled at "
                        + IndexMessagesTest.class.getName() + ".anIndex");
    }
}
