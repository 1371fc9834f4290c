package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.loss.Losses;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A step changes all parameters or none, and nobody sees half of one. */
class WholeOrNotTest {
    private static final String WAY =
            "; for the line that made it, build it within Tracing.run(...) or start with -Dclew.tracing=true";

    record Pair(Parameter good, Parameter bad) {}

    @Test
    void lossThatIsNotANumber() {
        Pair pair = pair(-1);
        failsWithoutChange(
                pair,
                1,
                pair.bad.log().plus(pair.good),
                "step 1: the loss is NaN, so no parameter was changed. The first value that is not finite:"
                        + " log () f64 is NaN, from -1.0; its inputs: parameter () f64" + WAY);
    }

    /** What has no elements is finite, and is not counted for what follows it. */
    @Test
    void aParameterWithoutElementsTakesNobodysName() {
        Parameter nothing = Parameter.of(new double[0]);
        Parameter bad = Parameter.of(1.0);
        Map<String, Parameter> model = new LinkedHashMap<>(); // In this order.
        model.put("nothing", nothing);
        model.put("bad", bad);
        Sgd sgd = Sgd.of(model, 1.7e308);
        Tensor steep = nothing.sum().plus(bad.times(-2));
        assertThatThrownBy(() -> sgd.step(steep)).hasMessageContaining("the new value of bad is not finite");
        assertThatThrownBy(() -> sgd.compile(steep).run(Map.of()))
                .hasMessageContaining("the new value of bad is not finite");
        assertThat(bad.value().item()).isEqualTo(1);
    }

    /** One parameter under two names is one gradient, so those after it keep theirs. */
    @Test
    void aSharedParameterTakesNobodysName() {
        Parameter shared = Parameter.of(1.0);
        Parameter bad = Parameter.of(0.0);
        Map<String, Parameter> model = new LinkedHashMap<>();
        model.put("one", shared);
        model.put("again", shared);
        model.put("bad", bad);
        assertThatThrownBy(
                        () -> Sgd.of(model, 1).step(shared.plus(bad.times(1e200).times(1e200))))
                .hasMessageContaining("the gradient of bad is not finite");
    }

    @Test
    void infiniteLoss() {
        Pair pair = pair(1000);
        failsWithoutChange(
                pair,
                1,
                pair.bad.exp().plus(pair.good),
                "step 1: the loss is Infinity, so no parameter was changed. The first value that is not finite:"
                        + " exp () f64 is Infinity, from 1000.0; its inputs: parameter () f64" + WAY);
    }

    @Test
    void infiniteGradientOfAFiniteLoss() {
        Pair pair = pair(0);
        failsWithoutChange(
                pair,
                1,
                pair.bad.times(1e200).times(1e200).plus(pair.good),
                "step 1: the gradient of bad is not finite, so no parameter was changed. The first value that is not"
                        + " finite: times () f64 is Infinity, from 1.0E200 and 1.0E200; its inputs: times () f64, constant () f64"
                        + WAY
                        + "; no parameter has a part in it: look at the data and at constants");
    }

    @Test
    void newValueThatOverflowsFromAFiniteGradient() {
        Pair pair = pair(-1.5e308);
        failsWithoutChange(
                pair,
                1e308,
                pair.bad.plus(pair.good),
                "step 1: the new value of bad is not finite, so no parameter was changed. The first value that is not"
                        + " finite: minus () f64 is -Infinity, from -1.5E308 and 1.0E308; its inputs: parameter () f64, times () f64"
                        + WAY);
    }

    @Test
    void newValueThatOverflowsInSinglePrecisionOnly() {
        Parameter bad = Parameter.of(NDArray.full(-3e38, DType.F32, Shape.of(1)));
        Parameter good = Parameter.of(NDArray.full(1, DType.F32, Shape.of(1)));
        failsWithoutChange(
                new Pair(good, bad),
                3e38,
                bad.plus(good).sum(),
                "step 1: the new value of bad is not finite, so no parameter was changed. The first value that is not"
                        + " finite: minus (1) f32 is -Infinity at [0], from "
                        + "-3.0000000054977558E38 and 3.0000000054977558E38; its inputs: parameter (1) f32,"
                        + " times (1) f32" + WAY);
    }

