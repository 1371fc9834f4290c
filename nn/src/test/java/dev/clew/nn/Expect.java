package dev.clew.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.function.Supplier;

/** How close numbers must be, and where random ones come from. */
public final class Expect {
    private Expect() {}

    /** Sums of a few hundred products in another order. */
    public static double tolerance(DType dtype) {
        return dtype == DType.F64 ? 1e-12 : 1e-5;
    }

    /** Every difference is at most the tolerance times the largest number expected. */
    public static void close(NDArray actual, double[] expected, double tolerance) {
        double[] numbers = actual.toDoubles();
        assertThat(numbers).hasSameSizeAs(expected);
        double largest = Double.MIN_NORMAL;
        for (double each : expected) {
            largest = Math.max(largest, Math.abs(each));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(numbers[i] - expected[i]) / largest)
                    .as("element %s: %s for %s", i, numbers[i], expected[i])
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    /** The same for rows. */
    public static void close(NDArray actual, double[][] expected, double tolerance) {
        close(actual, NDArray.of(expected).toDoubles(), tolerance);
    }

    /** Normal numbers, rounded to the type. */
    public static double[][] rows(RandomKey key, DType dtype, int rows, int columns) {
        return key.normal(0, 1, dtype, Shape.of(rows, columns)).toRows();
    }

    /** A constant of that type. */
    public static Tensor tensor(double[][] rows, DType dtype) {
        return Tensor.of(NDArray.of(rows).cast(dtype));
    }

    /** (loss(p + ε) − loss(p − ε))/2ε for every element of a parameter in f64. */
    public static double[] slopes(Supplier<Tensor> loss, Parameter parameter) {
        double epsilon = 1e-5;
        NDArray start = parameter.value();
        double[] slopes = new double[start.shape().elements()];
        for (int i = 0; i < slopes.length; i++) {
            double[] numbers = start.toDoubles();
            double middle = numbers[i];
            numbers[i] = middle + epsilon;
            parameter.set(NDArray.of(start.shape(), numbers));
            double above = loss.get().item();
            numbers[i] = middle - epsilon;
            parameter.set(NDArray.of(start.shape(), numbers));
            slopes[i] = (above - loss.get().item()) / (2 * epsilon);
        }
        parameter.set(start);
        return slopes;
    }
}
