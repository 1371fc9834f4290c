package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A step along gradients that come from elsewhere is a step. */
class GivenGradientsTest {
    record Model(Parameter w, Parameter b) {
        static Model create() {
            return new Model(
                    Parameter.of(RandomKey.of(1).normal(0, 1, DType.F64, Shape.of(3, 2))),
                    Parameter.of(RandomKey.of(2).normal(0, 1, DType.F32, Shape.of(2))));
        }

        Tensor loss(int step) {
            return w.times(step + 1)
                    .tanh()
                    .square()
                    .sum()
                    .plus(b.cast(DType.F64).square().sum());
        }
    }

    private static List<NDArray> numbers(Model model) {
        return Tensor.values(model.w(), model.b());
    }

    @Test
    void itChangesParametersAndWhatIsKeptAsAStepOfTheLossDoes() {
        Model one = Model.create();
        Model other = Model.create();
        Adam ofLoss = Adam.of(one, 0.01).withClip(Clip.globalNorm(0.5));
        Adam given = Adam.of(other, 0.01).withClip(Clip.globalNorm(0.5));
        for (int t = 0; t < 6; t++) {
            Step step = ofLoss.step(one.loss(t));
            given.step(Map.of(other.w(), step.gradient(one.w()), other.b(), step.gradient(one.b())));
            near(numbers(other), numbers(one));
        }
        near(List.copyOf(values(given)), List.copyOf(values(ofLoss)));
        assertThat(given).hasToString("Adam after 6 steps: w (3, 2) at 0.01, b (2) at 0.01");
    }

    private static List<NDArray> values(Optimizer optimizer) {
        return optimizer.state().values().stream().map(Parameter::value).toList();
    }

    /** Two plans may round differently. */
    private static void near(List<NDArray> found, List<NDArray> expected) {
        for (int i = 0; i < expected.size(); i++) {
            double[] numbers = expected.get(i).toDoubles();
            double tolerance = expected.get(i).dtype() == DType.F64 ? 1e-14 : 1e-6;
            double[] own = found.get(i).toDoubles();
            for (int j = 0; j < numbers.length; j++) {
                assertThat(Math.abs(own[j] - numbers[j]))
                        .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(numbers[j])));
            }
        }
    }

    @Test
    void whatAnOptimizerDoesNotTrainIsNotLookedAt() {
        Model model = Model.create();
        Sgd sgd = Sgd.of(Parameters.matching(model, "b"), 0.5);
        NDArray before = model.w().value();
        sgd.step(Map.of(
                model.b(),
                NDArray.full(2, DType.F32, Shape.of(2)),
                model.w(),
                NDArray.full(1, DType.F64, Shape.of(3, 2))));
        assertThat(model.w().value()).isEqualTo(before);
        assertThat(model.b().value())
                .isEqualTo(Tensor.of(RandomKey.of(2).normal(0, 1, DType.F32, Shape.of(2)))
                        .minus(1)
                        .value());
    }

    @Test
    void itAppliesWholeOrNotAtAll() {
        Model model = Model.create();
        Sgd sgd = Sgd.of(model, 1e300);
        List<NDArray> before = numbers(model);
        NDArray ones = NDArray.full(1, DType.F32, Shape.of(2));
        Map<Parameter, NDArray> gradients = new HashMap<>(Map.of(model.b(), ones));
        assertThatThrownBy(() -> sgd.step(gradients))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "step along no gradient of w, parameter (3, 2) f64: there must be one of its shape and type;"
                                + " zeros leave it where it is, but for what an optimizer keeps of gradients before");
        gradients.put(model.w(), ones);
        assertThatThrownBy(() -> sgd.step(gradients))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("step along a gradient (2) f32 of w, parameter (3, 2) f64");
        gradients.put(model.w(), NDArray.full(Double.NaN, DType.F64, Shape.of(3, 2)));
        assertThatThrownBy(() -> sgd.step(gradients))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("step 1: the gradient of w that was given is not finite, so no parameter was changed");
        gradients.put(model.w(), NDArray.full(1e300, DType.F64, Shape.of(3, 2)));
        assertThatThrownBy(() -> sgd.step(gradients))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("the new value of w is not finite, so no parameter was changed");
        assertThat(numbers(model)).isEqualTo(before);
        assertThat(sgd).hasToString("Sgd after 0 steps: w (3, 2) at 1.0E300, b (2) at 1.0E300");
    }
}
