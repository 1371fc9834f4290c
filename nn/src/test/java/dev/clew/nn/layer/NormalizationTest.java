package dev.clew.nn.layer;

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
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class NormalizationTest {
    private static final double EPSILON = 1e-3;
    private final Parameter x = Parameter.of(RandomKey.of(1).normal(1, 2, DType.F64, Shape.of(3, 4)));
    private final Parameter gain = Parameter.of(RandomKey.of(2).normal(1, 1, DType.F64, Shape.of(4)));
    private final Parameter bias = Parameter.of(RandomKey.of(3).normal(0, 1, DType.F64, Shape.of(4)));

    @Test
    void layerNormIsOverTheFeatures() {
        double[][] expected = x.value().toRows();
        for (double[] row : expected) {
            scale(row, mean(row), variance(row));
        }
        agrees(() -> Normalization.layerNorm(x, gain, bias, EPSILON), expected);
    }

    /** The mean is not exact, and what it is off by is not small beside √ε. */
    @Test
    void equalNumbersAreZeroHoweverLarge() {
        RandomKey key = RandomKey.of(4);
        for (DType type : List.of(DType.F32, DType.F64)) {
            for (int n = 3; n < 60; n += 7) {
                double size = Math.pow(
                        10,
                        (type == DType.F32 ? 7 : 15)
                                * key.fold(n)
                                        .uniform(0, 1, DType.F64, Shape.SCALAR)
                                        .item());
                Tensor equal = Tensor.of(NDArray.full(size, type, Shape.of(2, n)));
                Tensor one = Tensor.ones(type, n);
                Tensor zero = Tensor.zeros(type, n);
                assertThat(Normalization.layerNorm(equal, one, zero, 1e-5)
                                .value()
                                .toDoubles())
                        .as("%s of %s", n, size)
                        .containsOnly(0);
                assertThat(Normalization.batchNorm(equal.transpose(), one.slice(0, 0, 2), zero.slice(0, 0, 2), 1e-5)
                                .value()
                                .toDoubles())
                        .as("%s of %s", n, size)
                        .containsOnly(0);
            }
        }
    }

    /** Numbers far from 0, of which the mean is not an f32: their deviations keep their digits, and so do the slopes. */
    @Test
    void deviationsFromALargeMeanKeepTheirDigits() {
        float[] row = {10000.1f, 10000.2f, 10000.3f, 10000.45f, 10000.5f, 10000.7f, 9999.9f};
        double[] wide = new double[row.length];
        Arrays.setAll(wide, i -> row[i]);
        double[] expected = wide.clone();
        double mean = mean(expected);
        double variance = variance(expected);
        Arrays.setAll(expected, i -> (wide[i] - mean) / Math.sqrt(variance + 1e-5));
        Parameter single = Parameter.of(NDArray.of(row).reshape(Shape.of(1, 7)));
        Parameter exact = Parameter.of(NDArray.of(wide).reshape(Shape.of(1, 7)));
        double[] found = normalized(single).value().toDoubles();
        double[] slopes = slope(single);
        double[] right = slope(exact);
        for (int i = 0; i < row.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-6));
            assertThat(slopes[i]).isCloseTo(right[i], within(1e-5));
        }
    }

    private static Tensor normalized(Tensor rows) {
        int features = rows.shape().length(-1);
        return Normalization.layerNorm(
                rows, Tensor.ones(rows.dtype(), features), Tensor.zeros(rows.dtype(), features), 1e-5);
    }

    private static double[] slope(Parameter rows) {
        return Gradients.of(normalized(rows).get(1, 2).sum()).wrt(rows).value().toDoubles();
    }

    @Test
    void rmsNormIsOverTheFeatures() {
        double[][] expected = x.value().toRows();
        for (double[] row : expected) {
            double squares = 0;
            for (double each : row) {
                squares += each * each / row.length;
            }
            for (int j = 0; j < row.length; j++) {
                row[j] = row[j] / Math.sqrt(squares + EPSILON) * gain.value().get(j);
            }
        }
        agrees(() -> Normalization.rmsNorm(x, gain, EPSILON), expected);
    }

    @Test
    void layerNormOverSeveralAxesIsThatOfAllTheirElements() {
        Tensor cube = Tensor.of(RandomKey.of(5).normal(0, 2, DType.F64, Shape.of(3, 2, 4)));
        Tensor gains = Tensor.of(RandomKey.of(6).normal(0, 2, DType.F64, Shape.of(2, 4)));
        Tensor biases = Tensor.of(RandomKey.of(7).normal(0, 2, DType.F64, Shape.of(2, 4)));
        double[][] expected = cube.reshape(3, 8).value().toRows();
        for (double[] row : expected) {
            double mean = mean(row);
            double variance = variance(row);
            for (int j = 0; j < 8; j++) {
                row[j] = (row[j] - mean)
                                / Math.sqrt(variance + EPSILON)
                                * gains.value().toDoubles()[j]
                        + biases.value().toDoubles()[j];
            }
        }
        agrees(() -> Normalization.layerNorm(cube, gains, biases, EPSILON).reshape(3, 8), expected);
        assertThatThrownBy(() -> Normalization.layerNorm(cube, gains, gains.transpose(), EPSILON))
                .hasMessageStartingWith(
                        "layerNorm of (3, 2, 4) with gain (2, 4) and bias (4, 2): both have the lengths");
    }

    @Test
    void batchNormIsOverTheRows() {
        double[][] columns = x.transpose().value().toRows();
        double[][] expected = x.value().toRows();
        double[] means = new double[4];
        double[] variances = new double[4];
        for (int j = 0; j < 4; j++) {
            means[j] = mean(columns[j]);
            variances[j] = variance(columns[j]);
            for (double[] row : expected) {
                row[j] = (row[j] - means[j])
                                / Math.sqrt(variances[j] + EPSILON)
                                * gain.value().get(j)
                        + bias.value().get(j);
            }
        }
        agrees(() -> Normalization.batchNorm(x, gain, bias, EPSILON), expected);
        agrees(() -> Normalization.batchNorm(x, Tensor.of(means), Tensor.of(variances), gain, bias, EPSILON), expected);
    }

    private void agrees(Supplier<Tensor> normalized, double[][] expected) {
        Expect.close(normalized.get().value(), expected, 1e-13);
        Tensor weights = Tensor.of(RandomKey.of(4).normal(0, 1, DType.F64, Shape.of(3, 4)));
        Supplier<Tensor> loss = () -> normalized.get().times(weights).sum();
        Gradients gradients = Gradients.of(loss.get());
        Expect.close(gradients.wrt(x).value(), Expect.slopes(loss, x), 1e-7);
        Expect.close(gradients.wrt(gain).value(), Expect.slopes(loss, gain), 1e-7);
    }

    private void scale(double[] row, double mean, double variance) {
        for (int j = 0; j < row.length; j++) {
            row[j] = (row[j] - mean)
                            / Math.sqrt(variance + EPSILON)
                            * gain.value().get(j)
                    + bias.value().get(j);
        }
    }

    private static double mean(double[] numbers) {
        double sum = 0;
        for (double each : numbers) {
            sum += each;
        }
        return sum / numbers.length;
    }

    private static double variance(double[] numbers) {
        double mean = mean(numbers);
        double sum = 0;
        for (double each : numbers) {
            sum += (each - mean) * (each - mean);
        }
        return sum / numbers.length;
    }

    @Test
    void aNegativeEpsilonIsRefused() {
        assertThatThrownBy(() -> Normalization.layerNorm(x, gain, bias, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layerNorm with epsilon -1.0: it is added to a variance, and must be 0 or more");
        assertThatThrownBy(() -> Normalization.rmsNorm(x, gain, Double.NaN))
                .hasMessageStartingWith("rmsNorm with epsilon NaN");
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> Normalization.layerNorm(x, Tensor.ones(DType.F64, 3), bias, EPSILON))
                .hasMessage("layerNorm of (3, 4) with (3): x is (..., features), and every other operand has one number"
                        + " for every feature");
        assertThatThrownBy(() -> Normalization.batchNorm(x.get(0), gain, bias, EPSILON))
                .hasMessage("batchNorm of (4): the moments are over all axes but the last, and there is no other;"
                        + " a batch is (rows, features)");
    }
}
