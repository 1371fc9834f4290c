package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AverageTest {
    private record Model(Parameter a, Parameter fixed) {}

    private final Model model = new Model(Parameter.of(3.0), Parameter.of(new double[] {1, 2}));

    @Property(tries = 10)
    void movingAverageBeginsWithTheFirstStep(@ForAll @DoubleRange(min = 0, max = 0.99) double decay) {
        Parameter p = Parameter.of(3.0);
        Sgd sgd = Sgd.of(List.of(p), 0.1).withAverage(Average.moving(decay));
        double mean = 0;
        for (int step = 0; step < 20; step++) {
            sgd.step(p.square().plus(p.times(step)));
            mean = step == 0 ? p.item() : decay * mean + (1 - decay) * p.item();
            assertThat(sgd.averaged(List.of(p)).getFirst().item()).isCloseTo(mean, within(1e-12));
        }
    }

    @Property(tries = 20)
    void stochasticAverageIsTheMeanOfEverySoManySteps(
            @ForAll @IntRange(min = 1, max = 8) int from, @ForAll @IntRange(min = 1, max = 4) int every) {
        Parameter p = Parameter.of(3.0);
        Sgd sgd = Sgd.of(List.of(p), 0.1).withAverage(Average.stochastic(from, every));
        double sum = 0;
        int count = 0;
        for (int step = 1; step <= 20; step++) {
            sgd.step(p.square().plus(p.times(step)));
            if (step >= from && (step - from) % every == 0) {
                sum += p.item();
                count++;
            }
            assertThat(sgd.averaged(List.of(p)).getFirst().item())
                    .isCloseTo(count == 0 ? p.item() : sum / count, within(1e-12));
        }
    }

    @Test
    void aCopyHoldsTheAveragesAndTheModelStays() {
        Sgd sgd = Sgd.of(List.of(model.a), 0.5).withAverage(Average.moving(0.5));
        sgd.step(model.a.times(2));
        sgd.step(model.a.times(2));
        Model averaged = sgd.averaged(model);
        assertThat(averaged.a.item()).isEqualTo(1.5);
        assertThat(model.a.item()).isEqualTo(1);
        assertThat(averaged.fixed.value()).isEqualTo(model.fixed.value());
        assertThat(averaged.fixed).isNotSameAs(model.fixed);
        assertThat(sgd.state()).containsOnlyKeys("averages.taken", "average.0");
    }

    @Test
    void averagesAreNeverFarFromWhatTheyAreOf() {
        Sgd none = Sgd.of(model, 0.5);
        assertThatThrownBy(() -> none.averaged(model))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "averaged: this optimizer keeps no averages; make it so: withAverage(Average.moving(0.999))");
        Sgd sgd = none.withAverage(Average.moving(0.5));
        assertThatThrownBy(() -> sgd.averaged(List.of(Parameter.of(1.0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "averaged model with the parameters [0]: this optimizer trains none of them; is it another copy"
                                + " of the model?");
        assertThatThrownBy(() -> Average.moving(1))
                .hasMessage("moving average with decay = 1.0: the weight of the past must be at least 0 and below 1");
        assertThatThrownBy(() -> Average.stochastic(0, 1))
                .hasMessage("stochastic average with from = 0: it must be 1 or more");
    }

    @Test
    void singlePrecisionStaysSo() {
        Parameter p = Parameter.of(1f);
        Sgd sgd = Sgd.of(List.of(p), 0.5).withAverage(Average.stochastic(1, 1));
        sgd.step(p.times(1));
        sgd.step(p.times(1));
        assertThat(sgd.averaged(List.of(p)).getFirst().value())
                .isEqualTo(Tensor.of(0.25f).value());
    }

    @Test
    void parametersMayHaveTheNamesOfWhatIsCounted() {
        record Named(Parameter taken, Parameter steps) {}
        Named model = new Named(Parameter.of(4.0), Parameter.of(8.0));
        Sgd sgd = Sgd.of(model, 0.25).withMomentum(0.5).withAverage(Average.stochastic(1, 1));
        Tensor loss = model.taken.plus(model.steps);
        for (int i = 0; i < 2; i++) {
            assertThat(sgd.step(loss).loss()).isEqualTo(i == 0 ? 12 : 11.5);
        }
        // 4 - 0.25, then less 0.25 · 1.5.
        assertThat(sgd.averaged(model).taken().value().item()).isEqualTo((3.75 + 3.375) / 2);
    }
}
