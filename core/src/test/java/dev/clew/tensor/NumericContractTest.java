package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.Routes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the page of {@link Tensor} says of NaN, infinities, zeros, ties and axes of length 0, a row for every statement, in every way there
 * is to compute it. Its bounds are held by {@link ExactValuesTest}, {@link ExactDerivativesTest}, {@link NumericBoundsTest} and
 * {@code LongSumsTest}, special values of single functions by {@link SpecialValuesTest}, derivatives at kinks by {@link KinksTest}.
 */
final class NumericContractTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITE = Double.POSITIVE_INFINITY;
    private static final double TINY = Double.MIN_VALUE;
    private static final Tensor FIRST = Tensor.of(new boolean[] {true, false});

    /** A statement, and a formula that shows it. */
    record Row(String statement, Tensor result, ImmutableDoubleArray expected) {
        @Override
        public String toString() {
            return statement + ", " + result.describe();
        }
    }

    /** The rows of one element type, or those that speak of several. */
    private record Rows(List<Row> rows, DType type) {
        Tensor of(double... numbers) {
            return Tensor.of(NDArray.of(numbers).cast(type));
        }

        void add(String statement, Tensor result, double... expected) {
            rows.add(new Row(statement, result, ImmutableDoubleArray.copyOf(expected)));
        }

        /** The derivative of the sum of a function's values. */
        Tensor slope(UnaryOperator<Tensor> function, double... at) {
            Parameter x = Parameter.of(NDArray.of(at).cast(type));
            return Gradients.of(function.apply(x).sum()).wrt(x);
        }
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (DType type : new DType[] {DType.F64, DType.F32}) {
            Rows of = new Rows(rows, type);
            arithmetic(of);
            nanGoesOn(of);
            nanInOrder(of);
            nanLeftOut(of);
            infinities(of);
            zeros(of);
            zerosInSums(of);
            zerosInOrder(of);
            ties(of);
            tiesOfSlopes(of);
            nothing(of);
        }
        types(new Rows(rows, DType.F64));
        integers(new Rows(rows, DType.I32));
        return rows;
    }

    // ------------------------------------------------------------------------------------------------------ numbers

    private static void arithmetic(Rows of) {
        double digit = of.type == DType.F32 ? 0x1p-12 : 0x1p-27;
        double lost = -digit * digit;
        Tensor above = of.of(1 + digit);
        Tensor below = of.of(1 - digit);
        double product = of.type == DType.F32 ? (float) (1 + lost) : 1 + lost;
        of.add("a product is rounded", above.times(below), product);
        of.add(
                "a product and a sum are rounded one after the other",
                above.times(below).minus(1),
                product - 1);
        of.add("a chain of plus has its own order", of.of(1).plus(1e30).plus(-1e30), 0);
        of.add(
                "a product of matrices is fused",
                Tensor.stack(0, List.of(of.of(-1), above))
                        .reshape(2)
                        .dot(Tensor.stack(0, List.of(of.of(1), below)).reshape(2)),
                lost);
        of.add(
                "a recurrence is fused",
                Tensor.concat(0, List.of(above, of.of(-1))).linearRecurrence(0, below),
                1 + digit,
                lost);
        of.add("a bare number is rounded to the type", of.of(0.1).equalTo(0.1), 1);
        double least = of.type == DType.F32 ? Float.MIN_VALUE : TINY;
        Tensor subnormal = of.of(least);
        of.add("subnormals are kept by arithmetic", subnormal.plus(subnormal), 2 * least);
        of.add("by sums", Tensor.concat(0, List.of(subnormal, subnormal)).sum(), 2 * least);
        of.add("by products", subnormal.dot(of.of(3)), 3 * least);
        of.add("by functions", of.of(of.type == DType.F32 ? -103 : -745).exp(), least);
        of.add("halfway, the even one", of.of(0.5, 1.5, 2.5, -0.5).round(), 0, 2, 2, -0.0);
        of.add(
                "a remainder has the sign of the divisor",
                of.of(7, -7, 7, -7).remainder(of.of(3, 3, -3, -3)),
                1,
                2,
                -2,
                -1);
    }

    // ---------------------------------------------------------------------------------------------------------- NaN

    private static void nanGoesOn(Rows of) {
        Tensor some = of.of(1, NAN, INFINITE);
        of.add("0 times NaN is NaN", of.of(NAN).times(0), NAN);
        of.add("a sum with NaN is NaN", some.sum(), NAN);
        of.add("a mean", some.mean(), NAN);
        of.add("a product", of.of(0, NAN).prod(), NAN);
        of.add("a product of matrices, also by 0", of.of(0, 1).dot(of.of(NAN, 2)), NAN);
        of.add("the largest", some.max(), NAN);
        of.add("the smallest", some.min(), NAN);
        of.add("the larger", some.maximum(of.of(NAN, 1, 2)), NAN, NAN, INFINITE);
        of.add("the smaller", some.minimum(of.of(NAN, 1, 2)), NAN, NAN, 2);
        of.add("relu", some.relu(), 1, NAN, INFINITE);
        of.add("clip", some.clip(0, 2), 1, NAN, 2);
        of.add("from the first on", of.of(1, NAN, 3).cumulativeMax(0), 1, NAN, NAN);
        of.add("of the smallest too", of.of(1, NAN, 3).cumulativeMin(0), 1, NAN, NAN);
        of.add("in every one of a softmax", some.softmax(0), NAN, NAN, NAN);
        of.add("the root of a negative number", of.of(-1).sqrt(), NAN);
        of.add("of any number, to the power 0", of.of(NAN).pow(0), 1);
        of.add("1 to any power", of.of(1).pow(of.of(NAN)), 1);
        of.add("beside an infinite side", of.of(-INFINITE).hypot(of.of(NAN)), INFINITE);
        of.add("no derivative of max", of.slope(Tensor::max, 1, NAN, 2), NAN, NAN, NAN);
        of.add("of the larger: 0", of.slope(x -> x.maximum(1), NAN), 0);
        of.add("of relu: 0", of.slope(Tensor::relu, NAN), 0);
        of.add("of clip: 1", of.slope(x -> x.clip(0, 2), NAN), 1);
    }

    private static void nanInOrder(Rows of) {
        Tensor some = of.of(2, NAN, 1, NAN);
        Tensor other = of.of(NAN, NAN, 3, 3);
        of.add("NaN equals nothing", some.equalTo(other), 0, 0, 0, 0);
        of.add("it differs from all", some.notEqualTo(other), 1, 1, 1, 1);
        of.add("it is not less", some.lessThan(other), 0, 0, 1, 0);
        of.add("and not greater or equal", some.greaterOrEqual(other), 0, 0, 0, 0);
        of.add("it is the largest in a sort", some.sort(0), 1, 2, NAN, NAN);
        of.add("so the first in descending order", some.sort(0, true), NAN, NAN, 2, 1);
        of.add("and on top", some.topK(2, 0).values(), NAN, NAN);
        of.add("the first NaN is the place of the largest", some.argMax(), 1);
        of.add("and of the smallest", some.argMin(), 1);
        of.add("it is found", some.isNaN(), 0, 1, 0, 1);
        of.add("and not finite", some.isFinite(), 1, 0, 1, 0);
        of.add("it is true", of.of(NAN).cast(DType.BOOL), 1);
    }

    private static void nanLeftOut(Rows of) {
        Tensor pair = of.of(3, NAN);
        of.add("what is not chosen has no part in a value", Tensor.where(FIRST, pair, of.of(NAN, 5)), 3, 5);
        of.add("what is filled", pair.maskedFill(FIRST.not(), 7), 3, 7);
        of.add("what is masked out of a softmax", pair.softmax(0, FIRST), 1, 0);
        of.add("of its logarithm", pair.logSoftmax(0, FIRST), 0, -INFINITE);
        of.add("of a sum of exponentials", pair.logSumExp(0, FIRST), 3);
        of.add("nor in its derivatives", of.slope(x -> x.logSumExp(0, FIRST), 3, NAN), 1, 0);
        of.add("what is filled has none", of.slope(x -> x.maskedFill(FIRST.not(), 7), 3, NAN), 1, 0);
        of.add("above a diagonal", of.of(1, NAN, 2, 3).reshape(2, 2).lowerTriangle(0), 1, 0, 2, 3);
        Tensor root = of.slope(x -> Tensor.where(x.greaterThan(0), x.sqrt(), x.constant(0)), 0, 4);
        of.add("0 times an infinite slope is NaN, chosen or not", root, NAN, 0.25);
    }

    // --------------------------------------------------------------------------------------------------- infinities

    private static void infinities(Rows of) {
        double most = of.type == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        Tensor large = of.of(most);
        of.add("too large is infinite", large.times(2), INFINITE);
        of.add("also on the way", large.plus(large).minus(large), INFINITE);
        of.add("in a mean too", of.of(most, most).mean(), INFINITE);
        of.add("∞ − ∞", of.of(INFINITE).minus(of.of(INFINITE)), NAN);
        of.add("0·∞", of.of(INFINITE).times(0), NAN);
        of.add("in a sum", of.of(INFINITE, -INFINITE).sum(), NAN);
        of.add("0·∞ in a product of matrices", of.of(0, 1).dot(of.of(INFINITE, 2)), NAN);
        of.add("by 0", of.of(1, -1, 1, 0).div(of.of(0, 0, -0.0, 0)), INFINITE, -INFINITE, -INFINITE, NAN);
        of.add("ln 0", of.of(0, -0.0).log(), -INFINITE, -INFINITE);
        of.add("no overflow in a sum of exponentials", large.logSumExp(0), most);
        of.add("nor of two", large.logAddExp(of.of(0)), most);
        of.add("in a softmax", of.of(most, most).softmax(0), 0.5, 0.5);
        of.add("in its logarithm", of.of(most, 0).logSoftmax(0), 0, -most);
        of.add("in softplus", of.of(most, -most).softplus(), most, 0);
        of.add("in ln σ", of.of(most, -most).logSigmoid(), -0.0, -most);
        of.add("in a norm", of.of(most, 0).norm(), most);
        of.add("in a hypotenuse", large.hypot(of.of(0)), most);
        of.add("−∞ only, summed", of.of(-INFINITE, -INFINITE).logSumExp(0), -INFINITE);
        of.add("with no derivative", of.slope(x -> x.logSumExp(0), -INFINITE, -INFINITE), 0, 0);
        of.add("as a softmax", of.of(-INFINITE, -INFINITE).softmax(0), NAN, NAN);
        of.add("masked out", of.of(-INFINITE, 4).softmax(0, FIRST), 0, 0);
        of.add("and nothing left", of.of(1, 4).softmax(0, FIRST.and(FIRST.not())), 0, 0);
    }

    // -------------------------------------------------------------------------------------------------------- zeros

    private static void zeros(Rows of) {
        Tensor zero = of.of(0, -0.0);
        Tensor other = of.of(-0.0, 0);
        of.add("0 and −0 are equal", zero.equalTo(other), 1, 1);
        of.add("none is less", zero.lessThan(other), 0, 0);
        of.add("0 is the larger", zero.maximum(other), 0, 0);
        of.add("−0 the smaller", zero.minimum(other), -0.0, -0.0);
        of.add("of several too", other.max(), 0);
        of.add("the smallest", zero.min(), -0.0);
        of.add("relu", zero.relu(), 0, 0);
        of.add("|x|", zero.abs(), 0, 0);
        of.add("the sign", zero.sign(), 0, 0);
        of.add("clip leaves what is within its bounds", zero.clip(0, 1), 0, -0.0);
        of.add("√x", zero.sqrt(), 0, -0.0);
        of.add("an odd function", zero.tanh(), 0, -0.0);
        of.add("leakyRelu", zero.leakyRelu(0.1), 0, -0.0);
        of.add("elu", zero.elu(1), 0, -0.0);
        of.add("⌈x⌉", of.of(-0.5).ceil(), -0.0);
        of.add("1/x", zero.reciprocal(), INFINITE, -INFINITE);
        of.add("a mask is where a number is not 0", zero.cast(DType.BOOL), 0, 0);
    }

    private static void zerosInSums(Rows of) {
        Tensor zero = of.of(-0.0);
        Tensor three = of.of(-0.0, -0.0, -0.0);
        of.add("−0 + −0", zero.plus(zero), -0.0);
        of.add("−0 + 0", zero.plus(0), 0);
        of.add("x − x", of.of(-0.0, 3).minus(of.of(-0.0, 3)), 0, 0);
        of.add("tensors", Tensor.sum(List.of(zero, zero)), -0.0);
        of.add("many tensors", Tensor.sum(Collections.nCopies(40, zero)), -0.0);
        of.add("elements, from 0", three.sum(), 0);
        of.add("an axis of length 1", three.reshape(3, 1).sum(1), 0, 0, 0);
        of.add("a mean", three.mean(), 0);
        of.add("products, from 0", zero.dot(of.of(1)), 0);
        of.add("rows by index, from 0", three.scatterAdd(Tensor.of(new int[] {0}), zero), 0, 0, 0);
        of.add("as far as every element", three.cumulativeSum(0), -0.0, -0.0, -0.0);
        of.add("a number that is put before it", of.of(1).pad(0, 1, 0, -0.0), -0.0, 1);
    }

    private static void zerosInOrder(Rows of) {
        Tensor zero = of.of(0, -0.0);
        Tensor other = of.of(-0.0, 0);
        of.add("the first is the place of the largest", other.argMax(), 0);
        of.add("and of the smallest", zero.argMin(), 0);
        of.add(
                "they keep their order in a sort",
                Tensor.concat(0, List.of(zero, other)).sort(0),
                0,
                -0.0,
                -0.0,
                0);
        of.add("in descending order too", Tensor.concat(0, List.of(zero, other)).sort(0, true), 0, -0.0, -0.0, 0);
        of.add("the last is the largest so far", zero.cumulativeMax(0), 0, -0.0);
        of.add("and the smallest so far", other.cumulativeMin(0), -0.0, 0);
        of.add("they share a derivative", of.slope(Tensor::max, 0, -0.0), 0.5, 0.5);
    }

    // --------------------------------------------------------------------------------------------------------- ties

    private static void ties(Rows of) {
        Tensor some = of.of(1, 3, 1, 3, 2);
        of.add("the first largest", some.argMax(), 1);
        of.add("the first smallest", some.argMin(), 0);
        of.add("in ascending order the first comes first", some.argSort(0), 0, 2, 4, 1, 3);
        of.add("in descending order too", some.argSort(0, true), 1, 3, 4, 0, 2);
        of.add("on top", some.topK(3, 0).indices(), 1, 3, 4);
    }

    private static void tiesOfSlopes(Rows of) {
        Tensor weights = of.of(1, 2, 4);
        of.add("largest share evenly", of.slope(Tensor::max, 1, 2, 2, 2, 2), 0, 0.25, 0.25, 0.25, 0.25);
        of.add("smallest share evenly", of.slope(Tensor::min, 1, 2, 1), 0.5, 0, 0.5);
        of.add("two get half each", of.slope(x -> x.maximum(x.stopGradient()), 2), 0.5);
        of.add("the last so far gets it", of.slope(x -> x.cumulativeMax(0), 1, 2, 2, 0), 1, 1, 2, 0);
        of.add("the smallest too", of.slope(x -> x.cumulativeMin(0), 2, 1, 1, 3), 1, 1, 2, 0);
        of.add("sorted, each has its own", of.slope(x -> x.sort(0).times(weights), 1, 1, 0), 2, 4, 1);
        of.add("on top, the first", of.slope(x -> x.topK(1, 0).values(), 2, 2), 1, 0);
    }

    // ------------------------------------------------------------------------------------------------------ nothing

    private static void nothing(Rows of) {
        Tensor none = of.of();
        of.add("the sum", none.sum(), 0);
        of.add("the product", none.prod(), 1);
        of.add("the mean", none.mean(), NAN);
        of.add("the variance", none.variance(), NAN);
        of.add("the standard deviation", none.standardDeviation(), NAN);
        of.add("the norm", none.norm(), 0);
        of.add("ln Σ eˣ", none.logSumExp(0), -INFINITE);
        of.add("any", none.greaterThan(0).any(), 0);
        of.add("all", none.greaterThan(0).all(), 1);
        of.add("the inner product", none.dot(none), 0);
        of.add("a product of matrices", none.reshape(2, 0).matmul(none.reshape(0, 1)), 0, 0);
        for (Tensor empty : List.of(none.softmax(0), none.sort(0), none.cumulativeSum(0), none.cumulativeMax(0))) {
            of.add("nothing stays nothing", empty);
        }
    }

    // -------------------------------------------------------------------------------------------------------- types

    private static void types(Rows of) {
        Tensor halfway = of.of(1 + 0x1p-24, 1 + 0x1.8p-23, 1e300, -1e300, 1e-300, NAN);
        of.add("to f32, the nearest", halfway.cast(DType.F32), 1, 1 + 0x1p-22, INFINITE, -INFINITE, 0, NAN);
        of.add("subnormals too", of.of(0x1.8p-149).cast(DType.F32), 0x1p-148);
        of.add("to i32, toward zero", of.of(2.9, -2.9, -0.5).cast(DType.I32), 2, -2, 0);
        Tensor outside = of.of(NAN, 1e30, -INFINITE);
        of.add("outside, the nearest, and 0 for NaN", outside.cast(DType.I32), 0, Integer.MAX_VALUE, Integer.MIN_VALUE);
        of.add("not 0 is true", of.of(0, -0.0, TINY).cast(DType.BOOL), 0, 0, 1);
        of.add("true is 1", FIRST.cast(DType.F32), 1, 0);
        Tensor odd = Tensor.of(new int[] {(1 << 24) + 1, (1 << 24) + 3});
        of.add("i32 to f32, the nearest", odd.cast(DType.F32), 1 << 24, (1 << 24) + 4);
        of.add("i32 to f64, itself", odd.cast(DType.F64), (1 << 24) + 1, (1 << 24) + 3);
        of.add("logic", FIRST.and(FIRST.not()), 0, 0);
    }

    private static void integers(Rows of) {
        int most = Integer.MAX_VALUE;
        int least = Integer.MIN_VALUE;
        of.add("plus wraps around", of.of(most).plus(1), least);
        of.add("minus", of.of(least).minus(1), most);
        of.add("times", of.of(123456789).times(987654321), -67153019);
        of.add("the square", of.of(1 << 16).square(), 0);
        of.add("the opposite", of.of(least).negate(), least);
        of.add("by −1", of.of(least).times(-1), least);
        of.add("|x|", of.of(least).abs(), least);
        of.add("the product", of.of(1 << 16, 1 << 15, 2).prod(), 0);
        of.add("what is left by 0", of.of(5, -5).remainder(0), 0, 0);
        of.add("what is left", of.of(7, -7, 7, -7).remainder(of.of(3, 3, -3, -3)), 1, 2, -2, -1);
        of.add("the first largest", of.of(least, 3, 3).argMax(), 1);
        of.add("the first smallest", of.of(3, least, least).argMin(), 1);
    }

    // ------------------------------------------------------------------------------------------------------ the ways

    private static Map<String, NDArray> ways(Tensor tensor) {
        List<Tensor> outputs = List.of(tensor);
        Routes routes = Routes.of(outputs);
        Map<String, NDArray> ways = new LinkedHashMap<>();
        ways.put("the walk", Evaluator.plain().evaluate(outputs).getFirst());
        ways.put("value()", tensor.value());
        ways.put("a plan, twice", routes.tape().getFirst());
        ways.put("plain code", routes.poisoned().getFirst());
        ways.put("vector code", routes.vectors().getFirst());
        ways.put("side by side", routes.sideBySide().getFirst());
        return ways;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatIsStatedHoldsHoweverItIsComputed(Row row) {
        ways(row.result)
                .forEach((way, value) -> assertThat(value.toDoubles()).as(way).containsExactly(row.expected.toArray()));
    }

    /** In rows that are long enough for vectors, which {@link SpecialValuesTest} has only walked. */
    @Test
    void specialValuesOfFunctionsAreTheSameInPlans() {
        for (DType type : new DType[] {DType.F64, DType.F32}) {
            List<Tensor> all = SpecialValuesTest.rows().stream()
                    .map(row -> Functions.apply(row.name(), repeated(row.inputs(), type)))
                    .toList();
            List<NDArray> walk = Evaluator.plain().evaluate(all);
            Routes routes = Routes.of(all);
            for (List<NDArray> way : List.of(routes.tape(), routes.poisoned(), routes.vectors())) {
                for (int i = 0; i < all.size(); i++) {
                    assertThat(way.get(i).toDoubles())
                            .as("%s", all.get(i))
                            .containsExactly(walk.get(i).toDoubles());
                }
            }
        }
    }

    private static List<Tensor> repeated(List<double[]> columns, DType type) {
        return columns.stream()
                .map(column -> Tensor.of(NDArray.of(column).cast(type)).tile(7))
                .map(tensor -> Tensor.of(tensor.value()))
                .toList();
    }

    /** Where a plan chooses rows, the walk multiplies by 0. */
    @Test
    void onlyTheWalkSeesWhatAOneHotProductDoesNotChoose() {
        Tensor second = Tensor.oneHot(new int[] {1}, 2);
        Tensor rows = Tensor.of(new double[][] {{NAN, INFINITE, 1}, {1, 2, -0.0}});
        double[] multiplied = {NAN, NAN, 0};
        double[] chosen = {1, 2, -0.0};
        ways(second.matmul(rows))
                .forEach((way, value) -> assertThat(value.toDoubles())
                        .as(way)
                        .containsExactly(way.equals("the walk") ? multiplied : chosen));
    }

    @Test
    void nothingHasNoLargestAndNoSmallestElement() {
        Tensor none = Tensor.zeros(DType.F64, 0);
        for (UnaryOperator<Tensor> extreme : List.<UnaryOperator<Tensor>>of(
                Tensor::max, Tensor::min, Tensor::argMax, Tensor::argMin, x -> x.norm(INFINITE, false))) {
            assertThatThrownBy(() -> extreme.apply(none)).hasMessageContaining("nothing has no");
        }
    }

    @Test
    void integersHaveNoSumsAndNoQuotients() {
        Tensor integers = Tensor.of(new int[] {1, 2});
        for (UnaryOperator<Tensor> refused : List.<UnaryOperator<Tensor>>of(
                Tensor::sum, Tensor::mean, Tensor::max, x -> x.div(2), x -> x.matmul(x), x -> x.cumulativeSum(0))) {
            assertThatThrownBy(() -> refused.apply(integers)).hasMessageContaining("cast first");
        }
    }

    @Test
    void everyTypeIsRefusedBesideAnother() {
        List<Tensor> types =
                Stream.of(DType.values()).map(type -> Tensor.zeros(type, 2)).toList();
        for (Tensor a : types) {
            for (Tensor b : types) {
                if (a != b) {
                    assertThatThrownBy(() -> a.equalTo(b)).hasMessageContaining("element types do not mix");
                }
            }
        }
        assertThatThrownBy(() -> Tensor.of(1).plus(0.5)).hasMessageContaining("element types do not mix");
    }
}
