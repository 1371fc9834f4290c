package dev.clew.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Expect;
import dev.clew.nn.Initializer;
import dev.clew.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinearTest {
    private static final Initializer NORMAL = Initializer.normal(0, 1);

    @Property(tries = 60)
    void isTheProductPlusTheBias(
            @ForAll @IntRange(min = 1, max = 9) int batch,
            @ForAll @IntRange(min = 1, max = 40) int inputs,
            @ForAll @IntRange(min = 1, max = 20) int outputs,
            @ForAll boolean single,
            @ForAll long seed) {
        DType dtype = single ? DType.F32 : DType.F64;
        RandomKey key = RandomKey.of(seed);
        Linear linear = Linear.create(inputs, outputs, dtype, NORMAL, key);
        double[][] x = Expect.rows(key.fold(9), dtype, batch, inputs);
        double[][] weight = linear.weight().value().toRows();
        double[] bias = linear.bias().value().toDoubles();
        double[][] y = new double[batch][outputs];
        for (int n = 0; n < batch; n++) {
            for (int j = 0; j < outputs; j++) {
                y[n][j] = bias[j];
                for (int i = 0; i < inputs; i++) {
                    y[n][j] += x[n][i] * weight[i][j];
                }
            }
        }
        Tensor actual = linear.of(Expect.tensor(x, dtype));
        assertThat(actual.dtype()).isEqualTo(dtype);
        Expect.close(actual.value(), y, 10 * Expect.tolerance(dtype));
    }

    @Property(tries = 30)
    void gradientsAreThoseByHand(
            @ForAll @IntRange(min = 1, max = 9) int batch,
            @ForAll @IntRange(min = 1, max = 20) int inputs,
            @ForAll @IntRange(min = 1, max = 20) int outputs,
            @ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        Linear linear = Linear.create(inputs, outputs, DType.F64, NORMAL, key);
        double[][] x = Expect.rows(key.fold(8), DType.F64, batch, inputs);
        double[][] yBar = Expect.rows(key.fold(9), DType.F64, batch, outputs);
        double[][] weightBar = new double[inputs][outputs];
        double[] biasBar = new double[outputs];
        for (int n = 0; n < batch; n++) {
            for (int j = 0; j < outputs; j++) {
                biasBar[j] += yBar[n][j];
                for (int i = 0; i < inputs; i++) {
                    weightBar[i][j] += x[n][i] * yBar[n][j];
                }
            }
        }
        Gradients gradients = Gradients.of(linear.of(Expect.tensor(x, DType.F64)), Expect.tensor(yBar, DType.F64));
        Expect.close(gradients.wrt(linear.weight()).value(), weightBar, 1e-10);
        Expect.close(gradients.wrt(linear.bias()).value(), biasBar, 1e-10);
    }

    @Test
    void axesInFrontAreKept() {
        Linear linear = Linear.create(3, 2, RandomKey.of(1));
        assertThat(linear.of(Tensor.zeros(DType.F64, 3)).shape()).isEqualTo(Shape.of(2));
        assertThat(linear.of(Tensor.zeros(DType.F64, 5, 4, 3)).shape()).isEqualTo(Shape.of(5, 4, 2));
        assertThat(linear.of(Tensor.zeros(DType.F64, 0, 3)).value().shape()).isEqualTo(Shape.of(0, 2));
    }

    @Test
    void inputOfAnotherLengthIsAnErrorWithBothShapes() {
        Linear linear = Linear.create(3, 2, RandomKey.of(1));
        assertThatThrownBy(() -> linear.of(Tensor.zeros(DType.F64, 5, 4)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(5, 4)")
                .hasMessageContaining("(3, 2)");
    }

    @Test
    void layerOfNothingIsAnError() {
        assertThatThrownBy(() -> Linear.create(0, 2, RandomKey.of(1)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("initializer ±1/√units: units is 0, it must be at least 1");
    }
}
