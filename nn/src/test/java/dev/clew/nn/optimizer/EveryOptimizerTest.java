package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What holds for every optimizer, whatever it is made of. */
class EveryOptimizerTest {
    private static final int STEPS = 7;

    private record Model(Parameter w, Parameter b) {
        static Model create(DType type) {
            RandomKey key = RandomKey.of(7);
            return new Model(
                    Parameter.of(key.fold(0).normal(0, 1, type, Shape.of(3, 2))),
                    Parameter.of(key.fold(1).normal(0, 1, type, Shape.of(2))));
        }

        Tensor loss(Tensor x) {
            return x.matmul(w).plus(b).tanh().minus(0.25).square().mean();
        }

        List<NDArray> numbers() {
            return Tensor.values(w, b);
        }
    }

    /** Two micro-batches, since the position among them is state too. */
    private static final Map<String, Function<Model, Tunable<?>>> CHAINS = chains();

    private static Map<String, Function<Model, Tunable<?>>> chains() {
        Map<String, Function<Model, Tunable<?>>> all = new LinkedHashMap<>();
        all.put("sgd", model -> Sgd.of(model, 0.1));
        all.put(
                "sgd with everything",
                model -> Sgd.of(model, 0.1)
                        .withMomentum(Momentum.of(0.9).withDampening(0.5))
                        .withWeightDecay(0.01));
        all.put(
                "nesterov",
                model -> Sgd.of(model, 0.1).withMomentum(Momentum.of(0.9).nesterov()));
        all.put("rmsProp", model -> RmsProp.of(model, 0.01).centered().withMomentum(0.5));
        all.put("adagrad", model -> Adagrad.of(model, 0.1).withRateDecay(0.1).withInitial(0.1));
        all.put("adam", model -> Adam.of(model, 0.01).withMaximum().withWeightDecay(0.1));
        all.put("adamW", model -> AdamW.of(model, 0.01));
        all.put("lion", model -> Lion.of(model, 0.01).withWeightDecay(0.1));
        all.put(
                "parts",
                model -> Optimizer.of(
                        model,
                        0.1,
                        Clip.value(0.1),
                        Momentum.of(0.9).on("w"),
                        Momentum.of(0.5).named("slow").except("w"),
                        WeightDecay.of(0.1).except("b")));
        all.put(
                "schedules",
                model -> Adam.of(model, Schedule.warmUp(3).then(Schedule.cosine(9, 0.1, 0.01)))
                        .withRate("b", Schedule.oneCycle(9, 0.1)));
        all.put(
                "plateau",
                model -> Sgd.of(model, Schedule.plateau(0.1).withPatience(0).withFactor(0.5)));
        all.put(
                "micro-batches",
                model -> Adam.of(model, Schedule.exponential(0.1, 0.9))
                        .withMicroBatches(2)
                        .withClip(Clip.globalNorm(0.01))
                        .withAverage(Average.moving(0.9)));
        all.put("average", model -> Sgd.of(model, 0.1).withAverage(Average.stochastic(2, 3)));
        return all;
    }

    private static Map<String, Function<Model, Optimizer>> all() {
        Map<String, Function<Model, Optimizer>> all = new LinkedHashMap<>();
        CHAINS.forEach((name, chain) -> all.put(name, chain::apply));
        all.put("lbfgs", model -> Lbfgs.of(model).withIterations(2).withHistory(3));
        return all;
    }

    private static NDArray data(int step, DType type) {
        return RandomKey.of(100 + step).normal(0, 1, type, Shape.of(4, 3));
    }

    private static double step(Optimizer optimizer, Model model, int step) {
        double loss = optimizer
                .step(model.loss(Tensor.of(data(step, model.w.dtype()))))
                .loss();
        optimizer.report(loss);
        return loss;
    }

