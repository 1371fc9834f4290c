package dev.clew.tensor;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reductions and scans by value, as NumPy 2.4 computes them, and at the edges of their domains. */
final class ReductionsTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double[][] ROWS = {{3, -1, 2, 2}, {0, 5, -4, 1}, {1, 1, 1, 1}};
    private static final Tensor X = Tensor.of(ROWS);

    private static void close(Tensor actual, double... expected) {
        double[] found = actual.value().toDoubles();
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i] == expected[i]
                            || Math.abs(found[i] - expected[i]) <= 1e-14 * Math.max(1, Math.abs(expected[i])))
                    .as("element %s: %s for %s", i, found[i], expected[i])
                    .isTrue();
        }
    }

    private static void exactly(Tensor actual, double... expected) {
        assertThat(actual.value().toDoubles()).containsExactly(expected);
    }

    private static double[] slope(Tensor y, Parameter x) {
        return Gradients.of(y.sum()).wrt(x).value().toDoubles();
    }

    @Test
    void momentsAndNorms() {
        close(X.variance(1, false, 1), 3, 13.666666666666666, 0);
        close(X.variance(), 4.333333333333333);
        close(X.standardDeviation(0), 1.247219128924647, 2.494438257849294, 2.6246692913372702, 0.4714045207910317);
        close(X.norm(1, false, 1), 8, 10, 4);
        close(X.norm(2, false, 1), 4.242640687119285, 6.48074069840786, 2);
        close(X.norm(INFINITY, false, 1), 3, 5, 1);
        close(X.norm(3, false, 1), 3.5303483353260625, 5.74889707894483, 1.5874010519681994);
        close(X.logSumExp(false), 5.2895511172457415);
        assertThat(X.variance(4, false, 1).value().toDoubles()).containsExactly(INFINITY, INFINITY, Double.NaN);
    }

    @Test
    void extremes() {
        exactly(X.min(), -4);
        exactly(X.min(0), 0, -1, -4, 1);
        exactly(X.argMax(), 5);
        exactly(X.argMax(0), 0, 1, 0, 0);
        exactly(X.argMin(1), 1, 2, 0);
        exactly(X.argMin(), 6);
        exactly(Tensor.of(new double[] {1, Double.NaN, 3, Double.NaN}).argMax(), 1);
        exactly(Tensor.of(new double[] {1, Double.NaN, 3, Double.NaN}).argMin(), 1);
        exactly(Tensor.of(new int[] {4, 9, 9}).argMax(), 1);
        exactly(Tensor.of(new int[] {4, Integer.MIN_VALUE, 9}).argMin(), 1);
        exactly(Tensor.of(new double[] {1, Double.NaN}).min(), Double.NaN);
        assertThat(X.argMax(1).dtype()).isEqualTo(DType.I32);
        assertThat(X.argMax(true, 1).shape()).isEqualTo(Shape.of(3, 1));
    }

    @Test
    void productsOfTruth() {
        Tensor some = X.greaterThan(1);
        assertThat(some.any().value().toBooleans()).containsExactly(true);
        assertThat(some.all().value().toBooleans()).containsExactly(false);
        assertThat(some.any(false, 1).value().toBooleans()).containsExactly(true, true, false);
        assertThat(X.greaterThan(-2).all(false, 0).value().toBooleans()).containsExactly(true, true, false, true);
        Tensor nothing = Tensor.zeros(DType.BOOL, 0, 2);
        assertThat(nothing.any(false, 0).value().toBooleans()).containsExactly(false, false);
        assertThat(nothing.all(false, 0).value().toBooleans()).containsExactly(true, true);
    }

    @Test
    void productsWithZerosHaveExactSlopes() {
        Parameter x = Parameter.of(new double[] {2, 0, 3, 0, 5});
        assertThat(slope(x.prod(), x)).containsExactly(0, 0, 0, 0, 0);
        Parameter one = Parameter.of(new double[] {2, 0, 3, 4, 5});
        exactly(one.prod(), 0);
        assertThat(slope(one.prod(), one)).containsExactly(0, 120, 0, 0, 0);
        Tensor first = Gradients.of(one.prod()).wrt(one);
        assertThat(slope(first.get(0), one)).containsExactly(0, 60, 0, 0, 0);
        assertThat(slope(one.cumulativeProduct(0).get(-1), one)).containsExactly(0, 120, 0, 0, 0);
        exactly(Tensor.zeros(DType.F64, 0).prod(), 1);
        exactly(Tensor.of(new double[] {1, Double.NaN, 0}).prod(), Double.NaN);
    }

    @Test
    void tiesShareAndRootsAreFlatAtZero() {
        Parameter x = Parameter.of(new double[] {2, 5, 5, 1, 1, 5, 1, 2});
        assertThat(slope(x.max(), x)).containsExactly(0, 1.0 / 3, 1.0 / 3, 0, 0, 1.0 / 3, 0, 0);
        assertThat(slope(x.min(), x)).containsExactly(0, 0, 0, 1.0 / 3, 1.0 / 3, 0, 1.0 / 3, 0);
        Parameter zeros = Parameter.of(new double[3]);
        for (double p : new double[] {1, 2, 3, INFINITY}) {
            assertThat(slope(zeros.norm(p, false), zeros)).as("norm %s", p).containsExactly(0, 0, 0);
        }
        assertThat(slope(zeros.standardDeviation(), zeros)).containsExactly(0, 0, 0);
        Tensor first = Gradients.of(zeros.norm()).wrt(zeros);
        assertThat(slope(first, zeros)).containsExactly(0, 0, 0);
    }

    @Test
    void scans() {
        exactly(X.cumulativeSum(0), 3, -1, 2, 2, 3, 4, -2, 3, 4, 5, -1, 4);
        exactly(X.cumulativeProduct(1), 3, -3, -6, -12, 0, 0, -0.0, -0.0, 1, 1, 1, 1);
        exactly(Tensor.of(new double[] {-1, 0, 2}).cumulativeProduct(0), -1, -0.0, -0.0);
        close(
                Tensor.of(new double[] {-1000, 0, -5, 3, 2.5}).logCumulativeSumExp(0),
                -1000,
                0,
                0.006715348489118068,
                3.0489068535474058,
                3.5047994170260957);
        exactly(Tensor.of(new double[] {1e4, -1e4, 1e4}).logCumulativeSumExp(0), 1e4, 1e4, 1e4 + Math.log(2));
        exactly(Tensor.of(new double[] {-INFINITY, INFINITY, 0}).logCumulativeSumExp(0), -INFINITY, INFINITY, INFINITY);
        exactly(Tensor.of(new double[] {1, Double.NaN, 0}).cumulativeSum(0), 1, Double.NaN, Double.NaN);
        exactly(Tensor.of(new double[] {1, 1, 1, 1}).linearRecurrence(0, Tensor.of(0.5)), 1, 1.5, 1.75, 1.875);
        Parameter x = Parameter.of(new double[] {-INFINITY, -INFINITY, 0, 0});
        assertThat(slope(x.logCumulativeSumExp(0), x)).containsExactly(0, 0, 1.5, 0.5);
    }

    @Test
    void runningExtremes() {
        Tensor x = Tensor.of(new double[] {2, -1, 3, 3, -5, Double.NaN, 7});
        exactly(x.cumulativeMax(0), 2, 2, 3, 3, 3, Double.NaN, Double.NaN);
        exactly(x.cumulativeMin(0), 2, -1, -1, -1, -5, Double.NaN, Double.NaN);
        exactly(X.cumulativeMax(-1), 3, 3, 3, 3, 0, 5, 5, 5, 1, 1, 1, 1);
        exactly(Tensor.of(new int[] {1, 4, 2}).cumulativeMax(0).cast(DType.F64), 1, 4, 4);
        Parameter ties = Parameter.of(new double[] {1, 2, 2, 0});
        assertThat(slope(ties.cumulativeMax(0), ties)).containsExactly(1, 1, 2, 0);
        assertThat(slope(ties.cumulativeMin(0), ties)).containsExactly(3, 0, 0, 1);
    }

    @Test
    void recurrencesInPiecesHaveTheBitsOfTheWhole() {
        RandomKey key = RandomKey.of(1);
        Tensor x = Tensor.of(key.fold(0).normal(0, 1, DType.F64, Shape.of(3, 9, 2)));
        Tensor a = Tensor.of(key.fold(1).uniform(-1, 1, DType.F64, Shape.of(3, 9, 2)));
        Tensor whole = x.linearRecurrence(1, a);
        Tensor first = x.slice(1, 0, 4).linearRecurrence(1, a.slice(1, 0, 4));
        Tensor second = x.slice(1, 4, 9).linearRecurrence(1, a.slice(1, 4, 9), first.get(1, 3));
        assertThat(Tensor.concat(1, List.of(first, second)).value()).isEqualTo(whole.value());
        assertThat(x.linearRecurrenceBackwards(1, a).value())
                .isEqualTo(x.flip(1).linearRecurrence(1, a.flip(1)).flip(1).value());
        Tensor resets = Tensor.of(
                        NDArray.of(new boolean[] {false, false, false, true, false, false, false, false, false}))
                .expandDims(1);
        Tensor parts = Tensor.concat(
                1,
                List.of(
                        x.slice(1, 0, 3).linearRecurrence(1, a.slice(1, 0, 3)),
                        x.slice(1, 3, 9).linearRecurrence(1, a.slice(1, 3, 9))));
        assertThat(x.linearRecurrenceWithResets(1, a, resets).value()).isEqualTo(parts.value());
    }

    @Test
    void scansCostTheirLengthNotItsSquare() {
        double[] many = new double[1 << 17];
        Parameter x = Parameter.of(many);
        assertThat(slope(x.cumulativeProduct(0), x)).startsWith(1, 0);
        assertThat(slope(x.logCumulativeSumExp(0), x)).hasSize(many.length);
        assertThat(slope(x.sort(0).cumulativeSum(0), x)).startsWith(many.length).endsWith(1);
        assertThat(slope(x.prod(), x)).containsOnly(0);
    }

    @Test
    void maskedRowsAreExactAndFlat() {
        double[][] numbers = {{1e4, Double.NaN, 1e4}, {INFINITY, Double.NaN, -1}, {0, 1, 2}};
        Tensor mask = Tensor.of(NDArray.of(new int[][] {{1, 0, 1}, {0, 0, 0}, {1, 1, 0}}))
                .cast(DType.BOOL);
        Parameter x = Parameter.of(numbers);
        double half = 1 / (1 + Math.E);
        close(x.softmax(1, mask), 0.5, 0, 0.5, 0, 0, 0, half, 1 - half, 0);
        close(x.logSumExp(1, mask), 1e4 + Math.log(2), -INFINITY, Math.log(1 + Math.E));
        close(
                x.logSoftmax(1, mask),
                Math.log(0.5),
                -INFINITY,
                Math.log(0.5),
                -INFINITY,
                -INFINITY,
                -INFINITY,
                Math.log(half),
                Math.log(1 - half),
                -INFINITY);
        Tensor weights = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
        double product = half * (1 - half);
        close(Gradients.of(x.softmax(1, mask), weights).wrt(x), -0.5, 0, 0.5, 0, 0, 0, -product, product, 0);
        close(Gradients.of(x.logSumExp(1, mask).sum()).wrt(x), 0.5, 0, 0.5, 0, 0, 0, half, 1 - half, 0);
        close(
                Gradients.of(x.logSoftmax(1, mask), weights).wrt(x),
                -1,
                0,
                1,
                0,
                0,
                0,
                7 - 15 * half,
                8 - 15 * (1 - half),
                0);
    }

    @Test
    void nothing() {
        exactly(Tensor.zeros(DType.F64, 2, 0).logSumExp(1), -INFINITY, -INFINITY);
        assertThat(Tensor.zeros(DType.F64, 2, 0).softmax(0).value().shape()).isEqualTo(Shape.of(2, 0));
        exactly(Tensor.zeros(DType.F64, 0, 2).variance(0), Double.NaN, Double.NaN);
        says(
                "min over axis 0 of (0): nothing has no smallest element; the axis must have a length of at least 1",
                () -> Tensor.zeros(DType.F64, 0).min());
        says(
                "argMax over axis 0 of (0, 2): nothing has no largest element; the axis must have a length of at least 1",
                () -> Tensor.zeros(DType.F64, 0, 2).argMax(0));
        says(
                "norm 0.0 of (3, 4): it is a norm, or nearly, for p above 0; the usual are 1, 2 and"
                        + " Double.POSITIVE_INFINITY",
                () -> X.norm(0, false));
        says("any with (3, 4) f64 as its condition: it must be bool; compare first, as in x.greaterThan(0)", X::any);
        says(
                "linearRecurrence with factors (2) and terms (3): the shapes must be equal; broadcast one of them first",
                () -> new Scan.LinearRecurrence(0, false).on(Tensor.of(new double[2]), Tensor.of(new double[3])));
    }
}
