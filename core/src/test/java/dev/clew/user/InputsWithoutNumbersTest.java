package dev.clew.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.audit.GradientCheck;
import dev.clew.gradient.Gradients;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.run.CompilingEvaluator;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepRule;
import dev.clew.plan.Plan;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Tracing;
import dev.clew.testing.Stepped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An input of plans has no numbers outside of a run: whoever asks for what depends on it is told, and gets no number. */
class InputsWithoutNumbersTest {
    private static final List<Evaluator> EVALUATORS = List.of(Evaluator.plain(), new CompilingEvaluator(Compiler.ALL));

    private final Parameter w = Parameter.of(new double[] {1, 2});

    /** Inputs of every type and of several shapes, and a number that depends on them and on the parameter. */
    private Map<Tensor, Tensor> losses() {
        Tensor scalar = Tensor.input("x", DType.F64);
        Tensor vector = Tensor.input("x", DType.F64, 2);
        Tensor single = Tensor.input("x", DType.F32, 1, 2);
        Tensor index = Tensor.input("x", DType.I32);
        Tensor mask = Tensor.input("x", DType.BOOL, 2);
        Map<Tensor, Tensor> losses = new LinkedHashMap<>();
        losses.put(scalar, w.times(scalar).sum());
        losses.put(vector, w.times(vector).sum());
        losses.put(single, w.times(single.cast(DType.F64)).sum());
        losses.put(index, w.gather(0, index).square());
        losses.put(mask, Tensor.where(mask, w, w.negate()).sum());
        return losses;
    }

    private StepChange descent(List<Tensor> outputs) {
        Tensor slope = Gradients.of(outputs.getFirst()).wrt(w);
        return new StepChange(ImmutableList.of(slope), ImmutableMap.of(w, w.minus(slope)));
    }

    private static String inStep(Tensor input) {
        return "step with the input \"x\" " + input.shape() + " " + input.dtype() + " in its graph: an input has"
                + " numbers only while a plan runs; sgd.compile(loss), then plan.run(Map.of(input, array));"
                + " or Tensor.of(array) in its place";
    }

    private static String inValue(Tensor input) {
        return "value of the input \"x\" " + input.shape() + " " + input.dtype() + ": an input has numbers only while"
                + " a plan runs; Plan.compile(outputs), then plan.run(Map.of(input, array))";
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    @Test
    void stepsRefuseThemInTheLoss() {
        for (Evaluator evaluator : EVALUATORS) {
            losses().forEach((input, loss) ->
                    refuses(() -> Stepped.by(evaluator, List.of(loss), this::descent), inStep(input)));
        }
        assertThat(w.value().toDoubles()).containsExactly(1, 2);
    }

    @Test
    void stepsRefuseThemInFurtherOutputsInReportsAndInNewValues() {
        Tensor loss = w.square().sum();
        for (Evaluator evaluator : EVALUATORS) {
            losses().forEach((input, other) -> {
                refuses(() -> Stepped.by(evaluator, List.of(loss, other), this::descent), inStep(input));
                refuses(() -> Stepped.by(evaluator, List.of(loss, input), this::descent), inStep(input));
                StepChange reporting = new StepChange(ImmutableList.of(other), ImmutableMap.of(w, w.minus(1)));
                refuses(() -> Stepped.by(evaluator, List.of(loss), outputs -> reporting), inStep(input));
                StepChange changing = new StepChange(ImmutableList.of(), ImmutableMap.of(w, w.minus(other)));
                refuses(() -> Stepped.by(evaluator, List.of(loss), outputs -> changing), inStep(input));
            });
        }
        assertThat(w.value().toDoubles()).containsExactly(1, 2);
    }

    /** The step of a structure that is known must not take an input for data of its shape. */
    @Test
    void stepsRefuseThemAfterTheSameStepOnData() {
        for (Evaluator evaluator : EVALUATORS) {
            StepRule rule = this::descent;
            Tensor data = Tensor.of(new double[] {0, 0.5});
            assertThat(Stepped.by(evaluator, List.of(w.times(data).sum()), rule))
                    .isPresent();
            Tensor input = Tensor.input("x", DType.F64, 2);
            refuses(() -> Stepped.by(evaluator, List.of(w.times(input).sum()), rule), inStep(input));
        }
    }

    @Test
    void valuesAreRefused() {
        for (Evaluator evaluator : EVALUATORS) {
            losses().forEach((input, loss) -> ScopedValue.where(Evaluator.SCOPED, evaluator)
                    .run(() -> {
                        refuses(loss::value, inValue(input));
                        refuses(loss::item, inValue(input));
                        refuses(input::value, inValue(input));
                        refuses(() -> Tensor.values(w, loss), inValue(input));
                        refuses(() -> Tensor.values(w, input), inValue(input));
                        refuses(() -> NonFinite.first(List.of(loss)), inValue(input));
                        refuses(() -> evaluator.evaluate(List.of(loss)), inValue(input));
                        refuses(() -> evaluator.evaluate(List.of(input)), inValue(input));
                        refuses(() -> GradientCheck.of(loss, Map.of("w", w)).report(), inValue(input));
                    }));
        }
    }

    @Test
    void nothingIsKnownOfThemAndTheyPrintAsWhatTheyAre() {
        losses().forEach((input, loss) -> {
            assertThat(input.known()).isEmpty();
            assertThat(loss.known()).isEmpty();
            assertThat(input).hasToString("input \"x\" " + input.shape() + " " + input.dtype());
        });
    }

    @Test
    void tracedErrorsNameTheLineThatMadeTheInput() {
        for (Evaluator evaluator : EVALUATORS) {
            Tracing.run(() -> {
                Tensor input = Tensor.input("x", DType.F64);
                Tensor loss = w.times(input).sum();
                String site = "; input \"x\" () f64 was " + input.site().orElseThrow();
                assertThat(site).contains("InputsWithoutNumbersTest.java:");
                refuses(() -> Stepped.by(evaluator, List.of(loss), this::descent), inStep(input) + site);
                refuses(() -> evaluator.evaluate(List.of(loss)), inValue(input) + site);
            });
        }
    }

    @Test
    void plansRunOnThem() {
        Tensor x = Tensor.input("x", DType.F64, 2);
        Tensor loss = w.times(x).sum();
        Plan plan = Plan.compile(List.of(loss), descent(List.of(loss)).updates());
        NDArray given = NDArray.of(new double[] {3, 5});
        assertThat(plan.run(Map.of(x, given)).getFirst().item()).isEqualTo(13);
        assertThat(w.value().toDoubles()).containsExactly(-2, -3);
    }
}
