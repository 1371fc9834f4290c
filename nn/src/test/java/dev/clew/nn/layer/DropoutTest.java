package dev.clew.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.nn.Warnings;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.plan.Plan;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final RandomKey KEY = RandomKey.of(7);

    @Test
    void keepsTheMeanAndScalesWhatItKeeps() {
        double[] y = Dropout.dropout(Tensor.ones(DType.F64, 100, 1000), 0.25, KEY)
                .value()
                .toDoubles();
        assertThat(Arrays.stream(y).distinct().sorted().toArray()).containsExactly(0, 1 / 0.75);
        assertThat(Arrays.stream(y).average().orElseThrow()).isCloseTo(1, within(0.01));
    }

    @Test
    void gradientIsTheMaskAndTheSameKeyGivesTheSameMask() {
        Parameter x = Parameter.of(KEY.normal(0, 1, DType.F32, Shape.of(50)));
        Dropout dropout = new Dropout(0.5);
        Tensor y = dropout.of(x, KEY);
        double[] slope = Gradients.of(y.sum()).wrt(x).value().toDoubles();
        assertThat(slope)
                .isEqualTo(dropout.of(Tensor.ones(DType.F32, 50), KEY).value().toDoubles());
        assertThat(dropout.of(x, KEY).value()).isEqualTo(y.value());
        assertThat(dropout.of(x, KEY.fold(1)).value()).isNotEqualTo(y.value());
    }

    @Test
    void edges() {
        Parameter x = Parameter.of(new double[] {1, Double.NaN});
        assertThat(new Dropout(0.5).of(x)).isSameAs(x);
        assertThat(new Dropout(0).of(x, KEY)).isSameAs(x);
        Tensor none = new Dropout(1).of(x, KEY);
        assertThat(none.value().toDoubles()).containsExactly(0, 0);
        assertThat(Gradients.of(none.sum()).wrt(x).value().toDoubles()).containsExactly(0, 0);
        assertThatThrownBy(() -> new Dropout(-0.1)).hasMessage("dropout at rate -0.1: it goes from 0 to 1");
    }

    @Test
    void keyAsATensorDropsWhatTheKeyDrops() {
        Parameter x = Parameter.of(KEY.normal(0, 1, DType.F64, Shape.of(20, 3)));
        for (RandomKey key : List.of(KEY, RandomKey.of(-1), RandomKey.of(0x1234_5678_9ABC_DEF0L), KEY.fold(3))) {
            Tensor drawn = Dropout.dropout(x, 0.4, key);
            Tensor asked = Dropout.dropout(x, 0.4, Tensor.of(key.words()));
            assertThat(asked.value()).isEqualTo(drawn.value());
            assertThat(Gradients.of(asked.sum()).wrt(x).value())
                    .isEqualTo(Gradients.of(drawn.sum()).wrt(x).value());
            assertThat(RandomKey.of(key.words())).isEqualTo(key);
        }
    }

    @Test
    void keyAsAnInputOfAPlanDropsOtherElementsInEveryRun() {
        try (Warnings warnings = Warnings.collected("dev.clew.plan")) {
            Parameter w = Parameter.of(KEY.normal(0, 1, DType.F64, Shape.of(30)));
            Tensor key = Tensor.input("key", DType.I32, 2);
            Tensor y = Dropout.dropout(w, 0.5, key);
            Plan plan = Plan.compile(List.of(y, Gradients.of(y.sum()).wrt(w)));
            for (int step = 0; step < 5; step++) {
                RandomKey now = KEY.fold(step);
                double[] dropped = now.bernoulli(0.5, Shape.of(30)).toDoubles();
                List<NDArray> run = plan.run(Map.of(key, now.words()));
                for (int i = 0; i < dropped.length; i++) {
                    assertThat(run.get(0).get(i))
                            .isEqualTo(dropped[i] == 1 ? 0 : 2 * w.value().get(i));
                    assertThat(run.get(1).get(i)).isEqualTo(dropped[i] == 1 ? 0 : 2);
                }
            }
            assertThat(warnings.messages()).isEmpty();
        }
    }

    @Test
    void planThatWouldRepeatAMaskSaysSoWhenItIsCompiled() {
        Parameter w = Parameter.of(new double[] {1, 2, 3});
        Tensor loss = Dropout.dropout(w, 0.5, KEY)
                .plus(Dropout.dropout(w, 0.5, KEY.fold(1)))
                .sum();
        String said =
                "WARNING The plan repeats 2 random mask(s), the first constant (3) bool, in every run: they were drawn"
                        + " when the formula was built. Make the key an input instead: key = Tensor.input(\"key\", DType.I32, 2);"
                        + " dropout(x, rate, key); plan.run(Map.of(key, randomKey.fold(step).words(), ...));";
        try (Warnings warnings = Warnings.collected("dev.clew.plan")) {
            Plan.compile(List.of(loss));
            assertThat(warnings.messages()).containsExactly(said);
            Sgd.of(w, 0.1).compile(loss);
            assertThat(warnings.messages()).containsExactly(said, said);
        }
    }

    @Test
    void masksDrawnForEveryStepAndOtherConstantsAreOrdinary() {
        Parameter w = Parameter.of(new double[] {1, 2, 3});
        Sgd sgd = Sgd.of(w, 0.1);
        try (Warnings warnings = Warnings.collected("dev.clew.plan")) {
            for (int step = 0; step < 4; step++) {
                sgd.step(Dropout.dropout(w, 0.5, KEY.fold(step)).square().sum());
            }
            Plan.compile(List.of(w.times(Tensor.of(KEY.normal(0, 1, DType.F64, Shape.of(3))))));
            assertThat(warnings.messages()).isEmpty();
        }
    }

    @Test
    void keysThatAreNoneAreRefused() {
        Tensor x = Tensor.ones(DType.F64, 3);
        assertThatThrownBy(() -> Dropout.dropout(x, 0.5, Tensor.of(7)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("dropout of constant (3) f64 with the key constant () i32: a key is two integers, (2) i32:"
                        + " Tensor.input(\"key\", DType.I32, 2), which takes randomKey.words()");
        assertThatThrownBy(() -> RandomKey.of(NDArray.of(new double[] {1, 2})))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("key of an array (2) f64: a key is two integers, (2) i32, as RandomKey.words() gives them");
    }

    private static String repeated(Tensor loss) {
        return "WARNING The steps of " + loss.describe() + " repeat 1 random mask(s), the first constant (3) bool: they"
                + " were drawn when the formula was built. Build the loss anew for every step, with dropout(x, rate,"
                + " key.fold(step)); or compile it once with the key as an input: key = Tensor.input(\"key\","
                + " DType.I32, 2);";
    }

    @Test
    void stepsThatRepeatAMaskSaySoOnceAndStepsWithMasksOfTheirOwnDoNot() {
        Parameter w = Parameter.of(new double[] {1, 2, 3});
        Sgd sgd = Sgd.of(w, 0.01);
        try (Warnings warnings = Warnings.collected("dev.clew.tensor")) {
            for (int step = 0; step < 4; step++) {
                sgd.step(Dropout.dropout(w, 0.5, KEY.fold(step)).square().sum());
            }
            Tensor fixed = w.square().sum();
            for (int step = 0; step < 4; step++) {
                sgd.step(fixed);
            }
            assertThat(warnings.messages()).isEmpty();
            Tensor loss = Dropout.dropout(w, 0.5, KEY).square().sum();
            sgd.step(loss);
            assertThat(warnings.messages()).isEmpty();
            for (int step = 0; step < 4; step++) {
                sgd.step(loss);
            }
            assertThat(warnings.messages()).containsExactly(repeated(loss));
        }
    }
}
