package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Rates beside the formulas of PyTorch's documentation of torch.optim.lr_scheduler. */
class ScheduleTest {
    private final Parameter a = Parameter.of(3.0);
    private final Parameter b = Parameter.of(4.0);
    private final Map<String, Parameter> model = Map.of("a", a);

    private static void equal(Schedule schedule, int steps, LongToDoubleFunction expected) {
        for (int step = 0; step < steps; step++) {
            double rate = expected.applyAsDouble(step);
            assertThat(schedule.at(step)).as("step %s", step).isCloseTo(rate, within(1e-13 * Math.max(rate, 1e-3)));
        }
    }

    @Property(tries = 20)
    void stepsAndExponentialsMultiply(
            @ForAll @DoubleRange(min = 0, max = 1) double rate,
            @ForAll @IntRange(min = 1, max = 9) int every,
            @ForAll @DoubleRange(min = 0, max = 1.1) double factor) {
        double[] now = {rate};
        equal(Schedule.step(rate, every, factor), 40, step -> {
            now[0] *= step > 0 && step % every == 0 ? factor : 1;
            return now[0];
        });
        double[] power = {rate / factor};
        if (factor > 0.01) {
            equal(Schedule.exponential(rate, factor), 40, _ -> power[0] *= factor);
        }
    }

    /** The recursive form that PyTorch computes, and its closed one. */
    @Property(tries = 20)
    void cosineIsHalfAWaveAndThenStays(
            @ForAll @IntRange(min = 1, max = 40) int steps,
            @ForAll @DoubleRange(min = 0, max = 1) double from,
            @ForAll @DoubleRange(min = 0, max = 1) double to) {
        equal(
                Schedule.cosine(steps, from, to),
                50,
                step -> to + (from - to) * (1 + Math.cos(Math.PI * Math.min(step, steps) / steps)) / 2);
    }

    @Property(tries = 20)
    void oneCycleGoesUpAndDownAndThenStays(
            @ForAll @IntRange(min = 8, max = 40) int steps,
            @ForAll @DoubleRange(min = 0.2, max = 0.9) double share,
            @ForAll @DoubleRange(min = 0.1, max = 1) double most) {
        double first = most / 25;
        double last = first / 1e4;
        double top = share * steps - 1;
        equal(Schedule.oneCycle(steps, most, share, 25, 1e4), steps + 5, t -> {
            double step = Math.min(t, steps - 1);
            if (step <= top) {
                return most + (first - most) / 2 * (Math.cos(Math.PI * step / top) + 1);
            }
            return last + (most - last) / 2 * (Math.cos(Math.PI * (step - top) / (steps - 1 - top)) + 1);
        });
        assertThat(Schedule.oneCycle(steps, most).at(0)).isCloseTo(first, within(1e-15));
    }

    @Property(tries = 20)
    void warmUpIsALineToTheFirstRateOfWhatFollows(
            @ForAll @IntRange(min = 1, max = 20) int steps, @ForAll @DoubleRange(min = 0, max = 1) double from) {
        Schedule cosine = Schedule.cosine(10, 0.5, 0.1);
        equal(
                Schedule.warmUp(steps).from(from).then(cosine),
                40,
                step -> step < steps ? 0.5 * (from + (1 - from) * step / steps) : cosine.at(step - steps));
    }

    @Test
    void warmUpBeginsWithAPartAndNotWithNothing() {
        Schedule warm = Schedule.warmUp(4).then(Schedule.constant(8));
        assertThat(List.of(warm.at(0), warm.at(1), warm.at(2), warm.at(3), warm.at(4), warm.at(99)))
                .containsExactly(2.0, 3.5, 5.0, 6.5, 8.0, 8.0);
    }

    @Test
    void oneAfterTheOtherAndTimesAFactor() {
        Schedule two =
                Schedule.constant(1).until(3, Schedule.exponential(0.5, 0.5).times(2));
        assertThat(List.of(two.at(0), two.at(2), two.at(3), two.at(4))).containsExactly(1.0, 1.0, 1.0, 0.5);
        assertThat(two).hasToString("1.0.until(3, exponential(0.5, 0.5).times(2.0))");
        assertThat(Schedule.constant(2).times(0.5)).isEqualTo(Schedule.constant(1));
    }

    @Test
    void theRateOfAStepIsThatOfItsNumber() {
        Schedule schedule = Schedule.warmUp(2).then(Schedule.cosine(5, 0.1, 0.01));
        Sgd sgd = Sgd.of(model, schedule);
        double x = 3;
        for (int step = 0; step < 10; step++) {
            assertThat(sgd.rate()).isEqualTo(schedule.at(step));
            sgd.step(a.square());
            x -= schedule.at(step) * 2 * x;
            assertThat(a.item()).isCloseTo(x, within(1e-13));
        }
        assertThat(sgd.state()).containsOnlyKeys("rate.steps");
    }

    @Test
    void aUsersOwnIsALine() {
        Parameter byHand = Parameter.of(0.25);
        Sgd ofRoot = Sgd.of(model, step -> step.plus(1).rsqrt());
        ofRoot.step(a.times(1));
        ofRoot.step(a.times(1));
        assertThat(a.item()).isCloseTo(3 - 1 - 1 / Math.sqrt(2), within(1e-15));
        Sgd sgd = Sgd.of(Map.of("b", b), _ -> byHand);
        sgd.step(b.times(1));
        byHand.set(Tensor.of(0.5).value());
        assertThat(sgd.rate()).isEqualTo(0.5);
        sgd.step(b.times(1));
        assertThat(b.item()).isEqualTo(4 - 0.25 - 0.5);
    }

