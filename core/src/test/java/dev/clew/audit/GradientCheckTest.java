package dev.clew.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.WrongCustom.Mistake;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GradientCheckTest {
    private static NDArray point(long seed, int... lengths) {
        return RandomKey.of(seed).uniform(0.3, 1.7, DType.F64, Shape.of(lengths));
    }

    private static GradientCheck check(Mistake mistake, long seed) {
        return GradientCheck.of(
                        in -> new WrongCustom(mistake)
                                .on(in.getOrDefault("a", Tensor.of(0.0)), in.getOrDefault("b", Tensor.of(0.0))),
                        Map.of("a", point(seed, 3, 3), "b", point(seed + 1, 3, 3)))
                .withSeed(seed);
    }

    @ParameterizedTest
    @EnumSource(Mistake.class)
    void everyMistakeIsFoundAndOnlyInTheInputThatHasIt(Mistake mistake) {
        for (long seed = 1; seed <= 3; seed++) {
            GradientReport first = check(mistake, seed).report();
            GradientReport second = check(mistake, seed).withOrder(2).report();
            assertThat(first.with(Verdict.RIGHT).size()
                            + first.with(Verdict.WRONG).size())
                    .as("%s", first)
                    .isEqualTo(18);
            assertThat(first.isRight()).as("%s", first).isEqualTo(mistake == Mistake.NONE || mistake.isOfSecondOrder());
            assertThat(second.isRight()).as("%s", second).isEqualTo(mistake == Mistake.NONE);
            assertThat(first.with(Verdict.WRONG))
                    .allSatisfy(wrong -> assertThat(wrong.input()).isEqualTo("b"));
            assertThat(check(mistake, seed).withJacobian().report().isRight()).isEqualTo(first.isRight());
            assertThat(check(mistake, seed).withDirections(4).report().isRight())
                    .isEqualTo(first.isRight());
        }
    }

    @Test
    void aWrongElementIsNamed() {
        List<Finding> wrong = check(Mistake.ONE_ELEMENT, 1).report().with(Verdict.WRONG);
        assertThat(wrong).hasSize(1);
        assertThat(wrong.getFirst().index()).containsExactly(1, 1);
        assertThat(wrong.getFirst().input()).isEqualTo("b");
        assertThat(wrong.getFirst().analytic() / wrong.getFirst().numeric()).isBetween(1.4999999, 1.5000001);
    }

    @Test
    void theJacobianSaysWhichOutput() {
        List<Finding> wrong =
                check(Mistake.ONE_ELEMENT, 1).withJacobian().report().with(Verdict.WRONG);
        assertThat(wrong).hasSize(1);
        assertThat(wrong.getFirst().output()).containsExactly(4);
        assertThat(wrong.getFirst().toString()).startsWith("y[4] by b[1, 1]  wrong: ");
    }

    private static Verdict verdict(UnaryOperator<Tensor> function, double at) {
        GradientReport report = GradientCheck.of(function, NDArray.of(at)).report();
        assertThat(report.findings()).hasSize(1);
        return report.findings().getFirst().verdict();
    }

    private static Tensor relu(Tensor x) {
        return x.maximum(0.0);
    }

    @Test
    void kinksAreNamedAndNotAccused() {
        for (UnaryOperator<Tensor> kink : List.<UnaryOperator<Tensor>>of(
                GradientCheckTest::relu,
                Tensor::abs,
                x -> x.minimum(0.0).times(3),
                x -> x.maximum(x.times(2)),
                x -> relu(x).plus(1e6),
                x -> x.abs().plus(x.exp()),
                x -> Tensor.stack(0, List.of(x, x.times(2), x.times(-1))).max())) {
            assertThat(verdict(kink, 0)).isEqualTo(Verdict.KINK);
        }
        for (double near : new double[] {1e-3, 1e-6, 1e-9, 1e-12, -1e-3, -1e-6, -1e-9}) {
            assertThat(verdict(x -> relu(x).plus(x.exp()), near)).as("%s", near).isIn(Verdict.RIGHT, Verdict.KINK);
            assertThat(verdict(x -> x.abs().times(x.exp()), near))
                    .as("%s", near)
                    .isIn(Verdict.RIGHT, Verdict.KINK);
        }
    }

    @Test
    void saturationIsNamed() {
        assertThat(verdict(Tensor::tanh, 17)).isEqualTo(Verdict.SATURATED);
        assertThat(verdict(Tensor::sigmoid, 35)).isEqualTo(Verdict.SATURATED);
        assertThat(verdict(Tensor::tanh, 60)).isEqualTo(Verdict.SATURATED);
        assertThat(verdict(Tensor::tanh, 400)).isEqualTo(Verdict.FLAT);
        assertThat(verdict(Tensor::tanh, 5)).isEqualTo(Verdict.RIGHT);
        assertThat(verdict(Tensor::sigmoid, -35)).isEqualTo(Verdict.RIGHT);
    }

    @Test
    void cancellationIsNamed() {
        assertThat(verdict(x -> x.plus(1e13).minus(1e13), 0.3)).isEqualTo(Verdict.CANCELLATION);
        assertThat(verdict(x -> x.square().plus(1e15).minus(1e15).tanh(), 0.3)).isEqualTo(Verdict.CANCELLATION);
        assertThat(verdict(x -> x.plus(1e3).minus(1e3), 0.3)).isEqualTo(Verdict.RIGHT);
    }

    @Test
    void edgesOfTheDomainAreNamed() {
        assertThat(verdict(Tensor::sqrt, 0)).isEqualTo(Verdict.NOT_FINITE);
        assertThat(verdict(Tensor::log, 0)).isEqualTo(Verdict.NOT_FINITE);
        assertThat(verdict(Tensor::sqrt, 1e-12)).isEqualTo(Verdict.RIGHT);
        assertThat(verdict(Tensor::log, 1e-9)).isEqualTo(Verdict.RIGHT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-200, 1e-100, 1e-30, 1e-8, 1, 1e8, 1e30, 1e100, 1e150})
    void tinyAndHugeNumbersAreDecided(double scale) {
        Verdict square = verdict(Tensor::square, 0.7 * scale);
        assertThat(square)
                .as("the square of 1e-200 underflows")
                .isEqualTo(scale > 1e-150 ? Verdict.RIGHT : Verdict.SATURATED);
        assertThat(verdict(x -> x.times(scale), 0.7)).isEqualTo(Verdict.RIGHT);
        assertThat(verdict(x -> x.div(scale).tanh(), 0.7 * scale)).isEqualTo(Verdict.RIGHT);
        assertThat(verdict(x -> x.plus(1), 0.7 * Math.min(scale, 1e10))).isEqualTo(Verdict.RIGHT);
        assertThat(verdict(x -> new HalfSlope().on(x), 0.7 * Math.max(scale, 1e-100)))
                .isEqualTo(Verdict.WRONG);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1e3, 1e7, 1e9, 1e10})
    void fastOscillationIsDecidedAsLongAsRoundingLeavesThreeDigits(double frequency) {
        assertThat(verdict(x -> x.times(frequency).sin(), 1)).isEqualTo(Verdict.RIGHT);
        assertThat(verdict(x -> new HalfSlope().on(x.times(frequency).sin()), 1))
                .isEqualTo(Verdict.WRONG);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e12, 1e13, 1e15, 1e17, 1e20})
    void oscillationWithinTheDigitsOfAnInputIsUndecided(double frequency) {
        assertThat(verdict(x -> x.times(frequency).sin(), 1).isDecided()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 20, 30, 40, 50, 60, 80, 200})
    void aRightGradientOfAChaoticMapIsNeverAccused(int steps) {
        for (double at : new double[] {0.1, 0.3, 0.77}) {
            Verdict verdict = verdict(y -> RightGradients.logistic(y, 3.9, steps), at);
            assertThat(verdict).isNotEqualTo(Verdict.WRONG);
            assertThat(verdict.isDecided()).as("%s", verdict).isEqualTo(steps <= 40);
        }
    }

    @Test
    void whatIsDeclaredConstantIsHeld() {
        assertThat(verdict(x -> x.times(x.stopGradient()), 0.7)).isEqualTo(Verdict.RIGHT);
        assertThat(verdict(x -> x.square().stopGradient().times(x.sin()).plus(x.exp()), 0.7))
                .isEqualTo(Verdict.RIGHT);
        assertThat(verdict(x -> new HalfSlope().on(x).times(x.stopGradient()), 0.7))
                .isEqualTo(Verdict.WRONG);
        assertThat(GradientCheck.of(x -> x.times(x.stopGradient()).sin(), NDArray.of(0.7))
                        .withOrder(2)
                        .report()
                        .isRight())
                .isTrue();
    }

    private static Tensor spike(Tensor u) {
        return u.greaterThan(0).cast(u.dtype()).withDerivativeOf(u.times(4).sigmoid());
    }

    @Test
    void whatHasTheDerivativeOfAnotherFormulaIsComparedWithThatOne() {
        UnaryOperator<Tensor> spikes =
                x -> spike(x.minus(0.3)).times(x.sin()).plus(spike(x).square().times(3));
        for (double at : new double[] {-0.7, 0.1, 0.3, 0.9}) {
            assertThat(GradientCheck.of(spikes, NDArray.of(at))
                            .withOrder(2)
                            .report()
                            .isRight())
                    .as("at %s", at)
                    .isTrue();
        }
        assertThat(verdict(x -> spike(x).plus(new HalfSlope().on(x)), 0.7)).isEqualTo(Verdict.WRONG);
        assertThat(verdict(x -> spike(new HalfSlope().on(x)), 0.7)).isEqualTo(Verdict.WRONG);
    }

    @Test
    void aSpikeHasTheValueOfTheStepAndTheSlopeOfTheSurrogate() {
        Tensor x = Tensor.of(new double[] {-2, 0.5});
        Tensor y = spike(x);
        assertThat(y.value().toDoubles()).containsExactly(0, 1);
        double[] slopes = Gradients.of(y.times(Tensor.of(new double[] {1, 10})).sum())
                .wrt(x)
                .value()
                .toDoubles();
        for (int i = 0; i < 2; i++) {
            double s = 1 / (1 + Math.exp(-4 * (i == 0 ? -2 : 0.5)));
            assertThat(slopes[i]).isCloseTo((i == 0 ? 1 : 10) * 4 * s * (1 - s), offset(1e-14));
        }
    }

    @Test
    void aGradientThatIsNotFiniteWhereTheSlopeIsFiniteIsWrong() {
        assertThat(verdict(x -> Tensor.where(x.equalTo(0), x, x.square().div(x)), 0))
                .isEqualTo(Verdict.WRONG);
    }

    @Test
    void whatDoesNotMoveTheResultHasAZeroGradient() {
        assertThat(verdict(Tensor::sign, 0.5)).isEqualTo(Verdict.RIGHT);
        assertThat(verdict(x -> x.times(0), 0.5)).isEqualTo(Verdict.FLAT);
    }
}
