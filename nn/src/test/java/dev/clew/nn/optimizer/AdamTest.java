package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Adam and clipping against trajectories computed number by number, as the papers have them. */
class AdamTest {
    record Model(Parameter w, Parameter b) {
        static Model create(DType dtype, RandomKey key) {
            return new Model(
                    Parameter.of(numbers(key.fold(0), dtype, 3, 2)), Parameter.of(numbers(key.fold(1), dtype, 1, 2)));
        }

        Tensor loss(Tensor x) {
            return x.matmul(w).plus(b).tanh().square().sum();
        }
    }

    private static final int STEPS = 20;

    /** The same by hand, in f64: gradients of Σ tanh(x·w + b)², clipping by global norm, Adam. */
    private static final class ByHand {
        private final double[] w;
        private final double[] b;
        private final double[] m = new double[8];
        private final double[] v = new double[8];
        private final double rate;
        private final double first;
        private final double second;
        private final double epsilon;
        private final double most;
        private int steps;

        ByHand(Model model, double rate, double first, double second, double epsilon, double most) {
            this.w = model.w.value().toDoubles();
            this.b = model.b.value().toDoubles();
            this.rate = rate;
            this.first = first;
            this.second = second;
            this.epsilon = epsilon;
            this.most = most;
        }

        void step(double[] x) {
            double[] slopes = new double[8];
            for (int row = 0; row < x.length / 3; row++) {
                for (int column = 0; column < 2; column++) {
                    double sum = b[column];
                    for (int k = 0; k < 3; k++) {
                        sum += x[3 * row + k] * w[2 * k + column];
                    }
                    double y = Math.tanh(sum);
                    double slope = 2 * y * (1 - y * y);
                    slopes[6 + column] += slope;
                    for (int k = 0; k < 3; k++) {
                        slopes[2 * k + column] += slope * x[3 * row + k];
                    }
                }
            }
            double squares = 0;
            for (double slope : slopes) {
                squares += slope * slope;
            }
            double factor = Math.min(1, most / (Math.sqrt(squares) + 1e-6));
            steps++;
            for (int i = 0; i < 8; i++) {
                double g = slopes[i] * factor;
                m[i] = first * m[i] + (1 - first) * g;
                v[i] = second * v[i] + (1 - second) * g * g;
                double mean = m[i] / (1 - Math.pow(first, steps));
                double size = Math.sqrt(v[i] / (1 - Math.pow(second, steps))) + epsilon;
                double[] of = i < 6 ? w : b;
                of[i % 6] -= rate * mean / size;
            }
        }
    }

    private static NDArray numbers(RandomKey key, DType dtype, int... shape) {
        return key.normal(0, 1, dtype, Shape.of(shape));
    }

    private static double[] data(RandomKey key) {
        return numbers(key, DType.F64, 4, 3).toDoubles();
    }

    private static Tensor tensor(double[] x, DType dtype) {
        return Tensor.of(NDArray.of(Shape.of(4, 3), x)).cast(dtype);
    }

