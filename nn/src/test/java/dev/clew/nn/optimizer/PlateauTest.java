package dev.clew.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.NDArray;
import dev.clew.tensor.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlateauTest {
    private final Parameter p = Parameter.of(1.0);
    private final Map<String, Parameter> model = Map.of("p", p);

    /** PyTorch's ReduceLROnPlateau, as its documentation says. */
    private static final class ByHand {
        private final Plateau settings;
        private double rate;
        private double best;
        private int bad;
        private long rest;

        ByHand(Plateau settings) {
            this.settings = settings;
            this.rate = settings.rate();
            this.best = settings.isSmallBetter() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }

        void report(double metric) {
            if (isBetter(metric)) {
                best = metric;
                bad = 0;
            } else {
                bad++;
            }
            if (rest > 0) {
                rest--;
                bad = 0;
            }
            if (bad > settings.patience()) {
                double next = Math.max(rate * settings.factor(), settings.least());
                rate = rate - next > settings.little() ? next : rate;
                rest = settings.cooldown();
                bad = 0;
            }
        }

        private boolean isBetter(double metric) {
            double threshold = settings.threshold();
            if (settings.isSmallBetter()) {
                return metric < (settings.isRelative() ? best * (1 - threshold) : best - threshold);
            }
            return metric > (settings.isRelative() ? best * (threshold + 1) : best + threshold);
        }
    }

    @Property(tries = 40)
    void theRateIsThatOfPyTorch(@ForAll long seed) {
        Random random = new Random(seed);
        Plateau plateau = Schedule.plateau(0.5)
                .withFactor(0.2 + 0.6 * random.nextDouble())
                .withPatience(random.nextInt(4))
                .withCooldown(random.nextInt(3))
                .withLeast(random.nextBoolean() ? 0 : 0.05);
        double threshold = random.nextBoolean() ? 0 : 0.1 * random.nextDouble();
        plateau = random.nextBoolean() ? plateau.withThreshold(threshold) : plateau.withAbsoluteThreshold(threshold);
        plateau = random.nextBoolean() ? plateau : plateau.ofLarge();
        ByHand byHand = new ByHand(plateau);
        Sgd sgd = Sgd.of(model, plateau);
        for (int i = 0; i < 60; i++) {
            // Of few different values, so that some are equal.
            double metric = 1 + 0.1 * random.nextInt(12) - 0.01 * i;
            sgd.report(metric);
            byHand.report(metric);
            assertThat(sgd.rate()).isCloseTo(byHand.rate, within(1e-13));
        }
    }

    @Test
    void whatIsNotSaidIsAsInPyTorch() {
        assertThat(Schedule.plateau(1)).isEqualTo(new Plateau(1, 0.1, 10, 1e-4, true, 0, 0, 1e-8, true));
    }

    @Test
    void stepsAndPlansGoOnAtTheNewRate() {
        Sgd sgd = Sgd.of(
                model,
                Schedule.warmUp(1).then(Schedule.plateau(1).withPatience(0).withFactor(0.5)));
        var plan = sgd.compile(p.times(1));
        plan.run(Map.of());
        assertThat(p.item()).isEqualTo(0);
        sgd.report(1);
        sgd.report(1);
        plan.run(Map.of());
        assertThat(p.item()).isEqualTo(-0.5);
        sgd.step(p.times(1));
        assertThat(p.item()).isEqualTo(-1);
    }

    @Test
    void aMetricThatIsNotFiniteChangesNothing() {
        Sgd sgd = Sgd.of(model, Schedule.plateau(1));
        sgd.report(1);
        List<NDArray> before =
                sgd.state().values().stream().map(Parameter::value).toList();
        for (double metric : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> sgd.report(metric))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("report " + metric + ": a metric is compared with others, so it must be finite;"
                            + " no schedule has heard it");
        }
        assertThat(sgd.state().values().stream().map(Parameter::value).toList()).isEqualTo(before);
    }

    @Test
    void whoDoesNotListenHearsNothing() {
        Sgd sgd = Sgd.of(model, Schedule.cosine(10, 1, 0));
        sgd.report(1);
        assertThat(sgd.rate()).isEqualTo(1);
    }

    @Test
    void numbersThatMakeNoSense() {
        assertThatThrownBy(() -> Schedule.plateau(1).withFactor(1))
                .hasMessage("plateau with factor = 1.0: the rate becomes smaller by a factor above 0 and below 1");
        assertThatThrownBy(() -> Schedule.plateau(1).withLeast(2))
                .hasMessage("plateau with least = 2.0: it must not be above the rate, 1.0");
        assertThatThrownBy(() -> Schedule.plateau(1).withPatience(-1))
                .hasMessage("plateau with patience = -1: it must be 0 or more");
    }
}
