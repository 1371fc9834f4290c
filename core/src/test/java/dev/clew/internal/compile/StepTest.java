package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepRule;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Stepped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A step of training as one plan, beside the same step of the walk on parameters of its own. */
final class StepTest {
    private static final int STEPS = 6;

    /** p − 0.1·dL/dp for every parameter; the gradients are reported. */
    private static StepChange descent(List<Tensor> outputs, List<Parameter> parameters) {
        Gradients gradients = Gradients.of(outputs.getFirst());
        ImmutableList.Builder<Tensor> reported = ImmutableList.builder();
        ImmutableMap.Builder<Parameter, Tensor> updates = ImmutableMap.builder();
        for (Parameter parameter : parameters) {
            Tensor gradient = gradients.wrt(parameter);
            reported.add(gradient);
            updates.put(parameter, parameter.minus(gradient.times(0.1)));
        }
        return new StepChange(reported.build(), updates.buildOrThrow());
    }

    private static StepRule descent(List<Parameter> parameters) {
        return outputs -> descent(outputs, parameters);
    }

    private static List<String> bits(List<Parameter> parameters) {
        return BitsTest.bits(parameters.stream().map(Parameter::value).toList());
    }

    /** An evaluator, a model of its own, and one rule for all steps. */
    private static final class Training {
        private final Evaluator evaluator;
        private final Parameter w;
        private final Parameter b;
        private final StepRule rule;

        Training(Evaluator evaluator, long seed) {
            this.evaluator = evaluator;
            this.w = Parameter.of(real(RandomKey.of(seed).fold(1)));
            this.b = Parameter.of(real(RandomKey.of(seed).fold(2)));
            this.rule = descent(List.of(w, b));
        }

        static NDArray real(RandomKey key) {
            return key.normal(0, 0.5, DType.F64, Shape.of(3, 3));
        }

        /** No sum of products is merged here: every parameter is used once. */
        Optional<List<NDArray>> step(NDArray data) {
            Tensor loss = Tensor.of(data).matmul(w).plus(b).tanh().square().sum();
            return Stepped.by(evaluator, List.of(loss), rule);
        }
    }

    @Test
    void stepsAreToTheBitThoseOfTheWalk() {
        Training plan = new Training(new CompilingEvaluator(Compiler.ALL), 1);
        Training walk = new Training(Evaluator.plain(), 1);
        for (int step = 0; step < STEPS; step++) {
            NDArray data = Training.real(RandomKey.of(100 + step));
            assertThat(BitsTest.bits(plan.step(data).orElseThrow()))
                    .isEqualTo(BitsTest.bits(walk.step(data).orElseThrow()));
            assertThat(bits(List.of(plan.w, plan.b))).isEqualTo(bits(List.of(walk.w, walk.b)));
            if (step == 2) {
                NDArray other = Training.real(RandomKey.of(7));
                plan.w.set(other);
                walk.w.set(other);
            }
        }
    }

    /** Parameters that are wanted in two orders live in two places, and both follow every change. */
    @Test
    void parametersInTwoStacksAreTrainedInBoth() {
        List<List<Parameter>> models = List.of(Evaluator.plain(), new CompilingEvaluator(Compiler.ALL)).stream()
                .map(evaluator -> {
                    Parameter p = Parameter.of(Training.real(RandomKey.of(1)));
                    Parameter q = Parameter.of(Training.real(RandomKey.of(2)));
                    StepRule rule = descent(List.of(p, q));
                    for (int step = 0; step < STEPS; step++) {
                        Tensor one = Tensor.concat(0, List.of(p, q)).sin();
                        Tensor other = Tensor.concat(0, List.of(q, p)).times(one);
                        assertThat(Stepped.by(evaluator, List.of(other.square().sum()), rule))
                                .isPresent();
                        if (step == 1) {
                            q.set(Training.real(RandomKey.of(3)));
                        }
                    }
                    return List.of(p, q);
                })
                .toList();
        assertThat(bits(models.get(1))).isEqualTo(bits(models.get(0)));
    }

