package dev.clew.nn.loss;

import static dev.clew.nn.loss.Losses.softmaxCrossEntropy;
import static org.assertj.core.api.Assertions.assertThat;

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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SoftmaxCrossEntropyTest {

    @Property(tries = 60)
    void withLabelsItIsTheMeanOfTheNatsAndItsGradientIsSoftmaxMinusOneHot(
            @ForAll @IntRange(min = 1, max = 8) int batch,
            @ForAll @IntRange(min = 1, max = 20) int classes,
            @ForAll boolean single,
            @ForAll long seed) {
        DType dtype = single ? DType.F32 : DType.F64;
        double[][] logits = Expect.rows(RandomKey.of(seed), dtype, batch, classes);
        int[] labels = labels(seed, batch, classes);
        double[][] targets = Tensor.oneHot(labels, classes).value().toRows();
        Parameter x = Parameter.of(NDArray.of(logits).cast(dtype));
        agrees(softmaxCrossEntropy(x, labels), x, logits, targets);
        agrees(softmaxCrossEntropy(x, Tensor.of(labels)), x, logits, targets);
    }

    @Property(tries = 60)
    void withProbabilitiesItIsTheMeanCrossEntropy(
            @ForAll @IntRange(min = 1, max = 8) int batch,
            @ForAll @IntRange(min = 1, max = 20) int classes,
            @ForAll boolean single,
            @ForAll long seed) {
        DType dtype = single ? DType.F32 : DType.F64;
        double[][] logits = Expect.rows(RandomKey.of(seed), dtype, batch, classes);
        Tensor targets = Expect.tensor(Expect.rows(RandomKey.of(seed).fold(1), dtype, batch, classes), dtype)
                .softmax(-1);
        Parameter x = Parameter.of(NDArray.of(logits).cast(dtype));
        agrees(softmaxCrossEntropy(x, targets), x, logits, targets.value().toRows());
    }

    /** ∂/∂logits = (softmax·Σ targets − targets)/batch: with several labels the sum is not 1 and stays. */
    @Property(tries = 60)
    void withSeveralLabelsARowNeedNotSumToOne(
            @ForAll @IntRange(min = 1, max = 8) int batch,
            @ForAll @IntRange(min = 2, max = 20) int classes,
            @ForAll long seed) {
        double[][] logits = Expect.rows(RandomKey.of(seed), DType.F64, batch, classes);
        double[][] targets = Expect.rows(RandomKey.of(seed).fold(1), DType.F64, batch, classes);
        for (double[] row : targets) {
            Arrays.setAll(row, j -> row[j] > 0 ? 1 : 0);
        }
        Parameter x = Parameter.of(NDArray.of(logits));
        agrees(softmaxCrossEntropy(x, Tensor.of(targets)), x, logits, targets);
    }

    @Property(tries = 100)
    void enormousLogitsGiveFiniteLossesAndGradients(@ForAll boolean single, @ForAll boolean hot, @ForAll long seed) {
        DType dtype = single ? DType.F32 : DType.F64;
        double[][] logits = Expect.rows(RandomKey.of(seed), DType.F64, 3, 5);
        for (double[] row : logits) {
            Arrays.setAll(row, j -> Math.rint(row[j]) * 1e4);
        }
        int[] labels = labels(seed, 3, 5);
        double[][] targets = Tensor.oneHot(labels, 5).value().toRows();
        Parameter x = Parameter.of(NDArray.of(logits).cast(dtype));
        Tensor loss = hot ? softmaxCrossEntropy(x, Expect.tensor(targets, dtype)) : softmaxCrossEntropy(x, labels);
        assertThat(loss.item()).isFinite();
        agrees(loss, x, logits, targets);
    }

    @Test
    void wrongLabelByTwentyThousandCostsTwentyThousandNats() {
        Parameter x = Parameter.of(new double[][] {{1e4, -1e4}});
        Tensor loss = softmaxCrossEntropy(x, 1);
        assertThat(loss.item()).isEqualTo(2e4);
        assertThat(Gradients.of(loss).wrt(x).value().toDoubles()).containsExactly(1.0, -1.0);
        assertThat(softmaxCrossEntropy(x, 0).item()).isZero();
    }

    @Test
    void equalLogitsCostTheLogarithmOfTheClasses() {
        assertThat(softmaxCrossEntropy(Tensor.zeros(DType.F64, 6, 4), 0, 1, 2, 3, 0, 1)
                        .item())
                .isEqualTo(Math.log(4));
    }

    @Test
    void everyAxisInFrontOfTheClassesIsBatch() {
        double[][] logits = Expect.rows(RandomKey.of(2), DType.F64, 6, 5);
        int[] labels = {4, 0, 1, 2, 3, 3};
        double flat = softmaxCrossEntropy(Tensor.of(logits), labels).item();
        Tensor cube = Tensor.of(logits).reshape(2, 3, 5);
        assertThat(softmaxCrossEntropy(cube, labels).item()).isEqualTo(flat);
        assertThat(softmaxCrossEntropy(cube, Tensor.of(NDArray.of(Shape.of(2, 3), labels)))
                        .item())
                .isEqualTo(flat);
        Tensor vector = Tensor.of(logits).get(0);
        assertThat(softmaxCrossEntropy(vector, 4).item())
                .isEqualTo(softmaxCrossEntropy(vector.expandDims(0), 4).item());
    }

    @Test
    void sameBatchTwiceIsTheSameMean() {
        double[][] logits = Expect.rows(RandomKey.of(2), DType.F64, 2, 5);
        Tensor twice = Tensor.concat(0, List.of(Tensor.of(logits), Tensor.of(logits)));
        assertThat(softmaxCrossEntropy(twice, 1, 2, 1, 2).item())
                .isEqualTo(softmaxCrossEntropy(Tensor.of(logits), 1, 2).item());
    }

    private static int[] labels(long seed, int batch, int classes) {
        double[] random = RandomKey.of(seed)
                .fold(3)
                .uniform(0, classes, DType.F64, Shape.of(batch))
                .toDoubles();
        return Arrays.stream(random).mapToInt(each -> (int) each).toArray();
    }

    /** Value and gradient against plain loops. */
    private static void agrees(Tensor loss, Parameter x, double[][] logits, double[][] targets) {
        double nats = 0;
        double[][] slope = new double[logits.length][];
        for (int n = 0; n < logits.length; n++) {
            double[] row = logits[n];
            double[] target = targets[n];
            double shift = Arrays.stream(row).max().orElseThrow();
            double sum = Arrays.stream(row).map(z -> Math.exp(z - shift)).sum();
            double labels = Arrays.stream(target).sum();
            slope[n] = new double[row.length];
            for (int j = 0; j < row.length; j++) {
                nats -= target[j] * (row[j] - shift - Math.log(sum)) / logits.length;
                slope[n][j] = (Math.exp(row[j] - shift) / sum * labels - target[j]) / logits.length;
            }
        }
        double tolerance = x.dtype() == DType.F64 ? 1e-12 : 1e-6;
        assertThat(loss.shape()).isEqualTo(Shape.SCALAR);
        assertThat(loss.dtype()).isEqualTo(x.dtype());
        double scale = Math.max(1, largest(logits));
        assertThat(Math.abs(loss.item() - nats)).isLessThanOrEqualTo(tolerance * 10 * scale);
        double[] actual = Gradients.of(loss).wrt(x).value().toDoubles();
        double[] expected = NDArray.of(slope).toDoubles();
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).isLessThanOrEqualTo(tolerance);
        }
    }

    private static double largest(double[][] rows) {
        return Arrays.stream(rows)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
    }
}