    @TestFactory
    Stream<DynamicTest> aPlanAndOneOfFewBytesHaveTheBitsOfSteps() {
        return CHAINS.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> plans(each.getValue())));
    }

    private static void plans(Function<Model, Tunable<?>> make) {
        Model stepped = Model.create(DType.F32);
        Model planned = Model.create(DType.F32);
        Model within = Model.create(DType.F32);
        Tensor x = Tensor.input("x", DType.F32, 4, 3);
        Optimizer steps = make.apply(stepped);
        Optimizer ofPlan = make.apply(planned);
        Plan plan = ofPlan.compile(planned.loss(x));
        Optimizer ofWithin = make.apply(within);
        Plan small = ofWithin.compileWithin(1 << 18, within.loss(x));
        for (int step = 0; step < STEPS; step++) {
            NDArray numbers = data(step, DType.F32);
            double loss = steps.step(stepped.loss(Tensor.of(numbers))).loss();
            assertThat(plan.run(Map.of(x, numbers)).getFirst().item()).isEqualTo(loss);
            assertThat(small.run(Map.of(x, numbers)).getFirst().item()).isEqualTo(loss);
        }
        assertThat(planned.numbers()).isEqualTo(stepped.numbers());
        assertThat(within.numbers()).isEqualTo(stepped.numbers());
        assertThat(values(ofPlan)).isEqualTo(values(steps));
        assertThat(values(ofWithin)).isEqualTo(values(steps));
    }

    private static List<NDArray> values(Optimizer optimizer) {
        return optimizer.state().values().stream().map(Parameter::value).toList();
    }

    @TestFactory
    Stream<DynamicTest> parametersAndStateAreAllThatAnotherRunNeeds() {
        return all().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> resumed(each.getValue())));
    }

    private static void resumed(Function<Model, Optimizer> make) {
        for (int stop : new int[] {0, 1, 4}) {
            Model whole = Model.create(DType.F64);
            Optimizer one = make.apply(whole);
            for (int step = 0; step < stop; step++) {
                step(one, whole, step);
            }
            Model again = Model.create(DType.F64);
            Optimizer other = make.apply(again);
            again.w.set(whole.w.value());
            again.b.set(whole.b.value());
            assertThat(other.state().keySet()).isEqualTo(one.state().keySet());
            one.state()
                    .forEach((name, kept) ->
                            Objects.requireNonNull(other.state().get(name)).set(kept.value()));
            assertThat(other.rate()).isEqualTo(one.rate());
            for (int step = stop; step < STEPS; step++) {
                assertThat(step(other, again, step)).isEqualTo(step(one, whole, step));
            }
            assertThat(again.numbers()).isEqualTo(whole.numbers());
            assertThat(values(other)).isEqualTo(values(one));
        }
    }

    /** Or the test before shows nothing. */
    @TestFactory
    Stream<DynamicTest> aStepChangesWhatIsKept() {
        return all().entrySet().stream()
                .filter(each -> !each.getKey().equals("sgd"))
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    Model model = Model.create(DType.F64);
                    Optimizer optimizer = each.getValue().apply(model);
                    List<NDArray> before = values(optimizer);
                    assertThat(before).isNotEmpty();
                    step(optimizer, model, 0);
                    assertThat(values(optimizer)).isNotEqualTo(before);
                }));
    }

    @TestFactory
    Stream<DynamicTest> aStepThatFailsChangesNothing() {
        return all().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> fails(each.getValue())));
    }

    private static void fails(Function<Model, Optimizer> make) {
        Model model = Model.create(DType.F64);
        Optimizer optimizer = make.apply(model);
        for (int step = 0; step < 3; step++) {
            step(optimizer, model, step);
            List<NDArray> before = model.numbers();
            List<NDArray> state = values(optimizer);
            // A loss of 0 where only the gradient is infinite, and one that is not a number.
            Tensor zero = model.w.minus(Tensor.of(model.w.value())).sum();
            Tensor steep = zero.times(1e200).times(1e200).plus(model.b.sum());
            assertThatThrownBy(() -> optimizer.step(steep))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("the gradient of w is not finite, so no parameter was changed");
            assertThatThrownBy(() -> optimizer.step(steep.times(Double.NaN)))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("the loss is NaN, so no parameter was changed");
            assertThat(model.numbers()).isEqualTo(before);
            assertThat(values(optimizer)).isEqualTo(state);
        }
    }

    @TestFactory
    Stream<DynamicTest> stepsOnOtherDataAreNoOtherPlan() {
        return CHAINS.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    int[] asked = {0};
                    Model model = Model.create(DType.F64);
                    Optimizer optimizer = each.getValue().apply(model).withFirst((slopes, _) -> {
                        asked[0]++;
                        return slopes;
                    });
                    step(optimizer, model, 0);
                    int first = asked[0];
                    for (int step = 1; step < STEPS; step++) {
                        step(optimizer, model, step);
                    }
                    assertThat(asked[0]).isEqualTo(first);
                }));
    }

    @TestFactory
    Stream<DynamicTest> itSaysWhatItTrains() {
        return all().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey(),
                        () -> assertThat(each.getValue()
                                        .apply(Model.create(DType.F64))
                                        .toString())
                                .matches(
                                        "(Optimizer|Sgd|RmsProp|Adagrad|Adam|AdamW|Lion|Lbfgs) after 0 steps: w \\(3, 2\\) at"
                                                + " .*, b \\(2\\) at .*")));
    }
}
