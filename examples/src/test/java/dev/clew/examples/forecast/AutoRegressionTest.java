package dev.clew.examples.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutoRegressionTest {
    private static final double CONSTANT = 0.5;
    private static final double LAST = 1.2;
    private static final double BEFORE = -0.6;

    /** Of the process with these coefficients and noise of this deviation. */
    private static double[] process(int length, double deviation, long seed) {
        double[] noise = RandomKey.of(seed)
                .normal(0, deviation, DType.F64, Shape.of(length))
                .toDoubles();
        double[] series = new double[length];
        for (int t = 2; t < length; t++) {
            series[t] = CONSTANT + LAST * series[t - 1] + BEFORE * series[t - 2] + noise[t];
        }
        return series;
    }

    @Test
    void aSineIsARecurrenceOfTwoSteps() {
        double step = 0.3;
        AutoRegression fit = AutoRegression.fit(
                IntStream.range(0, 100).mapToDouble(t -> Math.sin(step * t)).toArray());
        assertThat(fit.constant()).isCloseTo(0, within(1e-9));
        assertThat(fit.last()).isCloseTo(2 * Math.cos(step), within(1e-9));
        assertThat(fit.before()).isCloseTo(-1, within(1e-9));
        assertThat(fit.deviation()).isLessThan(1e-9);
    }

    /** The standard error of both coefficients of the past is √((1 − before²) / n) (Box, Jenkins, chapter 7): 0.0080 here. */
    @Test
    void theCoefficientsOfAKnownProcessAreFound() {
        AutoRegression fit = AutoRegression.fit(process(10_000, 0.7, 3));
        assertThat(fit.last()).isCloseTo(LAST, within(4 * 0.0080));
        assertThat(fit.before()).isCloseTo(BEFORE, within(4 * 0.0080));
        assertThat(fit.constant()).isCloseTo(CONSTANT, within(0.05));
        assertThat(fit.deviation()).isCloseTo(0.7, within(4 * 0.7 / Math.sqrt(20_000)));
    }

    @Test
    void whatIsLeftHasNothingInCommonWithWhatItWasToldFrom() {
        double[] series = process(60, 2, 5);
        AutoRegression fit = AutoRegression.fit(series);
        double[] products = new double[3];
        for (int t = 2; t < series.length; t++) {
            double left = series[t] - fit.ahead(series[t - 2], series[t - 1], 1)[0];
            products[0] += left;
            products[1] += left * series[t - 1];
            products[2] += left * series[t - 2];
        }
        assertThat(products).containsExactly(new double[] {0, 0, 0}, within(1e-9));
    }

    @Test
    void farForecastsGoOnFromNearOnes() {
        AutoRegression formula = new AutoRegression(CONSTANT, LAST, BEFORE, 2);
        double one = CONSTANT + LAST * 3 + BEFORE * 1;
        double two = CONSTANT + LAST * one + BEFORE * 3;
        double three = CONSTANT + LAST * two + BEFORE * one;
        assertThat(formula.ahead(1, 3, 3)).containsExactly(one, two, three);
    }

    @Test
    void farErrorsAreThoseOfTheNoiseInBetween() {
        AutoRegression formula = new AutoRegression(CONSTANT, LAST, BEFORE, 2);
        double second = LAST * LAST + BEFORE;
        assertThat(formula.deviationsAhead(3))
                .containsExactly(
                        new double[] {
                            2, 2 * Math.sqrt(1 + LAST * LAST), 2 * Math.sqrt(1 + LAST * LAST + second * second)
                        },
                        within(1e-12));
    }

    @Test
    void whatDoesNotTellThreeCoefficientsIsRefused() {
        assertThatThrownBy(() -> AutoRegression.fit(1, 2, 3, 4, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("AR(2) of a series of 5: three coefficients are told by 6 numbers or more");
        assertThatThrownBy(() -> AutoRegression.fit(3, 3, 3, 3, 3, 3, 3, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it does not tell three coefficients");
    }
}
