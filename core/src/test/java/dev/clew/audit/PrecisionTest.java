package dev.clew.audit;

import static dev.clew.audit.GradientAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** How sharp the differences are, and that their own estimate of it can be believed. */
final class PrecisionTest {
    private static final List<UnaryOperator<Tensor>> SMOOTH = List.of(
            Tensor::tanh,
            Tensor::sigmoid,
            Tensor::exp,
            x -> x.square().plus(1).log(),
            x -> x.square().plus(0.5).sqrt(),
            x -> x.tanh().times(x.exp()),
            x -> x.square().plus(2).reciprocal(),
            x -> x.logSumExp(0),
            x -> x.softmax(0).times(x));

    private static final List<UnaryOperator<Tensor>> HARD = List.of(
            x -> x.maximum(0.0),
            x -> x.abs().times(x),
            x -> x.abs().sum().sqrt(),
            x -> x.times(1e6).tanh(),
            x -> x.plus(1e9).minus(1e9),
            x -> x.times(1e3).exp(),
            x -> x.maximum(x.negate()).plus(x.minimum(x.square())),
            x -> Tensor.concat(0, List.of(x, x)).max(0),
            x -> x.sigmoid().log(),
            x -> x.square().plus(1e-12).sqrt(),
            x -> x.softmax(0).log(),
            x -> x.times(1e-3).square().minus(x.times(1e5)));

    /** On a plain point differences reach 2e-12, elementwise 3e-13, and their estimate covers it. */
    @Test
    void smoothFunctionsAreKnownToElevenDigitsAndMore() {
        NDArray at = RandomKey.of(1).uniform(-1.5, 1.5, DType.F64, Shape.of(40));
        double worst = 0;
        double estimate = 0;
        for (UnaryOperator<Tensor> function : SMOOTH) {
            for (Finding finding :
                    assertThat(GradientCheck.of(function, at)).isRight().findings()) {
                double scale = Math.max(Math.abs(finding.analytic()), 0.05);
                worst = Math.max(worst, Math.abs(finding.analytic() - finding.numeric()) / scale);
                estimate = Math.max(estimate, finding.error() / scale);
                assertThat(Math.abs(finding.analytic() - finding.numeric())).isLessThanOrEqualTo(finding.error());
            }
        }
        assertThat(worst).as("the largest error").isLessThan(5e-12);
        assertThat(estimate).as("the largest estimate of it").isLessThan(1e-10);
    }

    /** Points with ties, zeros, tiny and huge numbers: no right gradient is called wrong. */
    @Property(tries = 150)
    void noRightGradientIsAccused(@ForAll long seed) {
        RandomKey key = RandomKey.of(seed);
        double[] numbers = key.normal(0, 1, DType.F64, Shape.of(5)).toDoubles();
        double[] kinds = key.fold(1).uniform(0, 6, DType.F64, Shape.of(5)).toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch ((int) kinds[i]) {
                case 0 -> 0;
                case 1 -> numbers[0];
                case 2 -> numbers[i] * 1e-9;
                case 3 -> numbers[i] * 20;
                case 4 -> Math.rint(numbers[i]);
                default -> numbers[i];
            };
        }
        NDArray at = NDArray.of(numbers);
        for (UnaryOperator<Tensor> function : HARD) {
            GradientReport report =
                    GradientCheck.of(function, at).withSeed(seed).report();
            assertThat(report.with(Verdict.WRONG)).as("%s at %s", report, at).isEmpty();
        }
    }

    /** A relative error of one in ten thousand in a random element is found at every such point where it can be. */
    @Property(tries = 100)
    void aSmallErrorByHandIsFound(@ForAll long seed) {
        NDArray at = RandomKey.of(seed).uniform(-1.5, 1.5, DType.F64, Shape.of(6));
        int element = (int) Math.floorMod(seed, 6L);
        for (UnaryOperator<Tensor> function : SMOOTH) {
            Parameter x = Parameter.of(at);
            Tensor loss = function.apply(x).sum();
            double[] gradient = Gradients.of(loss).wrt(x).value().toDoubles();
            gradient[element] *= 1 + 1e-4;
            if (Math.abs(gradient[element]) > 1e-6) {
                GradientReport report = GradientCheck.of(loss, Map.of("x", x))
                        .withGradients(Map.of("x", NDArray.of(gradient)))
                        .report();
                assertThat(report.with(Verdict.WRONG)).as("%s", report).hasSize(1);
            }
        }
    }
}
