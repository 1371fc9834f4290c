package dev.clew.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Expect;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses of numbers against their formulas and derivatives by hand. */
class LossesTest {
    private static final NDArray ERRORS = NDArray.of(new double[] {-3, -1, -0.25, 0, 0.5, 1, 4});

    /** A loss of one prediction x and one target t. */
    record Row(String name, Loss loss, DoubleBinaryOperator value, DoubleBinaryOperator slope, NDArray xs, NDArray ts) {

        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    interface Loss {
        Tensor of(Tensor x, Tensor t, Reduce reduce);
    }

    static List<Row> rows() {
        NDArray zeros = NDArray.of(new double[7]);
        NDArray signs = NDArray.of(new double[] {1, -1, 1, -1, -1, 1, -1});
        NDArray halves = NDArray.of(new double[] {0.5, 0, 1, 0.25, 1, 0, 0.75});
        NDArray probabilities = NDArray.of(new double[] {0.5, 0.125, 0.9375, 0.25, 0.375, 0.96875, 0.0625});
        return List.of(
                new Row("squared", Losses::squaredError, (x, t) -> x * x, (x, t) -> 2 * x, ERRORS, zeros),
                new Row(
                        "absolute",
                        Losses::absoluteError,
                        (x, t) -> Math.abs(x),
                        (x, t) -> Math.signum(x),
                        ERRORS,
                        zeros),
                new Row(
                        "huber 1",
                        (x, t, reduce) -> Losses.huber(x, t, 1, reduce),
                        (x, t) -> Math.abs(x) <= 1 ? x * x / 2 : Math.abs(x) - 0.5,
                        (x, t) -> Math.clamp(x, -1, 1),
                        ERRORS,
                        zeros),
                new Row(
                        "huber 2",
                        (x, t, reduce) -> Losses.huber(x, t, 2, reduce),
                        (x, t) -> Math.abs(x) <= 2 ? x * x / 2 : 2 * (Math.abs(x) - 1),
                        (x, t) -> Math.clamp(x, -2, 2),
                        ERRORS,
                        zeros),
                new Row(
                        "smooth L1 2",
                        (x, t, reduce) -> Losses.smoothL1(x, t, 2, reduce),
                        (x, t) -> Math.abs(x) < 2 ? x * x / 4 : Math.abs(x) - 1,
                        (x, t) -> Math.clamp(x / 2, -1, 1),
                        ERRORS,
                        zeros),
                new Row(
                        "smooth L1 0",
                        (x, t, reduce) -> Losses.smoothL1(x, t, 0, reduce),
                        (x, t) -> Math.abs(x),
                        (x, t) -> Math.signum(x),
                        ERRORS,
                        zeros),
                new Row(
                        "hinge",
                        Losses::hinge,
                        (x, t) -> Math.max(0, 1 - t * x),
                        (x, t) -> t * x < 1 ? -t : t * x == 1 ? -t / 2 : 0,
                        ERRORS,
                        signs),
                new Row(
                        "binary with logits",
                        Losses::binaryCrossEntropyWithLogits,
                        (x, t) -> -t * Math.log(sigmoid(x)) - (1 - t) * Math.log(1 - sigmoid(x)),
                        (x, t) -> sigmoid(x) - t,
                        ERRORS,
                        halves),
                new Row(
                        "binary",
                        Losses::binaryCrossEntropy,
                        (x, t) -> -t * Math.log(x) - (1 - t) * Math.log(1 - x),
                        (x, t) -> (x - t) / (x * (1 - x)),
                        probabilities,
                        halves));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void valuesAndSlopesAreThoseOfTheFormula(Row row) {
        for (DType dtype : new DType[] {DType.F64, DType.F32}) {
            Parameter x = Parameter.of(row.xs.cast(dtype));
            Tensor losses = row.loss.of(x, Tensor.of(row.ts).cast(dtype), Reduce.NONE);
            Expect.close(losses.value(), mapped(row, row.value), Expect.tolerance(dtype));
            Expect.close(Gradients.of(losses.sum()).wrt(x).value(), mapped(row, row.slope), Expect.tolerance(dtype));
        }
    }

    private static double[] mapped(Row row, DoubleBinaryOperator each) {
        double[] results = new double[row.xs.shape().elements()];
        for (int i = 0; i < results.length; i++) {
            results[i] = each.applyAsDouble(row.xs.get(i), row.ts.get(i));
        }
        return results;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void meanAndSumAreOfTheLosses(Row row) {
        Tensor x = Tensor.of(row.xs);
        Tensor t = Tensor.of(row.ts);
        Tensor each = row.loss.of(x, t, Reduce.NONE);
        assertThat(row.loss.of(x, t, Reduce.SUM).item()).isEqualTo(each.sum().item());
        assertThat(row.loss.of(x, t, Reduce.MEAN).item()).isEqualTo(each.mean().item());
        Tensor nothing = Tensor.zeros(DType.F64, 0);
        assertThat(row.loss.of(nothing, nothing, Reduce.SUM).item()).isZero();
        assertThatThrownBy(() -> row.loss.of(nothing, nothing, Reduce.MEAN))
                .hasMessageContaining("nothing is in it, and the mean over nothing is not a number");
        assertThatThrownBy(() -> row.loss.of(x, nothing, Reduce.NONE))
                .hasMessageContaining("the shapes must be equal; broadcasting here would hide a mistake");
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void enormousLogitsAndCertaintyStayFinite(DType dtype) {
        Parameter x =
                Parameter.of(NDArray.of(new double[] {1e4, 1e4, -1e4, -1e4, 0}).cast(dtype));
        Tensor t = Tensor.of(new double[] {1, 0, 1, 0, 1}).cast(dtype);
        Tensor losses = Losses.binaryCrossEntropyWithLogits(x, t, Reduce.NONE);
        Expect.close(losses.value(), new double[] {0, 1e4, 1e4, 0, Math.log(2)}, Expect.tolerance(dtype));
        Tensor slopes = Gradients.of(losses.sum()).wrt(x);
        Expect.close(slopes.value(), new double[] {0, 1, -1, 0, -0.5}, 0);
        Expect.close(Gradients.of(slopes.sum()).wrt(x).value(), new double[] {0, 0, 0, 0, 0.25}, 0);

        Parameter p = Parameter.of(NDArray.of(new double[] {1, 1, 0, 0}).cast(dtype));
        Tensor certain = Losses.binaryCrossEntropy(
                p, Tensor.of(new double[] {1, 0, 1, 0}).cast(dtype), Reduce.NONE);
        Expect.close(certain.value(), new double[] {0, 100, 100, 0}, 0);
        Expect.close(Gradients.of(certain.sum()).wrt(p).value(), new double[] {-1, 0, 0, 1}, 0);
    }

    @Test
    void klDivergenceIsOfRowsAndAbsentClassesAddNothing() {
        double[][] q = {{0.25, 0.25, 0.5}, {1, 0, 0}};
        double[][] t = {{0.5, 0.5, 0}, {1, 0, 0}};
        Parameter logQ = Parameter.of(Tensor.of(q).log().value());
        Parameter targets = Parameter.of(t);
        Tensor rows = Losses.klDivergence(logQ, targets, Reduce.NONE);
        Expect.close(rows.value(), new double[] {Math.log(2), 0}, 1e-15);
        assertThat(Losses.klDivergence(logQ, targets).item()).isCloseTo(Math.log(2) / 2, within(1e-15));
        Gradients gradients = Gradients.of(rows.sum());
        Expect.close(gradients.wrt(logQ).value(), new double[] {-0.5, -0.5, 0, -1, 0, 0}, 1e-15);
        double slope = Math.log(2) + 1;
        Expect.close(gradients.wrt(targets).value(), new double[] {slope, slope, 0, 1, 0, 0}, 1e-15);
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> Losses.huber(Tensor.of(1.0), Tensor.of(1.0), 0))
                .hasMessage("huber: delta 0.0 must be positive");
        assertThatThrownBy(() -> Losses.smoothL1(Tensor.of(1.0), Tensor.of(1.0), -1))
                .hasMessage("smoothL1: beta -1.0 must not be negative");
        assertThatThrownBy(() -> Losses.hinge(Tensor.of(1.0), Tensor.of(1)))
                .hasMessage("hinge: scores () f64 and targets () i32: both must be of one floating-point type;"
                        + " cast: .cast(DType.F64)");
        assertThat(Losses.huber(
                                Tensor.of(RandomKey.of(1).normal(0, 1, DType.F64, Shape.of(2, 3))),
                                Tensor.zeros(DType.F64, 2, 3),
                                1,
                                Reduce.NONE)
                        .shape())
                .isEqualTo(Shape.of(2, 3));
    }

    @Test
    void theSlopeOfAnInfiniteErrorIsThatOfTheLine() {
        Parameter x = Parameter.of(new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300});
        Tensor zero = Tensor.zeros(DType.F64, 3);
        Tensor huber = Losses.huber(x, zero, 2, Reduce.SUM);
        assertThat(Gradients.of(huber).wrt(x).value().toDoubles()).containsExactly(2, -2, 2);
        Tensor smooth = Losses.smoothL1(x, zero, 2, Reduce.SUM);
        assertThat(Gradients.of(smooth).wrt(x).value().toDoubles()).containsExactly(1, -1, 1);
    }
}
