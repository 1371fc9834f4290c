package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Stepped;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the evaluator of {@code value()} does with a structure that it sees for the first time, and with one that it sees again. */
final class FirstLookTest {
    private final CompilingEvaluator evaluator = new CompilingEvaluator();

    private static Tensor loop(Parameter w, double start) {
        Tensor h = Tensor.of(start);
        for (int t = 0; t < 100; t++) {
            h = w.times(h).tanh().plus(0.001);
        }
        return h.plus(Gradients.of(h).wrt(w));
    }

    private static NDArray drawn(int seed, int... shape) {
        return RandomKey.of(seed).normal(0, 1, DType.F64, Shape.of(shape));
    }

    private List<String> asked(List<Tensor> outputs) {
        return BitsTest.bits(evaluator.evaluate(outputs));
    }

    @Test
    void whatIsSeenOnceIsWalkedAndWhatIsSeenAgainIsCompiled() {
        Parameter w = Parameter.of(0.7);
        List<String> first = asked(List.of(loop(w, 0.3)));
        assertThat(evaluator.compilations()).isZero();
        assertThat(asked(List.of(loop(w, 0.3)))).isEqualTo(first);
        assertThat(evaluator.compilations()).isEqualTo(1);
        asked(List.of(loop(w, 0.4)));
        assertThat(evaluator.compilations()).isEqualTo(1);
    }

    /** Their sum may be one product, with other last bits than those of the walk: the second answer would not be the first. */
    @Test
    void sumsThatPlansMergeAreCompiledAtOnce() {
        Tensor products = Tensor.of(drawn(1, 3, 4))
                .matmul(Tensor.of(drawn(2, 4, 5)))
                .plus(Tensor.of(drawn(3, 3, 4)).matmul(Tensor.of(drawn(4, 4, 5))));
        asked(List.of(products));
        assertThat(evaluator.compilations()).isEqualTo(1);
        Tensor rows =
                Tensor.of(drawn(5, 3, 4)).sum(0).plus(Tensor.of(drawn(6, 3, 4)).sum(0));
        asked(List.of(rows));
        assertThat(evaluator.compilations()).isEqualTo(2);
    }

    @Test
    void largeProductsAreCompiledAtOnce() {
        asked(List.of(Tensor.of(drawn(1, 128, 128)).matmul(Tensor.of(drawn(2, 128, 128)))));
        assertThat(evaluator.compilations()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void theSecondAnswerHasTheBitsOfTheFirst(int steps) {
        for (Map.Entry<String, ?> net : Nets.all().entrySet()) {
            for (boolean isWhole : List.of(false, true)) {
                Nets.Net first = Nets.net(net.getKey(), new Nets(DType.F32, steps), steps);
                Nets.Net second = Nets.net(net.getKey(), new Nets(DType.F32, steps), steps);
                assertThat(asked(isWhole ? second.outputs() : List.of(second.last())))
                        .as("%s of %d steps", net.getKey(), steps)
                        .isEqualTo(asked(isWhole ? first.outputs() : List.of(first.last())));
            }
        }
    }

    /** A run that is resumed sees for the first time what the other one had seen before. */
    @Test
    void aStepIsThePlansFromTheFirstOn() {
        Parameter w = Parameter.of(0.7);
        StepRule rule = outputs -> new StepChange(ImmutableList.of(), ImmutableMap.of(w, w.times(0.5)));
        assertThat(Stepped.by(evaluator, List.of(loop(w, 0.3)), rule)).isPresent();
        assertThat(evaluator.compilations()).isEqualTo(1);
    }
}
