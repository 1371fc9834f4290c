package dev.clew.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a mask leaves out has a value of its own and no slope, whatever stands there and beside it. */
final class MasksTest {
    private static final double[] ANY = {
        0, 3, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE
    };

    /** In rows of four. */
    private static final boolean[] TAKES_PART = {true, false, false, true};

    /**
     * A method with a mask.
     *
     * @param outside what it gives where the mask leaves out; NaN if its result has no such places
     */
    record Masking(String name, BinaryOperator<Tensor> method, double outside) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Masking> all() {
        return List.of(
                new Masking("softmax", (x, mask) -> x.softmax(-1, mask), 0),
                new Masking("logSoftmax", (x, mask) -> x.logSoftmax(-1, mask), Double.NEGATIVE_INFINITY),
                new Masking("logSumExp", (x, mask) -> x.logSumExp(-1, mask), Double.NaN),
                new Masking("maskedFill", (x, mask) -> x.maskedFill(mask.not(), 7), 7),
                new Masking("where", (x, mask) -> Tensor.where(mask, x, x.literal(-1)), -1));
    }

    private static Tensor mask() {
        return Tensor.of(NDArray.of(TAKES_PART));
    }

    /** A row for every two: the first takes part beside 0.5; the second, or 1 in its place, does not. */
    private static NDArray rows(DType type, boolean isHarmless) {
        double[] rows = new double[4 * ANY.length * ANY.length];
        for (int row = 0; row < rows.length / 4; row++) {
            double out = isHarmless ? 1 : ANY[row % ANY.length];
            System.arraycopy(new double[] {ANY[row / ANY.length], out, -out, 0.5}, 0, rows, 4 * row, 4);
        }
        return NDArray.of(Shape.of(rows.length / 4, 4), rows).cast(type);
    }

    /** Values, slopes, and slopes of slopes. */
    private static List<double[]> orders(Masking masking, NDArray numbers) {
        Parameter x = Parameter.of(numbers);
        Tensor y = masking.method.apply(x, mask());
        boolean isReduced = y.shape().rank() == 1;
        Tensor weights = Tensor.of(new double[] {1, 5, 7, 2}).cast(x.dtype());
        Tensor loss = isReduced
                ? y.sum()
                : y.maskedFill(mask().not(), 0).times(weights).sum();
        Tensor first = Gradients.of(loss).wrt(x);
        Tensor second = Gradients.of(first.times(weights).sum()).wrt(x);
        return Evaluator.plain().evaluate(List.of(y, first, second)).stream()
                .map(NDArray::toDoubles)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsLeftOutChangesNothing(Masking masking) {
        for (DType type : new DType[] {DType.F64, DType.F32}) {
            List<double[]> found = orders(masking, rows(type, false));
            List<double[]> expected = orders(masking, rows(type, true));
            for (int order = 0; order < found.size(); order++) {
                assertThat(found.get(order)).as("%s, order %d", type, order).isEqualTo(expected.get(order));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsLeftOutHasItsOwnValueAndNoSlope(Masking masking) {
        for (DType type : new DType[] {DType.F64, DType.F32}) {
            List<double[]> found = orders(masking, rows(type, false));
            for (int i = 0; i < found.get(1).length; i++) {
                if (!TAKES_PART[i % 4]) {
                    if (!Double.isNaN(masking.outside)) {
                        assertThat(found.getFirst()[i])
                                .as("%s, value %d", type, i)
                                .isEqualTo(masking.outside);
                    }
                    assertThat(found.get(1)[i] + 0.0)
                            .as("%s, slope %d", type, i)
                            .isEqualTo(0.0);
                    assertThat(found.get(2)[i] + 0.0)
                            .as("%s, second slope %d", type, i)
                            .isEqualTo(0.0);
                }
            }
        }
    }
}
