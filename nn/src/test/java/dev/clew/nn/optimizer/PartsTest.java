package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.Expect;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Parts of optimizers, one by one and together. */
class PartsTest {
    private record Model(Parameter w, Parameter bias) {}

    private final Model model = new Model(Parameter.of(2.0), Parameter.of(4.0));
    private final Tensor sum = model.w.times(10).plus(model.bias.times(-10));

    private List<Double> numbers() {
        return List.of(model.w.item(), model.bias.item());
    }

    @Test
    void aPartOfSomeParametersLeavesTheOthers() {
        Optimizer.of(model, 1, WeightDecay.of(0.5).except("*bias")).step(sum);
        assertThat(numbers()).containsExactly(2 - 10 - 1.0, 4 + 10.0);
    }

    @Test
    void partsOfSomeSeeOnlyThose() {
        Optimizer.of(model, 1, Clip.globalNorm(1).on("bias")).step(sum);
        double factor = 1 / (10 + 1e-6);
        assertThat(numbers()).containsExactly(2 - 10.0, 4 + 10 * factor);
        Composed kept = Optimizer.of(model, 1, Momentum.of(0.5).on("w"));
        assertThat(kept.state()).containsOnlyKeys("momentum.w");
    }

    @Test
    void aPatternThatMatchesNothingIsAnError() {
        assertThatThrownBy(() -> Optimizer.of(model, 1, WeightDecay.of(0.5).except("*.bias")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "weight decay 0.5 except *.bias, parameters that match '*.bias': there are none. The names are"
                                + " [w, bias]");
        assertThatThrownBy(() -> WeightDecay.of(0.5).on())
                .hasMessage("on no pattern: say the names of parameters, with * for any letters: on(\"*.bias\")");
    }

    @Test
    void everyOneOfSeveralPatterns() {
        Composed of = Optimizer.of(model, 1, Clip.value(1).on("w", "b*"));
        of.step(sum);
        assertThat(numbers()).containsExactly(1.0, 5.0);
    }

    @Test
    void clippingByValueIsNumberByNumber() {
        Parameter p = Parameter.of(new double[] {0, 0, 0});
        Sgd.of(List.of(p), 1)
                .withClip(Clip.value(2))
                .step(p.times(Tensor.of(new double[] {1, -5, 2.5})).sum());
        assertThat(p.value().toDoubles()).containsExactly(-1, 2, -2);
        assertThatThrownBy(() -> Clip.value(0))
                .hasMessage("clip gradients to the value 0.0: it must be a finite number above 0");
    }

    @Test
    void orderIsWhatDecouplesWeightDecay() {
        Adam.of(model, 0.25).withFirst(WeightDecay.of(0.5)).withEpsilon(0).step(sum);
        // The first move of Adam is the sign, whatever the gradient.
        assertThat(model.w.item()).isEqualTo(2 - 0.25);
        Adam.of(model, 0.25).withLast(WeightDecay.of(0.5)).withEpsilon(0).step(sum);
        assertThat(model.w.item()).isEqualTo(1.75 - 0.25 * (1 + 0.5 * 1.75));
    }

    @Test
    void onePartMayBeThereTwiceUnderAnotherName() {
        Composed optimizer =
                Optimizer.of(model, 1, Momentum.of(0.5), Momentum.of(0.25).named("slow"));
        assertThat(optimizer.state())
                .containsOnlyKeys("momentum.w", "momentum.bias", "slow.momentum.w", "slow.momentum.bias");
        assertThatThrownBy(() -> Optimizer.of(model, 1, Momentum.of(0.5), Momentum.of(0.25)))
                .hasMessage("optimizer: two parts keep numbers as 'momentum.w'; give those of one another name");
    }

    @Test
    void partsSayWhatTheyAre() {
        assertThat(List.of(
                        Momentum.of(0.9).nesterov(),
                        Momentum.of(0.9).withDampening(0.5).named("slow"),
                        WeightDecay.of(0.1).except("*.bias", "norm.*"),
                        Clip.globalNorm(1),
                        Clip.value(2).on("w"),
                        Scale.adam().withMaximum(),
                        Scale.lion()))
                .extracting(Object::toString)
                .containsExactly(
                        "momentum 0.9 by Nesterov",
                        "momentum 0.9 dampened by 0.5 named slow",
                        "weight decay 0.1 except *.bias, norm.*",
                        "clip to the norm 1.0",
                        "clip to ±2.0 on w",
                        "Adam's scale with β 0.9, 0.999, of the largest squares",
                        "Lion's sign with β 0.9, 0.99");
    }

    @Test
    void numbersThatMakeNoSense() {
        assertThatThrownBy(() -> Momentum.of(1))
                .hasMessage("momentum 1.0: what stays of the past must be at least 0 and below 1");
        assertThatThrownBy(() -> Momentum.of(0.5).withDampening(2))
                .hasMessage("momentum with the dampening 2.0: it is from 0 to 1");
        assertThatThrownBy(() -> Momentum.of(0.5).withDampening(0.5).nesterov())
                .hasMessage("momentum 0.5 by Nesterov's way with the dampening 0.5: it needs a past above 0, and is not"
                        + " dampened");
        assertThatThrownBy(() -> WeightDecay.of(-1))
                .hasMessage("weight decay with share = -1.0: it must be a finite number, 0 or more");
        assertThatThrownBy(() -> RmsProp.of(model, 1).withPast(1))
                .hasMessage("RMSProp with α = 1.0: the weight of the past must be at least 0 and below 1");
        assertThatThrownBy(() -> Adagrad.of(model, 1).withInitial(-1))
                .hasMessage("Adagrad with initial sum = -1.0: it must be a finite number, 0 or more");
        assertThatThrownBy(() -> Lion.of(model, 1).withBetas(0.9, 2))
                .hasMessage("Lion with β = 2.0: the weight of the past must be at least 0 and below 1");
    }

    /** A user's own algorithm, in ten lines. */
    private static final Transform SIGN_OF_MOMENTUM = (slopes, state) -> {
        Map<Parameter, Tensor> moves = new LinkedHashMap<>();
        slopes.forEach((parameter, slope) -> {
            Parameter before = state.like(parameter, "mean");
            Tensor mean = before.lerp(slope, 0.1);
            state.next(before, mean);
            moves.put(parameter, mean.sign());
        });
        return moves;
    };

    @Test
    void aUsersOwnHasStepsPlansAndAllSettings() {
        NDArray start = RandomKey.of(1).normal(0, 1, DType.F64, Shape.of(3));
        List<Parameter> ps = List.of(Parameter.of(start), Parameter.of(start), Parameter.of(start));
        Tensor x = Tensor.input("x", DType.F64, 3);
        List<Composed> own = ps.stream()
                .map(p -> Optimizer.of(Map.of("p", p), Schedule.cosine(10, 0.1, 0.01), SIGN_OF_MOMENTUM)
                        .withClip(Clip.value(1))
                        .withLast(WeightDecay.of(0.1))
                        .withRate("p*", 0.05)
                        .withMicroBatches(2)
                        .withAverage(Average.moving(0.9)))
                .toList();
        Plan plan = own.get(1).compile(loss(ps.get(1), x));
        Plan within = own.get(2).compileWithin(1 << 16, loss(ps.get(2), x));
        double[] byHand = start.toDoubles();
        double[] mean = new double[3];
        for (int step = 0; step < 6; step++) {
            NDArray data = RandomKey.of(2).fold(step / 2).normal(0, 1, DType.F64, Shape.of(3));
            own.get(0).step(loss(ps.get(0), Tensor.of(data)));
            plan.run(Map.of(x, data));
            within.run(Map.of(x, data));
            for (int i = 0; i < 3 && step % 2 == 1; i++) {
                double slope = Math.clamp(data.get(i), -1, 1);
                mean[i] += 0.1 * (slope - mean[i]);
                byHand[i] -= 0.05 * (Math.signum(mean[i]) + 0.1 * byHand[i]);
            }
        }
        assertThat(ps.get(1).value()).isEqualTo(ps.get(0).value());
        assertThat(ps.get(2).value()).isEqualTo(ps.get(0).value());
        Expect.close(ps.get(0).value(), byHand, 1e-12);
        assertThat(Objects.requireNonNull(own.get(0).state().get("mean.p"))
                        .value()
                        .shape())
                .isEqualTo(Shape.of(3));
    }

    private static Tensor loss(Parameter p, Tensor x) {
        return p.times(x).sum();
    }

    @Test
    void whatWasAskedForByNameIsFoundByIt() {
        Step step = Sgd.of(model, 1).step(sum, Map.of("twice", model.w.times(2), "bias of before", model.bias));
        assertThat(step.value("twice").item()).isEqualTo(4);
        assertThat(step.value("bias of before").item()).isEqualTo(4);
        assertThat(step.value(sum).item()).isEqualTo(-20);
        assertThat(step.toString()).contains("twice () = 4.0");
        assertThatThrownBy(() -> step.value("twise"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "value of 'twise': there is none of that name; did you mean 'twice'? The names are [");
        Step bare = Sgd.of(model, 1).step(sum);
        assertThatThrownBy(() -> bare.value("h"))
                .hasMessage(
                        "value of 'h': nothing was asked for by name in this step; name it: step(loss, Map.of(\"h\","
                                + " tensor))");
    }
}