    @Test
    void twoModelsOfEqualStructureAreTrainedApart() {
        CompilingEvaluator compiled = new CompilingEvaluator(Compiler.ALL);
        List<Training> plans = List.of(new Training(compiled, 1), new Training(compiled, 2));
        List<Training> walks = List.of(new Training(Evaluator.plain(), 1), new Training(Evaluator.plain(), 2));
        for (int step = 0; step < STEPS; step++) {
            NDArray data = Training.real(RandomKey.of(200 + step));
            for (int model = 0; model < 2; model++) {
                plans.get(model).step(data);
                walks.get(model).step(data);
            }
        }
        for (int model = 0; model < 2; model++) {
            assertThat(bits(List.of(plans.get(model).w, plans.get(model).b)))
                    .isEqualTo(bits(List.of(walks.get(model).w, walks.get(model).b)));
        }
    }

    @Test
    void oneRuleTrainsTwoModelsOfEqualStructure() {
        CompilingEvaluator compiled = new CompilingEvaluator(Compiler.ALL);
        List<Parameter> both = List.of(Parameter.of(new double[] {1, 2}), Parameter.of(new double[] {1, 2}));
        StepRule rule = outputs -> descent(
                outputs,
                both.stream().filter(Gradients.of(outputs.getFirst())::reaches).toList());
        Stepped.by(compiled, List.of(both.get(0).square().sum()), rule);
        Stepped.by(compiled, List.of(both.get(1).square().sum()), rule);
        Stepped.by(compiled, List.of(both.get(1).square().sum()), rule);
        assertThat(both.get(0).value().toDoubles()).containsExactly(1 - 0.2, 2 - 0.4);
        assertThat(both.get(1).value().toDoubles()[0]).isCloseTo(0.64, within(1e-12));
    }

    @Test
    void stepsOfNetworksAreCloseToTheWalk() {
        for (String name : Nets.all().keySet()) {
            Nets.Net compiled = Nets.net(name, new Nets(DType.F64, 9), 5);
            Nets.Net plain = Nets.net(name, new Nets(DType.F64, 9), 5);
            CompilingEvaluator evaluator = new CompilingEvaluator(Compiler.ALL);
            StepRule rule = descent(compiled.parameters());
            for (int step = 0; step < STEPS; step++) {
                List<NDArray> found =
                        Stepped.by(evaluator, compiled.values(), rule).orElseThrow();
                List<NDArray> expected = Stepped.by(Evaluator.plain(), plain.values(), descent(plain.parameters()))
                        .orElseThrow();
                BitsTest.assertClose(found.subList(0, 2), expected.subList(0, 2));
            }
            BitsTest.assertClose(
                    compiled.parameters().stream().map(Parameter::value).toList(),
                    plain.parameters().stream().map(Parameter::value).toList());
        }
    }

    @Test
    void aStepThatIsNotFiniteChangesNothing() {
        Training plan = new Training(new CompilingEvaluator(Compiler.ALL), 3);
        NDArray data = Training.real(RandomKey.of(1));
        plan.step(data);
        List<String> before = bits(List.of(plan.w, plan.b));
        double[] bad = data.toDoubles();
        bad[4] = Double.NaN;
        assertThat(plan.step(NDArray.of(data.shape(), bad))).isEmpty();
        assertThat(bits(List.of(plan.w, plan.b))).isEqualTo(before);
        assertThat(plan.step(data)).isPresent();
        assertThat(bits(List.of(plan.w, plan.b))).isNotEqualTo(before);
    }

    /** The loss is finite, and so is one new value. */
    @Test
    void oneNewValueThatIsNotFiniteKeepsAllParameters() {
        for (Evaluator evaluator : List.of(new CompilingEvaluator(Compiler.ALL), Evaluator.plain())) {
            Parameter p = Parameter.of(new double[] {0, 4});
            Parameter q = Parameter.of(2.0);
            Tensor loss = p.sqrt().sum().plus(q.square());
            assertThat(Stepped.by(evaluator, List.of(loss), descent(List.of(q, p))))
                    .isEmpty();
            assertThat(p.value().toDoubles()).containsExactly(0, 4);
            assertThat(q.value().item()).isEqualTo(2);
        }
    }

