package dev.clew.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Expect;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MeanSquaredErrorTest {

    @Property(tries = 60)
    void isTheMeanOfSquaresAndItsGradientTwiceTheErrorOverTheCount(
            @ForAll @IntRange(min = 1, max = 8) int batch,
            @ForAll @IntRange(min = 1, max = 20) int columns,
            @ForAll boolean single,
            @ForAll long seed) {
        DType dtype = single ? DType.F32 : DType.F64;
        double[][] p = Expect.rows(RandomKey.of(seed), dtype, batch, columns);
        double[][] y = Expect.rows(RandomKey.of(seed).fold(1), dtype, batch, columns);
        double[][] slope = new double[batch][columns];
        double mean = 0;
        for (int n = 0; n < batch; n++) {
            for (int j = 0; j < columns; j++) {
                double error = p[n][j] - y[n][j];
                mean += error * error / (batch * columns);
                slope[n][j] = 2 * error / (batch * columns);
            }
        }
        Parameter prediction = Parameter.of(NDArray.of(p).cast(dtype));
        Parameter target = Parameter.of(NDArray.of(y).cast(dtype));
        Tensor loss = Losses.meanSquaredError(prediction, target);
        Expect.close(loss.value(), new double[] {mean}, Expect.tolerance(dtype));
        Gradients gradients = Gradients.of(loss);
        Expect.close(gradients.wrt(prediction).value(), slope, Expect.tolerance(dtype));
        Expect.close(gradients.wrt(target).negate().value(), slope, Expect.tolerance(dtype));
    }

    @Test
    void ofOneNumberItIsTheSquare() {
        Tensor loss = Losses.meanSquaredError(Tensor.of(3.0), Tensor.of(5.0));
        assertThat(loss.shape()).isEqualTo(Shape.SCALAR);
        assertThat(loss.item()).isEqualTo(4.0);
    }
}
