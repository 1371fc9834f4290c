package dev.clew.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Expect;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The options of the cross-entropy against plain loops. */
class CrossEntropyTest {
    private static final double[] WEIGHTS = {0.5, 2, 0, 1.5};
    private static final int[] LABELS = {3, -100, 1, 0, -100, 2};

    static Stream<CrossEntropy> options() {
        CrossEntropy plain = CrossEntropy.create().withIgnored(-100);
        Tensor weights = Tensor.of(WEIGHTS);
        return Stream.of(Reduce.values())
                .flatMap(reduce -> Stream.of(
                                plain,
                                plain.withSmoothing(0.2),
                                plain.withWeights(weights),
                                plain.withWeights(weights).withSmoothing(0.1))
                        .map(each -> each.withReduce(reduce)));
    }

    @ParameterizedTest
    @MethodSource("options")
    void labelsCostWhatTheFormulaSays(CrossEntropy options) {
        double[][] logits = Expect.rows(RandomKey.of(5), DType.F64, LABELS.length, 4);
        Parameter x = Parameter.of(logits);
        Tensor loss = options.of(x, Tensor.of(LABELS));
        double[] costs = new double[LABELS.length];
        double total = 0;
        for (int n = 0; n < LABELS.length; n++) {
            if (LABELS[n] >= 0) {
                costs[n] = cost(logits[n], LABELS[n], options);
                total += options.weights().isPresent() ? WEIGHTS[LABELS[n]] : 1;
            }
        }
        compare(loss, costs, options.reduce(), total);
        Tensor logProbabilities = x.logSoftmax(-1);
        Expect.close(
                options.ofLogProbabilities(logProbabilities, Tensor.of(LABELS)).value(),
                loss.value().toDoubles(),
                1e-13);
        Tensor number = loss.sum();
        Expect.close(
                Gradients.of(number).wrt(x).value(),
                Expect.slopes(() -> options.of(x, Tensor.of(LABELS)).sum(), x),
                1e-8);
    }

    private static double cost(double[] row, int label, CrossEntropy options) {
        double sum = 0;
        for (double logit : row) {
            sum += Math.exp(logit);
        }
        double cost = 0;
        for (int c = 0; c < row.length; c++) {
            double weight = options.weights().isPresent() ? WEIGHTS[c] : 1;
            double share = (c == label ? 1 - options.smoothing() : 0) + options.smoothing() / row.length;
            cost += share * weight * (Math.log(sum) - row[c]);
        }
        return cost;
    }

    private static void compare(Tensor loss, double[] costs, Reduce reduce, double divisor) {
        double sum = 0;
        for (double cost : costs) {
            sum += cost;
        }
        switch (reduce) {
            case NONE -> Expect.close(loss.value(), costs, 1e-13);
            case SUM -> assertThat(loss.item()).isCloseTo(sum, within(1e-13));
            case MEAN -> assertThat(loss.item()).isCloseTo(sum / divisor, within(1e-13));
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void probabilitiesCostWhatTheFormulaSays(CrossEntropy options) {
        double[][] logits = Expect.rows(RandomKey.of(6), DType.F64, 3, 4);
        double[][] targets = {{1, 0, 0, 0}, {0.25, 0.25, 0.25, 0.25}, {0, 0.5, 0.5, 0}};
        double[] costs = new double[3];
        for (int n = 0; n < 3; n++) {
            for (int label = 0; label < 4; label++) {
                costs[n] += targets[n][label] * cost(logits[n], label, options);
            }
        }
        compare(options.of(Tensor.of(logits), Tensor.of(targets)), costs, options.reduce(), 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void enormousLogitsStayFinite(DType dtype) {
        Parameter x = Parameter.of(NDArray.of(new double[][] {{1e4, -1e4, 0}, {-1e4, 1e4, 1e4}})
                .cast(dtype));
        Tensor labels = Tensor.of(new int[] {1, 2});
        Tensor each = CrossEntropy.create().withReduce(Reduce.NONE).of(x, labels);
        Expect.close(each.value(), new double[] {2e4, Math.log(2)}, 1e-9);
        assertThat(each.value().toDoubles()[1]).isCloseTo(Math.log(2), within(dtype == DType.F64 ? 1e-15 : 1e-7));
        assertThat(Gradients.of(each.sum()).wrt(x).value().toDoubles()).containsExactly(1, -1, 0, 0, 0.5, -0.5);
        Tensor smooth = CrossEntropy.create().withSmoothing(0.3).of(x, labels);
        assertThat(smooth.item()).isFinite();
        assertThat(Gradients.of(smooth).wrt(x).value().toDoubles()).doesNotContain(Double.NaN);
    }

    /** In single precision, taking ln Σ eˣ and a logit apart would leave three digits. */
    @Test
    void smallDifferencesOfLargeLogitsKeepTheirDigits() {
        Tensor x = Tensor.of(new float[][] {{10_000, 9_999}});
        assertThat(Losses.softmaxCrossEntropy(x, 0).item()).isCloseTo(Math.log1p(Math.exp(-1)), within(1e-7));
    }

    @Test
    void meanOfNothingButIgnoredRowsIsNaNAsInPyTorch() {
        CrossEntropy options = CrossEntropy.create().withIgnored(-1);
        Tensor labels = Tensor.of(new int[] {-1, -1});
        Tensor x = Tensor.zeros(DType.F64, 2, 3);
        assertThat(options.of(x, labels).item()).isNaN();
        assertThat(options.withReduce(Reduce.SUM).of(x, labels).item()).isZero();
    }

    @Test
    void negativeLogLikelihoodIsTheMeanOfWhatIsPicked() {
        Parameter x = Parameter.of(new double[][] {{-0.5, -2}, {-1, -3}});
        Tensor loss = Losses.negativeLogLikelihood(x, Tensor.of(new int[] {1, 0}));
        assertThat(loss.item()).isEqualTo(1.5);
        assertThat(Gradients.of(loss).wrt(x).value().toDoubles()).containsExactly(0, -0.5, -0.5, 0);
    }

    @Test
    void errors() {
        Tensor x = Tensor.zeros(DType.F64, 2, 3);
        assertThatThrownBy(() -> CrossEntropy.create().withSmoothing(1.5))
                .hasMessage("label smoothing 1.5: it goes from 0 to 1");
        assertThatThrownBy(() ->
                        CrossEntropy.create().withWeights(Tensor.of(WEIGHTS)).of(x, Tensor.of(new int[2])))
                .hasMessage("softmaxCrossEntropy: logits (2, 3) f64 and weights (4) f64:"
                        + " one weight for every class is needed, (3) f64");
        assertThatThrownBy(() -> CrossEntropy.create().withIgnored(-1).of(x, Tensor.of(new int[] {-1, -100})))
                .hasMessage("softmaxCrossEntropy: label -100 in row 1: logits (2, 3) have 3 classes,"
                        + " so labels go from 0 to 2");
    }
}