    @Property(tries = 20)
    void twentyStepsAreThoseByHand(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0.01, max = 0.3) double rate,
            @ForAll @DoubleRange(min = 0, max = 0.99) double first,
            @ForAll @DoubleRange(min = 0.5, max = 0.99) double second,
            @ForAll @DoubleRange(min = 0.05, max = 20) double most) {
        RandomKey key = RandomKey.of(seed);
        Model model = Model.create(DType.F64, key);
        ByHand byHand = new ByHand(model, rate, first, second, 1e-7, most);
        Adam adam =
                Adam.of(model, rate).withBetas(first, second).withEpsilon(1e-7).withClip(Clip.globalNorm(most));
        for (int step = 0; step < STEPS; step++) {
            double[] x = data(key.fold(10 + step));
            adam.step(model.loss(tensor(x, DType.F64)));
            byHand.step(x);
        }
        near(model.w, byHand.w, 1e-10);
        near(model.b, byHand.b, 1e-10);
        assertThat(adam.state().keySet()).containsExactly("adam.steps", "adam.m.w", "adam.v.w", "adam.m.b", "adam.v.b");
        assertThat(kept(adam, "adam.steps").item()).isEqualTo(STEPS);
        near(kept(adam, "adam.m.b"), new double[] {byHand.m[6], byHand.m[7]}, 1e-10);
    }

    private static Parameter kept(Optimizer optimizer, String name) {
        return Objects.requireNonNull(optimizer.state().get(name));
    }

    private static void near(Parameter found, double[] expected, double relative) {
        double[] numbers = found.value().toDoubles();
        for (int i = 0; i < numbers.length; i++) {
            assertThat(numbers[i]).isCloseTo(expected[i], within(relative * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void stepsInSinglePrecisionAreNearThoseInDouble() {
        RandomKey key = RandomKey.of(5);
        Model model = Model.create(DType.F32, key);
        ByHand byHand = new ByHand(model, 0.01, 0.9, 0.999, 1e-8, 1);
        Adam adam = Adam.of(model, 0.01).withClip(Clip.globalNorm(1));
        for (int step = 0; step < STEPS; step++) {
            double[] x = data(key.fold(10 + step));
            adam.step(model.loss(tensor(x, DType.F32)));
            byHand.step(x);
        }
        near(model.w, byHand.w, 1e-5);
        near(model.b, byHand.b, 1e-5);
    }

    @Test
    void aPlanAndOneOfFewBytesHaveTheBitsOfSteps() {
        List<Model> models = List.of(
                Model.create(DType.F32, RandomKey.of(3)),
                Model.create(DType.F32, RandomKey.of(3)),
                Model.create(DType.F32, RandomKey.of(3)));
        Tensor x = Tensor.input("x", DType.F32, 4, 3);
        Adam steps = clipped(models.get(0));
        Plan plan = clipped(models.get(1)).compile(models.get(1).loss(x));
        Plan within =
                clipped(models.get(2)).compileWithin(1 << 20, models.get(2).loss(x));
        for (int step = 0; step < STEPS; step++) {
            NDArray numbers = numbers(RandomKey.of(step), DType.F32, 4, 3);
            double loss = steps.step(models.get(0).loss(Tensor.of(numbers))).loss();
            assertThat(plan.run(Map.of(x, numbers)).getFirst().item()).isEqualTo(loss);
            assertThat(within.run(Map.of(x, numbers)).getFirst().item()).isEqualTo(loss);
        }
        assertThat(models.get(1).w.value()).isEqualTo(models.get(0).w.value());
        assertThat(models.get(2).w.value()).isEqualTo(models.get(0).w.value());
    }

    private static Adam clipped(Model model) {
        return Adam.of(model, 0.05).withClip(Clip.globalNorm(0.5)).withRate("b", 0.1);
    }

    @Test
    void aStepThatFailsChangesNothingThatIsKept() {
        Model model = Model.create(DType.F64, RandomKey.of(1));
        Adam adam = Adam.of(model, 0.1);
        adam.step(model.loss(tensor(data(RandomKey.of(2)), DType.F64)));
        Map<String, Parameter> state = adam.state();
        List<NDArray> before = state.values().stream().map(Parameter::value).toList();
        NDArray w = model.w.value();
        assertThatThrownBy(() -> adam.step(model.w.sum().times(Double.POSITIVE_INFINITY)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("so no parameter was changed");
        assertThat(state.values().stream().map(Parameter::value).toList()).isEqualTo(before);
        assertThat(model.w.value()).isEqualTo(w);
    }

    @Test
    void gradientsThatAreReportedAreThoseBeforeClipping() {
        Parameter p = Parameter.of(new double[] {3, 4});
        Step step = Sgd.of(List.of(p), 1)
                .withClip(Clip.globalNorm(1))
                .step(p.square().sum().times(0.5));
        assertThat(step.gradientNorm()).isEqualTo(5);
        double factor = 1 / (5 + 1e-6);
        assertThat(p.value().toDoubles()).containsExactly(3 - 3 * factor, 4 - 4 * factor);
    }

    @Test
    void smallGradientsAreNotClippedAndHugeOnesDoNotOverflow() {
        Parameter small = Parameter.of(new double[] {0.25, 0.5});
        Parameter huge = Parameter.of(new float[] {1, 1});
        Sgd.of(List.of(small), 1)
                .withClip(Clip.globalNorm(10))
                .step(small.square().sum().times(0.5));
        assertThat(small.value().toDoubles()).containsExactly(0, 0);
        Sgd.of(List.of(huge), 1)
                .withClip(Clip.globalNorm(1))
                .step(huge.times(Tensor.of(new float[] {3e30f, 4e30f})).sum());
        near(huge, new double[] {1 - 0.6, 1 - 0.8}, 1e-6);
    }

    @Test
    void typesMayDifferFromParameterToParameter() {
        Parameter one = Parameter.of(new double[] {3});
        Parameter other = Parameter.of(new float[] {4});
        Sgd.of(List.of(one, other), 1)
                .withClip(Clip.globalNorm(1))
                .step(one.square()
                        .sum()
                        .plus(other.square().sum().cast(DType.F64))
                        .times(0.5));
        near(one, new double[] {3 - 0.6}, 1e-6);
        near(other, new double[] {4 - 0.8}, 1e-6);
    }

    @Test
    void settingsThatMakeNoSense() {
        Adam adam = Adam.of(List.of(Parameter.of(1.0)), 0.1);
        assertThatThrownBy(() -> adam.withBetas(1, 0.9))
                .hasMessage("Adam with β = 1.0: the weight of the past must be at least 0 and below 1");
        assertThatThrownBy(() -> adam.withBetas(0.9, Double.NaN))
                .hasMessage("Adam with β = NaN: the weight of the past must be at least 0 and below 1");
        assertThatThrownBy(() -> adam.withEpsilon(-1))
                .hasMessage("Adam with ε = -1.0: it must be a finite number, 0 or more");
        assertThatThrownBy(() -> Clip.globalNorm(0))
                .hasMessage("clip gradients to the norm 0.0: it must be a finite number above 0");
    }

    @Test
    void itSaysWhatItTrains() {
        Adam adam =
                Adam.of(new Model(Parameter.of(1.0), Parameter.of(2.0)), 0.1).withRate("b", 0.2);
        assertThat(adam).hasToString("Adam after 0 steps: w () at 0.1, b () at 0.2");
    }
}