    @Test
    void aScheduleThatGivesNoNumberIsRefused() {
        assertThatThrownBy(() -> Sgd.of(model, new Named(Tensor.of(new double[] {1, 2}))))
                .hasMessage(
                        "optimizer: the schedule the schedule gives the rate constant (2) f64; a rate is one number,"
                                + " () f64, as its step is");
        assertThatThrownBy(() -> Sgd.of(model, new Named(Tensor.of(1f))))
                .hasMessageContaining("gives the rate constant () f32");
    }

    private record Named(Tensor rate) implements Schedule {
        @Override
        public Tensor at(Tensor step) {
            return rate;
        }

        @Override
        public String toString() {
            return "the schedule";
        }
    }

    @Test
    void ratesThatStayAreNotCounted() {
        assertThat(Sgd.of(model, Schedule.constant(0.5)).state()).isEmpty();
        assertThat(Sgd.of(model, 0.5))
                .hasToString(Sgd.of(model, Schedule.constant(0.5)).toString());
    }

    @Test
    void patternsHaveRatesOfTheirOwn() {
        record Layer(Parameter w, Parameter bias) {}
        record Net(Layer body, Layer head) {}
        Net net = new Net(
                new Layer(Parameter.of(0.0), Parameter.of(0.0)), new Layer(Parameter.of(0.0), Parameter.of(0.0)));
        Sgd sgd = Sgd.of(net, 1)
                .withRate("head.*", Schedule.exponential(4, 0.5))
                .withRate("*.bias", 0)
                .withRate("head.bias", 2);
        assertThat(sgd.rate()).isEqualTo(4);
        for (int step = 0; step < 2; step++) {
            sgd.step(Tensor.sum(List.of(net.body.w, net.body.bias, net.head.w, net.head.bias)));
        }
        assertThat(List.of(net.body.w.item(), net.body.bias.item(), net.head.w.item(), net.head.bias.item()))
                .containsExactly(-2.0, 0.0, -6.0, -4.0);
        assertThat(sgd)
                .hasToString(
                        "Sgd after 2 steps: body.w () at 1.0, body.bias () at 0.0, head.w () at exponential(4.0, 0.5), head.bias"
                                + " () at 2.0");
        assertThatThrownBy(() -> sgd.withRate("foot.*", 1))
                .hasMessage("rate for parameters that match 'foot.*': there are none. The names are [body.w, body.bias,"
                        + " head.w, head.bias]");
    }

    @Test
    void severalSchedulesKeepTheirNumbersApart() {
        Sgd sgd = Sgd.of(List.of(a, b), Schedule.plateau(1).withPatience(0))
                .withRate(b, Schedule.plateau(1).withPatience(1));
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sgd.report(1);
            rates.add(sgd.rate());
        }
        // One changes at the second report, the other at the third.
        assertThat(rates).containsExactly(1.0, 1.0, 0.1);
        assertThat(sgd.state()).containsKeys("rate.plateau.best", "rate.1.plateau.best");
    }

    @Test
    void ratesAreCastToTheTypeOfTheParameter() {
        Parameter single = Parameter.of(1f);
        Sgd.of(List.of(single), Schedule.exponential(0.1, 0.5)).step(single.times(1));
        assertThat(single.value().toFloats()).containsExactly(1f - 0.1f);
        assertThat(single.dtype()).isEqualTo(DType.F32);
    }

    @Test
    void aRateIsReportedAsItIsAlsoBelowZero() {
        assertThat(Sgd.of(model, step -> step.times(0).minus(0.5)).rate()).isEqualTo(-0.5);
    }

    @Test
    void theStepsAreCountedByAllWaysTogether() {
        Sgd sgd = Sgd.of(model, Schedule.exponential(1, 0.5));
        sgd.step(a.times(1));
        sgd.compile(a.times(1)).run(Map.of());
        sgd.step(Map.of(a, Tensor.of(1.0).value()));
        assertThat(a.item()).isEqualTo(3 - 1 - 0.5 - 0.25);
        assertThat(Objects.requireNonNull(sgd.state().get("rate.steps")).item()).isEqualTo(3);
    }

    @Test
    void numbersThatMakeNoSense() {
        assertThatThrownBy(() -> Schedule.constant(-1))
                .hasMessage("learning rate -1.0: it must be a finite number, 0 or more");
        assertThatThrownBy(() -> Schedule.cosine(0, 1, 0)).hasMessage("cosine with steps = 0: it must be 1 or more");
        assertThatThrownBy(() -> Schedule.step(1, 0, 0.5)).hasMessage("step with every = 0: it must be 1 or more");
        assertThatThrownBy(() -> Schedule.exponential(Double.NaN, 0.5))
                .hasMessage("exponential with rate = NaN: it must be a finite number, 0 or more");
        assertThatThrownBy(() -> Schedule.oneCycle(3, 1))
                .hasMessage(
                        "oneCycle of 3 steps, of which a share of 0.3 goes up: more than one step must, and not all");
        assertThatThrownBy(() -> Schedule.oneCycle(10, 1, 0.3, 0, 1))
                .hasMessage(
                        "oneCycle from the most divided by 0.0 to that divided by 1.0: both must be finite numbers above 0");
        assertThatThrownBy(() -> Schedule.warmUp(0)).hasMessage("warmUp with steps = 0: it must be 1 or more");
        assertThatThrownBy(() -> Schedule.warmUp(2).from(2))
                .hasMessage("warmUp from the share 2.0 of a rate: it must be from 0 to 1");
        assertThatThrownBy(() -> Schedule.constant(1).until(0, Schedule.constant(2)))
                .hasMessage("schedule with steps = 0: it must be 1 or more");
    }
}