    @Test
    void parameterThatIsNotFiniteItself() {
        Pair pair = pair(Double.NaN);
        failsWithoutChange(
                pair,
                1,
                pair.good.square(),
                "step 1: the new value of bad is not finite, so no parameter was changed. The first value that is not"
                        + " finite: parameter () f64 is NaN; it is bad");
    }

    @Test
    void dataThatIsNotFinite() {
        Pair pair = pair(1);
        Tensor x = Tensor.of(new double[] {1, Double.POSITIVE_INFINITY});
        failsWithoutChange(
                pair,
                1,
                x.times(pair.bad).times(pair.good).sum(),
                "step 1: the loss is Infinity, so no parameter was changed. The first value that is not finite:"
                        + " constant (2) f64 is Infinity at [1]");
    }

    @Test
    void errorWhileEvaluating() {
        Pair pair = pair(1);
        Tensor label = Tensor.of(7.0).cast(DType.I32).reshape(1);
        Tensor logits = Tensor.ones(DType.F64, 1, 2).times(pair.good).times(pair.bad);
        Tensor loss = Losses.softmaxCrossEntropy(logits, label);
        List<NDArray> before = Tensor.values(pair.good, pair.bad);
        assertThatThrownBy(() -> Sgd.of(pair, 1).step(loss)).isExactlyInstanceOf(IllegalArgumentException.class);
        assertThat(Tensor.values(pair.good, pair.bad)).isEqualTo(before);
    }

    @Test
    void optimizerGoesOnAfterAStepThatFailed() {
        Pair pair = pair(2);
        Sgd sgd = Sgd.of(pair, 0.5);
        assertThatThrownBy(() -> sgd.step(pair.bad.times(Double.NaN))).isExactlyInstanceOf(ArithmeticException.class);
        sgd.step(pair.bad.plus(pair.good));
        assertThat(pair.bad.item()).isEqualTo(1.5);
        assertThat(pair.good.item()).isEqualTo(0.5);
    }

    /** Twenty parameters that are equal before every step and after it, and readers who look all the time. */
    @Test
    void readersSeeAllParametersBeforeAStepOrAllAfterIt() throws Exception {
        List<Parameter> model = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            model.add(Parameter.of(0.0));
        }
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
            Future<Integer> together = readers.submit(() -> changesSeen(model, done));
            Future<Integer> computed = readers.submit(() -> changesSeen(List.of(spread(model), model.getLast()), done));
            Tensor loss = Tensor.sum(new ArrayList<>(model)).negate();
            try {
                Sgd sgd = Sgd.of(model, 1);
                for (int i = 0; i < 5_000; i++) {
                    sgd.step(loss);
                }
            } finally {
                done.set(true);
            }
            assertThat(together.get()).isPositive();
            assertThat(computed.get()).isPositive();
        }
        assertThat(model.getFirst().item()).isEqualTo(5_000);
    }

    /** The last value that is equal for all, plus how far apart the parameters are: equal to them only if they are equal. */
    private static Tensor spread(List<Parameter> model) {
        Tensor all = Tensor.stack(0, new ArrayList<>(model));
        return all.max().plus(all.minus(all.get(0)).abs().sum());
    }

    /** How often the numbers changed, which are always equal. */
    private static int changesSeen(List<? extends Tensor> equal, AtomicBoolean done) {
        int changes = 0;
        double last = Double.NaN;
        while (!done.get()) {
            List<NDArray> values = Tensor.values(equal.toArray(new Tensor[0]));
            assertThat(values).containsOnly(values.getFirst());
            changes += values.getFirst().item() == last ? 0 : 1;
            last = values.getFirst().item();
        }
        return changes;
    }

    private static Pair pair(double bad) {
        return new Pair(Parameter.of(1.0), Parameter.of(bad));
    }

    private static void failsWithoutChange(Pair pair, double rate, Tensor loss, String message) {
        List<NDArray> before = List.of(pair.good.value(), pair.bad.value());
        ThrowingCallable step = () -> Sgd.of(pair, rate).step(loss);
        assertThatThrownBy(step).isExactlyInstanceOf(ArithmeticException.class).hasMessage(message);
        assertThat(List.of(pair.good.value(), pair.bad.value())).isEqualTo(before);
    }
}