    @Test
    void parametersMayTakeEachOthersValues() {
        for (Evaluator evaluator : List.of(new CompilingEvaluator(Compiler.ALL), Evaluator.plain())) {
            Parameter p = Parameter.of(new double[] {1, 2, 3});
            Parameter q = Parameter.of(new double[] {4, 5, 6});
            Parameter r = Parameter.of(new double[] {7, 8, 9});
            Tensor loss = Tensor.sum(List.of(p, q, r)).sum();
            StepRule swap = _ -> new StepChange(ImmutableList.of(p), ImmutableMap.of(p, q, q, p, r, r.flip(0)));
            List<NDArray> values =
                    new ArrayList<>(Stepped.by(evaluator, List.of(loss), swap).orElseThrow());
            assertThat(values.getLast().toDoubles()).containsExactly(1, 2, 3);
            assertThat(p.value().toDoubles()).containsExactly(4, 5, 6);
            assertThat(q.value().toDoubles()).containsExactly(1, 2, 3);
            assertThat(r.value().toDoubles()).containsExactly(9, 8, 7);
        }
    }

    @Test
    void aParameterMayTakeWhatOthersWereJoinedTo() {
        for (Evaluator evaluator : List.of(new CompilingEvaluator(Compiler.ALL), Evaluator.plain())) {
            Parameter p = Parameter.of(new double[] {1, 2});
            Parameter q = Parameter.of(new double[] {3});
            Parameter r = Parameter.of(new double[] {0, 0, 0});
            Tensor joined = Tensor.concat(0, List.of(p, q));
            Tensor loss = joined.square().sum().plus(r.sum());
            StepRule rule =
                    _ -> new StepChange(ImmutableList.of(), ImmutableMap.of(p, p.negate(), q, q.times(2), r, joined));
            Stepped.by(evaluator, List.of(loss), rule);
            Stepped.by(evaluator, List.of(loss), rule);
            assertThat(p.value().toDoubles()).containsExactly(1, 2);
            assertThat(q.value().toDoubles()).containsExactly(12);
            assertThat(r.value().toDoubles()).containsExactly(-1, -2, 6);
        }
    }

    private static List<Evaluator> evaluators() {
        return List.of(new CompilingEvaluator(Compiler.ALL), Evaluator.plain());
    }

    @Test
    void aNewValueForWhatNothingDependsOnIsRefusedByTheWalkAndByPlans() {
        for (Evaluator evaluator : evaluators()) {
            Parameter w = Parameter.of(1.0);
            Parameter apart = Parameter.of(new double[] {1, 2});
            StepRule rule = _ -> new StepChange(
                    ImmutableList.of(), ImmutableMap.of(w, w.times(2), apart, Tensor.zeros(DType.F64, 2)));
            assertThatThrownBy(() -> Stepped.by(evaluator, List.of(w.square()), rule))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("step with a new value for parameter (2) f64: neither an output nor a new value depends"
                            + " on that parameter; set it once instead");
            assertThat(w.value().item()).isEqualTo(1);
            assertThat(apart.value().toDoubles()).containsExactly(1, 2);
        }
    }

    @Test
    void aLossThatIsNotFiniteGivesNothingEvenIfNothingWouldChange() {
        for (Evaluator evaluator : evaluators()) {
            Parameter w = Parameter.of(1.0);
            StepRule rule = _ -> new StepChange(ImmutableList.of(), ImmutableMap.of());
            assertThat(Stepped.by(evaluator, List.of(w.minus(2).log(), w), rule))
                    .isEmpty();
            assertThat(Stepped.by(evaluator, List.of(w.minus(1).log(), w), rule))
                    .isEmpty();
            assertThat(Stepped.by(evaluator, List.of(w, w.minus(2).log()), rule))
                    .hasValueSatisfying(
                            values -> assertThat(values.getFirst().item()).isEqualTo(1));
        }
    }
}
