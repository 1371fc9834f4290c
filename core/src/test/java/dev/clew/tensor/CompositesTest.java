package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Values of the methods of {@link Tensor}, against plain loops. */
final class CompositesTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    private static Tensor random(long seed, int... lengths) {
        return Tensor.of(Samples.ANYWHERE.draw(seed, lengths));
    }

    private static Tensor vector(double... numbers) {
        return Tensor.of(numbers);
    }

    private static void holds(Tensor x, double... expected) {
        assertThat(x.value().toDoubles()).containsExactly(expected);
    }

    private static void isClose(Tensor x, double... expected) {
        assertThat(x.value().toDoubles()).containsExactly(expected, within(1e-14));
    }

    // ------------------------------------------------------------------------------------------------ broadcasting

    @Property(tries = 500)
    void operandsBroadcastByNumPysRule(@ForAll Random random) {
        int rank = random.nextInt(4);
        int[] to = random.ints(rank, 0, 4).toArray();
        Tensor a = Tensor.of(Samples.AWAY_FROM_ZERO.draw(1, shrunk(to, random)));
        Tensor b = Tensor.of(Samples.AWAY_FROM_ZERO.draw(2, shrunk(to, random)));
        Shape common = Shape.broadcast(a.shape(), b.shape());
        agrees(a.plus(b), common, a, b, Double::sum);
        agrees(a.minus(b), common, a, b, (x, y) -> x - y);
        agrees(a.times(b), common, a, b, (x, y) -> x * y);
        agrees(a.div(b), common, a, b, (x, y) -> x / y);
        agrees(a.maximum(b), common, a, b, Math::max);
        agrees(a.minimum(b), common, a, b, Math::min);
        agrees(a.equalTo(b), common, a, b, (x, y) -> x == y ? 1 : 0);
        agrees(a.lessThan(b), common, a, b, (x, y) -> x < y ? 1 : 0);
        agrees(a.lessOrEqual(b), common, a, b, (x, y) -> x <= y ? 1 : 0);
        agrees(a.greaterThan(b), common, a, b, (x, y) -> x > y ? 1 : 0);
        agrees(Tensor.where(a.lessThan(b), b, a), common, a, b, (x, y) -> x < y ? y : x);
    }

    /** Some lengths become 1, and some first axes go away. */
    private static int[] shrunk(int[] to, Random random) {
        int dropped = random.nextInt(to.length + 1);
        int[] from = Arrays.copyOfRange(to, random.nextBoolean() ? dropped : 0, to.length);
        for (int axis = 0; axis < from.length; axis++) {
            from[axis] = random.nextInt(3) == 0 ? 1 : from[axis];
        }
        return from;
    }

    private static void agrees(Tensor found, Shape shape, Tensor a, Tensor b, DoubleBinaryOperator function) {
        assertThat(found.shape()).isEqualTo(shape);
        double[] numbers = found.value().toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            int[] index = unravel(i, shape);
            assertThat(numbers[i]).isEqualTo(function.applyAsDouble(aligned(a, index), aligned(b, index)));
        }
    }

    private static double aligned(Tensor x, int[] index) {
        int rank = x.shape().rank();
        int[] own = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            own[axis] = x.shape().length(axis) == 1 ? 0 : index[index.length - rank + axis];
        }
        return x.value().get(own);
    }

    private static int[] unravel(int position, Shape shape) {
        int[] index = new int[shape.rank()];
        int rest = position;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.length(axis);
            rest /= shape.length(axis);
        }
        return index;
    }

    // ---------------------------------------------------------------------------------------------------- products

    @Test
    void vectorsAreRowsOnTheLeftAndColumnsOnTheRight() {
        Tensor v = vector(1, 2);
        Tensor m = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
        holds(v.matmul(vector(3, 4)), 11);
        assertThat(v.matmul(vector(3, 4)).shape()).isEqualTo(Shape.SCALAR);
        holds(v.matmul(m), 9, 12, 15);
        holds(m.matmul(vector(1, 0, -1)), -2, -2);
        assertThat(v.matmul(random(1, 5, 2, 3)).shape()).isEqualTo(Shape.of(5, 3));
        assertThat(random(1, 5, 3, 2).matmul(v).shape()).isEqualTo(Shape.of(5, 3));
        assertThat(vector().matmul(vector()).item()).isZero();
    }

    @Test
    void batchesBroadcast() {
        int[][][] pairs = {
            {{2, 3}, {3, 4}, {2, 4}},
            {{5, 2, 3}, {3, 4}, {5, 2, 4}},
            {{2, 3}, {5, 3, 4}, {5, 2, 4}},
            {{5, 1, 2, 3}, {6, 3, 4}, {5, 6, 2, 4}},
            {{7, 5, 2, 3}, {3, 4}, {7, 5, 2, 4}},
            {{0, 2, 3}, {3, 4}, {0, 2, 4}},
            {{5, 2, 0}, {0, 4}, {5, 2, 4}},
        };
        for (int[][] pair : pairs) {
            Tensor a = random(1, pair[0]);
            Tensor b = random(2, pair[1]);
            Tensor c = a.matmul(b);
            assertThat(c.shape()).isEqualTo(Shape.of(pair[2]));
            for (int i = 0; i < c.shape().elements(); i++) {
                int[] index = unravel(i, c.shape());
                assertThat(c.value().get(index)).isEqualTo(product(a.value(), b.value(), index));
            }
        }
    }

    private static double product(NDArray a, NDArray b, int[] index) {
        double sum = 0;
        for (int p = 0; p < a.shape().length(-1); p++) {
            sum = Math.fma(at(a, index, index[index.length - 2], p), at(b, index, p, index[index.length - 1]), sum);
        }
        return sum;
    }

    private static double at(NDArray x, int[] index, int row, int column) {
        int rank = x.shape().rank();
        int[] own = new int[rank];
        for (int axis = 0; axis < rank - 2; axis++) {
            own[axis] = x.shape().length(axis) == 1 ? 0 : index[index.length - rank + axis];
        }
        own[rank - 2] = row;
        own[rank - 1] = column;
        return x.get(own);
    }

    // -------------------------------------------------------------------------------------------------- reductions

    @Test
    void reductionsTakeAxesFromEitherEnd() {
        Tensor x = Tensor.of(NDArray.of(Shape.of(2, 3, 2), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.0));
        holds(x.sum(), 78);
        holds(x.sum(0), 8, 10, 12, 14, 16, 18);
        holds(x.sum(-2), 9, 12, 27, 30);
        holds(x.sum(false, -1, 0), 18, 26, 34);
        holds(x.mean(), 6.5);
        holds(x.mean(-1), 1.5, 3.5, 5.5, 7.5, 9.5, 11.5);
        holds(x.mean(false, 0, 2), 4.5, 6.5, 8.5);
        holds(x.max(), 12);
        holds(x.max(1), 5, 6, 11, 12);
        holds(x.max(false, 0, -1), 8, 10, 12);
    }

    @Test
    void reducedAxesStayWhereAsked() {
        Tensor x = random(1, 2, 3, 4);
        assertThat(x.sum(true, 1).shape()).isEqualTo(Shape.of(2, 1, 4));
        assertThat(x.mean(true, -1, 0).shape()).isEqualTo(Shape.of(1, 3, 1));
        assertThat(x.max(true).shape()).isEqualTo(Shape.of(1, 1, 1));
        assertThat(x.sum(true).item()).isEqualTo(x.sum().item());
        assertThat(x.sum(false).shape()).isEqualTo(Shape.SCALAR);
        assertThat(x.mean(true).item()).isEqualTo(x.mean().item());
        assertThat(Tensor.of(3.0).sum(true).item()).isEqualTo(3);
        assertThat(Tensor.of(3.0).mean().item()).isEqualTo(3);
    }

    @Test
    void nothingSumsToZeroAndHasNoMean() {
        Tensor none = Tensor.zeros(DType.F64, 2, 0);
        holds(none.sum(1), 0, 0);
        holds(none.sum(), 0);
        assertThat(none.sum(0).shape()).isEqualTo(Shape.of(0));
        holds(none.mean(1), NAN, NAN);
        assertThat(Tensor.zeros(DType.F64, 0, 2).max(1).shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void nanPropagates() {
        Tensor x = vector(1, NAN, 3);
        for (Tensor y :
                List.of(x.sum(), x.mean(), x.max(), x.logSumExp(0), x.square().sum())) {
            assertThat(y.item()).isNaN();
        }
        holds(x.maximum(2.0), 2, NAN, 3);
        holds(x.minimum(2.0), 1, NAN, 2);
        holds(vector(1, 1, 1).maximum(x), 1, NAN, 3);
        holds(x.softmax(0), NAN, NAN, NAN);
    }

    @Test
    void comparisonsWithNanAreFalse() {
        Tensor x = vector(NAN, 1, NAN, INFINITY, 0.0);
        Tensor y = vector(NAN, NAN, 1, INFINITY, -0.0);
        assertThat(x.equalTo(y).value().toBooleans()).containsExactly(false, false, false, true, true);
        assertThat(x.lessThan(y).value().toBooleans()).containsOnly(false);
        assertThat(x.lessOrEqual(y).value().toBooleans()).containsExactly(false, false, false, true, true);
        assertThat(x.greaterThan(y).value().toBooleans()).containsOnly(false);
        assertThat(x.greaterThan(0).value().toBooleans()).containsExactly(false, true, false, true, false);
        holds(Tensor.where(x.equalTo(x), x, Tensor.of(7.0)), 7, 1, 7, INFINITY, 0);
    }

    // ----------------------------------------------------------------------------------------------------- softmax

    @Test
    void softmaxIsTheTextbookFormula() {
        Tensor x = random(3, 4, 5);
        double[][] rows = x.value().toRows();
        for (int i = 0; i < 4; i++) {
            double sum = 0;
            for (double number : rows[i]) {
                sum += Math.exp(number);
            }
            for (int j = 0; j < 5; j++) {
                double share = Math.exp(rows[i][j]) / sum;
                assertThat(x.softmax(-1).value().get(i, j)).isCloseTo(share, within(1e-15));
                assertThat(x.logSoftmax(1).value().get(i, j)).isCloseTo(Math.log(share), within(1e-14));
                assertThat(x.transpose().softmax(0).value().get(j, i)).isCloseTo(share, within(1e-15));
            }
            assertThat(x.logSumExp(-1).value().get(i)).isCloseTo(Math.log(sum), within(1e-14));
        }
    }

    @Test
    void softmaxStaysInRangeForLargeNumbers() {
        double log2 = Math.log(2);
        for (double big : new double[] {1e4, -1e4, 1e300, -1e300}) {
            Tensor x = vector(big, big);
            isClose(x.softmax(0), 0.5, 0.5);
            isClose(x.logSoftmax(0), -log2, -log2);
            holds(x.logSumExp(0), big + log2);
        }
        Tensor apart = vector(1e4, -1e4);
        holds(apart.softmax(0), 1, 0);
        holds(apart.logSoftmax(0), 0, -2e4);
        holds(apart.logSumExp(0), 1e4);
    }

    @Test
    void logSoftmaxKeepsTheSmallDigitsOfLargeLogits() {
        Tensor x = Tensor.of(new float[] {10_000f, 10_000.5f});
        double expected = -Math.log(1 + Math.exp(0.5));
        assertThat(x.logSoftmax(0).value().get(0)).isCloseTo(expected, within(1e-6));
    }

    @Test
    void softmaxOfInfinities() {
        Tensor masked = vector(0, -INFINITY, 0);
        holds(masked.softmax(0), 0.5, 0, 0.5);
        isClose(masked.logSumExp(0), Math.log(2));
        assertThat(masked.logSoftmax(0).value().get(1)).isEqualTo(-INFINITY);
        holds(vector(-INFINITY, -INFINITY).logSumExp(0), -INFINITY);
        holds(vector(INFINITY, 1).logSumExp(0), INFINITY);
        holds(vector(-INFINITY, -INFINITY).softmax(0), NAN, NAN);
    }

    // ---------------------------------------------------------------------------------------------------- movement

    @Test
    void slicesTakeStepsAndGetCountsFromTheEnd() {
        Tensor x = vector(0, 1, 2, 3, 4, 5, 6);
        holds(x.slice(0, 1, 7, 3), 1, 4);
        holds(x.slice(-1, 0, 7, 2), 0, 2, 4, 6);
        holds(x.slice(0, 2, 2));
        holds(x.slice(0, 3, 7, Integer.MAX_VALUE), 3);
        holds(x.get(-1), 6);
        Tensor m = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
        holds(m.get(-2), 1, 2, 3);
        holds(m.get(1, -1), 3, 6);
        holds(m.get(-1, 0), 1, 4);
        holds(m.slice(1, 0, 3, 2).get(1), 4, 6);
    }

    @Test
    void concatAndStackPutThingsSideBySide() {
        Tensor a = Tensor.of(new double[][] {{1, 2}, {3, 4}});
        Tensor b = Tensor.of(new double[][] {{5}, {6}});
        holds(Tensor.concat(1, List.of(a, b, a)), 1, 2, 5, 1, 2, 3, 4, 6, 3, 4);
        holds(Tensor.concat(-2, List.of(a, a)), 1, 2, 3, 4, 1, 2, 3, 4);
        assertThat(Tensor.stack(0, List.of(a, a, a)).shape()).isEqualTo(Shape.of(3, 2, 2));
        holds(Tensor.stack(-1, List.of(vector(1, 2), vector(3, 4))), 1, 3, 2, 4);
        holds(Tensor.stack(0, List.of(Tensor.of(1.0), Tensor.of(2.0))), 1, 2);
        Tensor integers = Tensor.concat(0, List.of(Tensor.of(new int[] {1, 2}), Tensor.of(new int[] {3})));
        assertThat(integers.value()).isEqualTo(NDArray.of(new int[] {1, 2, 3}));
    }

    @Test
    void movingChangesNoBit() {
        Tensor zeros = vector(-0.0, 0.0, NAN);
        Tensor moved = Tensor.concat(0, List.of(zeros, zeros))
                .slice(0, 3, 6)
                .reshape(3, 1)
                .transpose()
                .get(0);
        assertThat(moved.value()).isEqualTo(zeros.value());
        assertThat(zeros.gather(0, 1, 2).value()).isEqualTo(zeros.value());
        assertThat(Tensor.stack(0, List.of(zeros)).pick(0).value()).isEqualTo(NDArray.of(new double[] {-0.0}));
        assertThat(Tensor.where(zeros.equalTo(zeros), zeros, zeros).value()).isEqualTo(zeros.value());
        assertThat(zeros.stopGradient().value()).isEqualTo(zeros.value());
    }

    @Test
    void reshapeFindsTheMissingLength() {
        Tensor x = random(1, 2, 6);
        assertThat(x.reshape(-1).shape()).isEqualTo(Shape.of(12));
        assertThat(x.reshape(3, -1, 2).shape()).isEqualTo(Shape.of(3, 2, 2));
        assertThat(Tensor.of(1.0).reshape(-1).shape()).isEqualTo(Shape.of(1));
        assertThat(Tensor.zeros(DType.F64, 0, 3).reshape(-1, 3).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(x.transpose().reshape(-1).value().toDoubles())
                .containsExactly(x.value().permute(1, 0).toDoubles());
        assertThat(x.expandDims(1).squeeze(-2).value()).isEqualTo(x.value());
        assertThat(x.expandDims(-1).shape()).isEqualTo(Shape.of(2, 6, 1));
    }

    @Test
    void transposeExchangesTheLastTwoAxesOrTakesAnOrder() {
        Tensor x = random(1, 2, 3, 4);
        assertThat(x.transpose().value().get(1, 3, 2)).isEqualTo(x.value().get(1, 2, 3));
        assertThat(x.transpose(-1, 0, 1).shape()).isEqualTo(Shape.of(4, 2, 3));
        assertThat(x.transpose(-1, 0, 1).value().get(3, 1, 2))
                .isEqualTo(x.value().get(1, 2, 3));
    }

    // --------------------------------------------------------------------------------------------------- selection

    @Test
    void rowsAndElementsAreChosenByIndex() {
        Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}});
        holds(x.gather(2, 0, 2), 5, 6, 1, 2, 5, 6);
        assertThat(x.gather(Tensor.of(NDArray.of(Shape.of(2, 2), 0, 1, 2, 0))).shape())
                .isEqualTo(Shape.of(2, 2, 2));
        assertThat(x.gather(new int[0]).shape()).isEqualTo(Shape.of(0, 2));
        holds(x.pick(1, 1, 0), 2, 4, 5);
        holds(vector(7, 8).pick(Tensor.of(1)), 8);
        holds(Tensor.oneHot(new int[] {2, 2, 0}, 3), 0, 0, 1, 0, 0, 1, 1, 0, 0);
        holds(Tensor.oneHot(1, 3), 0, 1, 0);
        assertThat(Tensor.oneHot(Tensor.of(1), 3, DType.F32).dtype()).isEqualTo(DType.F32);
        assertThat(Tensor.of(new int[] {5, 6}).gather(1).value()).isEqualTo(NDArray.of(new int[] {6}));
    }

    @Test
    void castsFollowJava() {
        Tensor x = vector(1.9, -1.9, 0, NAN);
        assertThat(x.cast(DType.I32).value().toInts()).containsExactly(1, -1, 0, 0);
        assertThat(x.cast(DType.F32).value().toFloats()).containsExactly(1.9f, -1.9f, 0, Float.NaN);
        assertThat(x.cast(DType.BOOL).value().toBooleans()).containsExactly(true, true, false, true);
        assertThat(x.cast(DType.F64)).isSameAs(x);
    }

    @Test
    void aSumOfTensorsAddsInTheirOrder() {
        List<Tensor> terms = new ArrayList<>(List.of(vector(1e16), vector(1), vector(-1e16), vector(1)));
        holds(Tensor.sum(terms), 1);
        terms.addFirst(terms.removeLast());
        holds(Tensor.sum(terms), 1 + 1e16 + 1 - 1e16);
        assertThat(Tensor.sum(terms.subList(0, 1))).isSameAs(terms.getFirst());
    }
}
