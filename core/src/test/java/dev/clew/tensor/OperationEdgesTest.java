package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.Place;
import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.internal.tensor.Unpick;
import dev.clew.internal.tensor.Window;
import dev.clew.testing.Cubed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The edges of every operation: an input it refuses, with the whole message, and what it makes of NaN, infinities and −0.
 * An operation without either is named. Special values of functions of numbers stand in {@link SpecialValuesTest}.
 */
final class OperationEdgesTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private static final ImmutableSet<Object> ON_INTEGERS_TOO = ImmutableSet.of(
            Unary.NEGATE,
            Unary.ABS,
            Unary.SIGN,
            Unary.SQUARE,
            Binary.PLUS,
            Binary.MINUS,
            Binary.TIMES,
            Binary.REMAINDER,
            Binary.MAXIMUM,
            Binary.MINIMUM);

    private static final ImmutableSet<Object> LOGIC = ImmutableSet.of(Unary.NOT, Binary.AND, Binary.OR, Binary.XOR);

    private static final ImmutableSet<Object> COMPARISONS = ImmutableSet.of(
            Binary.EQUAL, Binary.NOT_EQUAL, Binary.LESS, Binary.LESS_OR_EQUAL, Binary.GREATER, Binary.GREATER_OR_EQUAL);

    /** They take whatever there is. */
    private static final ImmutableSet<Object> REFUSE_NOTHING =
            ImmutableSet.of(Unary.IS_NAN, Unary.IS_FINITE, Elementwise.Cast.class, Source.Constant.class);

    record Refusal(Object operation, String message, Supplier<Tensor> build) {
        @Override
        public String toString() {
            return message;
        }
    }

    record Special(Object operation, Tensor result, ImmutableDoubleArray expected) {
        Special(Object operation, Tensor result, double... expected) {
            this(operation, result, ImmutableDoubleArray.copyOf(expected));
        }

        @Override
        public String toString() {
            return result.describe();
        }
    }

    static List<Refusal> refusals() {
        List<Refusal> rows = new ArrayList<>();
        for (Unary op : Unary.values()) {
            if (!REFUSE_NOTHING.contains(op)) {
                rows.add(wrongType(op, op.label(), type -> op.on(Tensor.zeros(type, 2))));
            }
        }
        for (Binary op : Binary.values()) {
            rows.add(wrongType(op, op.label(), type -> op.on(Tensor.zeros(type, 2), Tensor.zeros(type, 2))));
        }
        elementwise(rows);
        reductions(rows);
        movements(rows);
        selections(rows);
        return rows;
    }

    @FunctionalInterface
    private interface OfType {
        Tensor of(DType type);
    }

    private static Refusal wrongType(Object op, String label, OfType build) {
        if (COMPARISONS.contains(op)) {
            return new Refusal(
                    op,
                    label
                            + " (2) f64, (2) f32: element types do not mix; cast one of them: .cast(DType.F64) on the right"
                            + " or .cast(DType.F32) on the left",
                    () -> ((Binary) op).on(Tensor.zeros(DType.F64, 2), Tensor.zeros(DType.F32, 2)));
        }
        if (LOGIC.contains(op)) {
            String message = label + " (2) f64: logic needs truth values; compare first, as in x.greaterThan(0)";
            return new Refusal(op, message, () -> build.of(DType.F64));
        }
        return ON_INTEGERS_TOO.contains(op)
                ? new Refusal(
                        op,
                        label + " (2) bool: this operation needs numbers; cast first: .cast(DType.I32) counts,"
                                + " .cast(DType.F64) has gradients",
                        () -> build.of(DType.BOOL))
                : new Refusal(
                        op,
                        label + " (2) i32: this operation needs floating-point numbers; cast first: .cast(DType.F64)",
                        () -> build.of(DType.I32));
    }

    private static void elementwise(List<Refusal> rows) {
        rows.add(new Refusal(
                Elementwise.Where.class,
                "where with (2) f64 as its condition: it must be bool; compare first, as in x.greaterThan(0)",
                () -> Tensor.where(x(2), x(2), x(2))));
        rows.add(new Refusal(
                Elementwise.AddN.class,
                "sum of tensors: addN (2), (3): an elementwise operation needs equal shapes; broadcast one of them first",
                () -> Tensor.sum(List.of(x(2), x(3)))));
        rows.add(new Refusal(
                Contraction.MatMul.class,
                "matmul (2, 3) · (4, 3): the left has 3 columns but the right has 4 rows; transpose the right one?",
                () -> x(2, 3).matmul(x(4, 3))));
        rows.add(new Refusal(
                Scan.LinearRecurrence.class,
                "linearRecurrence with factors (3) and terms (2): the shapes must be equal; broadcast one of them first",
                () -> new Scan.LinearRecurrence(0, false).on(x(3), x(2))));
        rows.add(new Refusal(
                SteppedRecurrence.class,
                "steppedRecurrence with factors (3), terms [(3)] and the start (2): factors and terms are alike, and the start"
                        + " lacks their first axis",
                () -> new SteppedRecurrence(false, 0).on(x(3), x(2), x(3))));
        rows.add(new Refusal(
                Source.Variable.class,
                "parameter (1) i32: training needs floating-point numbers; write 3.0 for 3, or cast first:"
                        + " .cast(DType.F64)",
                () -> Parameter.of(new int[] {3})));
        rows.add(new Refusal(
                Custom.class,
                "custom operation dev.clew.tensor.OperationEdgesTest$NoRecord: it must be a record, so that two of them with"
                        + " equal components are known to compute the same; declare it as record NoRecord(...) implements"
                        + " Custom",
                () -> new NoRecord().on(x(2))));
    }

    private static void reductions(List<Refusal> rows) {
        rows.add(new Refusal(
                Reduction.Sum.class, "sum: axis 2 of shape (2, 3): axes go from -2 to 1", () -> x(2, 3).sum(2)));
        rows.add(new Refusal(
                Reduction.Max.class,
                "max over axis 1 of (2, 0): nothing has no largest element; the axis must have a length of at least 1",
                () -> x(2, 0).max(1)));
        rows.add(new Refusal(
                Reduction.ArgMax.class,
                "argMax over axis 1 of (2, 0): nothing has no largest element; the axis must have a length of at least 1",
                () -> x(2, 0).argMax(1)));
    }

    private static void movements(List<Refusal> rows) {
        rows.add(new Refusal(
                Movement.Broadcast.class,
                "broadcast (2) to (2, 3): aligned at the last axis, every length must be equal or 1; expandDims adds an axis",
                () -> x(2).broadcastTo(2, 3)));
        rows.add(new Refusal(
                Movement.Reshape.class,
                "reshape (2, 3) to (4): 6 elements cannot become 4",
                () -> x(2, 3).reshape(Shape.of(4))));
        rows.add(new Refusal(
                Movement.Transpose.class,
                "transpose (2, 3) by [0, 0]: the order must name every axis, 0 to 1, once",
                () -> x(2, 3).transpose(0, 0)));
        rows.add(new Refusal(
                Movement.Concat.class,
                "concat along axis 0: tensor 0 is (2, 3) but tensor 1 is (2, 4); all lengths except that of axis 0 must be"
                        + " equal",
                () -> Tensor.concat(0, List.of(x(2, 3), x(2, 4)))));
        Window window = new Window(IntTuple.of(0), IntTuple.of(1), Shape.of(1));
        rows.add(new Refusal(
                Place.class,
                "place (1) i32: this operation needs floating-point numbers; cast first: .cast(DType.F64)",
                () -> new Place(Shape.of(2), ImmutableList.of(window)).on(Tensor.of(new int[] {1}))));
        rows.add(new Refusal(
                Movement.Slice.class, "get 5 of axis 0 of (3): indices go from -3 to 2", () -> x(3).get(5)));
    }

    private static void selections(List<Refusal> rows) {
        Tensor index = Tensor.of(new int[] {3});
        rows.add(new Refusal(
                Selection.Gather.class,
                "gather: index 3 at position 0 of (1) is outside 0 to 1: there are 2 rows",
                () -> x(2).gather(index)));
        rows.add(new Refusal(
                Selection.ScatterAdd.class,
                "scatterAdd: index 3 at position 0 of (1) is outside 0 to 1: there are 2 rows",
                () -> new Selection.ScatterAdd(Shape.of(2)).on(x(1), index)));
        rows.add(new Refusal(
                Selection.Pick.class,
                "pick: index 3 at position 0 of (1) is outside 0 to 1: there are 2 classes",
                () -> x(1, 2).pick(index)));
        rows.add(new Refusal(
                Unpick.class,
                "unpick: index 3 at position 0 of (1) is outside 0 to 1: there are 2 classes",
                () -> new Unpick(Shape.of(1, 2)).on(x(1), index)));
        rows.add(new Refusal(
                Selection.OneHot.class,
                "oneHot: index 3 at position 0 of (1) is outside 0 to 2: there are 3 classes",
                () -> Tensor.oneHot(index, 3, DType.F64)));
        rows.add(new Refusal(
                Selection.ArgSort.class, "argSort: axis 1 of shape (3): axes go from -1 to 0", () -> x(3).argSort(1)));
    }

    static List<Special> specials() {
        Tensor odd = Tensor.of(new double[] {NAN, INFINITE, -INFINITE, -0.0, 1});
        Tensor pair = Tensor.of(new double[] {NAN, -0.0});
        Tensor mask = Tensor.of(NDArray.of(new boolean[] {true, false}));
        Tensor truth = Tensor.of(NDArray.of(new boolean[] {true, true, false, false}));
        Tensor other = Tensor.of(NDArray.of(new boolean[] {true, false, true, false}));
        Tensor swap = Tensor.of(new int[] {1, 0});
        Tensor all = Tensor.of(new int[] {0, 0});
        Tensor matrix = Tensor.of(new double[][] {{NAN, 1}, {INFINITE, -INFINITE}});
        Window first = new Window(IntTuple.of(0), IntTuple.of(1), Shape.of(2));
        return List.of(
                new Special(
                        Unary.POWER_OF_TWO, Unary.POWER_OF_TWO.on(odd), 1, 0x1p1022, 0x1p1022, Double.MIN_NORMAL, 1),
                new Special(Unary.RSQRT, odd.rsqrt(), NAN, 0, NAN, -INFINITE, 1),
                new Special(Unary.SOFTPLUS, odd.softplus(), NAN, INFINITE, 0, Math.log(2), Math.log1p(Math.E)),
                new Special(Unary.STOP_GRADIENT, odd.stopGradient(), NAN, INFINITE, -INFINITE, -0.0, 1),
                new Special(Unary.NOT, mask.not(), 0, 1),
                new Special(Binary.AND, truth.and(other), 1, 0, 0, 0),
                new Special(Binary.OR, truth.or(other), 1, 1, 1, 0),
                new Special(Binary.XOR, truth.xor(other), 0, 1, 1, 0),
                new Special(Binary.PLUS, odd.plus(odd.negate()), NAN, NAN, NAN, 0, 0),
                new Special(Binary.MINUS, odd.minus(odd), NAN, NAN, NAN, 0, 0),
                new Special(Binary.TIMES, odd.times(0), NAN, NAN, NAN, -0.0, 0),
                new Special(Binary.DIV, odd.div(0), NAN, INFINITE, -INFINITE, NAN, INFINITE),
                new Special(Elementwise.Where.class, Tensor.where(mask, pair, pair.negate()), NAN, 0),
                new Special(Elementwise.AddN.class, Tensor.sum(List.of(odd, odd)), NAN, INFINITE, -INFINITE, -0.0, 2),
                new Special(Elementwise.Cast.class, odd.cast(DType.F32), NAN, INFINITE, -INFINITE, -0.0, 1),
                new Special(Contraction.MatMul.class, matrix.matmul(matrix), NAN, NAN, NAN, INFINITE),
                new Special(Reduction.Sum.class, matrix.sum(1), NAN, NAN),
                new Special(Reduction.Max.class, matrix.max(1), NAN, INFINITE),
                new Special(Reduction.ArgMax.class, odd.argMax(0), 0),
                new Special(Scan.LinearRecurrence.class, odd.cumulativeSum(0), NAN, NAN, NAN, NAN, NAN),
                new Special(
                        SteppedRecurrence.class,
                        new SteppedRecurrence(false, 0).on(pair, Tensor.of(0.0), pair),
                        0,
                        NAN,
                        NAN),
                new Special(Movement.Broadcast.class, pair.broadcastTo(2, 2), NAN, -0.0, NAN, -0.0),
                new Special(Movement.Reshape.class, pair.reshape(2, 1), NAN, -0.0),
                new Special(Movement.Transpose.class, matrix.transpose(), NAN, INFINITE, 1, -INFINITE),
                new Special(Movement.Slice.class, pair.slice(0, 1, 2), -0.0),
                new Special(Place.class, new Place(Shape.of(3), ImmutableList.of(first)).on(pair), NAN, -0.0, 0),
                new Special(Movement.Concat.class, Tensor.concat(0, List.of(pair, pair)), NAN, -0.0, NAN, -0.0),
                new Special(Selection.Gather.class, pair.gather(swap), -0.0, NAN),
                new Special(Selection.ScatterAdd.class, new Selection.ScatterAdd(Shape.of(2)).on(pair, all), NAN, 0),
                new Special(Selection.Pick.class, matrix.pick(swap), 1, INFINITE),
                new Special(Unpick.class, new Unpick(Shape.of(2, 2)).on(pair, swap), 0, NAN, 0, 0),
                new Special(Selection.OneHot.class, Tensor.oneHot(swap, 2, DType.F64), 0, 1, 1, 0),
                new Special(Selection.ArgSort.class, odd.argSort(0), 2, 3, 4, 1, 0),
                new Special(Source.Constant.class, odd, NAN, INFINITE, -INFINITE, -0.0, 1),
                new Special(Source.Variable.class, Parameter.of(new double[] {NAN, -0.0}), NAN, -0.0),
                new Special(Custom.class, new Cubed().on(pair, pair.constant(2)), NAN, -0.0));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatDoesNotFitIsRefusedWithAMessageThatHelps(Refusal row) {
        assertThat(catchThrowable(row.build::get)).hasMessage(row.message);
    }

    @ParameterizedTest
    @MethodSource("specials")
    void specialValuesAreNumPys(Special row) {
        double[] found = row.result.value().toDoubles();
        assertThat(found).hasSize(row.expected.length());
        for (int i = 0; i < found.length; i++) {
            double expected = row.expected.get(i);
            boolean near = found[i] != 0 && Math.abs(found[i] - expected) <= 2 * Math.ulp(expected);
            assertThat(near || Double.compare(found[i], expected) == 0)
                    .as("element %s: %s, expected %s", i, found[i], expected)
                    .isTrue();
        }
    }

    @Test
    void everyOperationHasAnInputItRefuses() {
        Set<Object> without = new LinkedHashSet<>(OperationCases.registry());
        refusals().forEach(row -> without.remove(row.operation));
        without.removeAll(REFUSE_NOTHING);
        assertThat(without)
                .as("operations without an input that they refuse: each needs one here in refusals()")
                .isEmpty();
    }

    @Test
    void everyOperationHasSpecialValues() {
        Set<Object> without = new LinkedHashSet<>(OperationCases.registry());
        specials().forEach(row -> without.remove(row.operation));
        without.removeIf(op -> op instanceof Op one && SpecialValuesTest.names().contains(one.label()));
        assertThat(without)
                .as("operations without special values: each needs some in SpecialValuesTest, or here in specials()")
                .isEmpty();
    }

    @Test
    void theRowsAreOfTheOperationsTheyName() {
        for (Special row : specials()) {
            assertThat(Graph.of(List.of(row.result)).nodes())
                    .extracting(node -> OperationCases.operation(node.op()))
                    .contains(row.operation);
        }
    }

    private static Tensor x(int... shape) {
        return Tensor.zeros(DType.F64, shape);
    }

    /** An operation of one's own that is not declared as it should be. */
    static final class NoRecord implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            return inputs.getFirst();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }
}
