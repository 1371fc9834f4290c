package dev.clew.examples.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.clew.array.DType;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ForecastsTest {
    private static final SplitSeries.Cut CUT = new SplitSeries.Cut(8, 2, 5);

    private static double[] series() {
        return RandomKey.of(1).normal(5, 3, DType.F64, Shape.of(200)).toDoubles();
    }

    @Test
    void errorsAndTheShareWithinTheIntervalAreCounted() {
        Judged judged = Judged.of(new double[] {0, 0, 0, 0}, new double[] {1, 1, 1, 2}, new double[] {1, 2, -3, 4}, 2);
        assertThat(judged.error()).isEqualTo(Math.sqrt((1 + 4 + 9 + 16) / 4.0));
        assertThat(judged.coverage()).as("the bounds belong to it").isEqualTo(0.75);
    }

    @Test
    void bothSpeakOfTheSameTimes() {
        SplitSeries split = SplitSeries.of(series());
        Forecaster forecaster = Forecaster.create(3, 3, 2, RandomKey.of(2));
        Forecasts network = Forecasts.of(forecaster, split.toJudge(CUT));
        Forecasts formula =
                Forecasts.of(AutoRegression.fit(split.past()), split.numbers(), split.chosen(), network.times(), 2);
        assertThat(network.times()).isEqualTo(25);
        assertThat(formula.times()).isEqualTo(25);
        // The GRU alone, told the numbers up to the second window's second judged time.
        int at = split.chosen() + 5 + 1;
        float[] seen = new float[5];
        for (int i = 0; i < 5; i++) {
            seen[i] = (float) split.numbers()[at - 4 + i];
        }
        Forecaster.Expected said = forecaster.expected(Tensor.of(seen).reshape(1, 5, 1));
        for (int k = 0; k < 2; k++) {
            assertThat(network.mean(k + 1)[6]).isCloseTo(said.mean().value().get(0, 1, k), within(1e-6));
            assertThat(network.deviation(k + 1)[6])
                    .isCloseTo(Math.exp(said.logDeviation().value().get(0, 1, k)), within(1e-6));
        }
    }

    @Test
    void aForecastKnowsNothingOfWhatComesAfterIt() {
        SplitSeries split = SplitSeries.of(series());
        double[] other = series();
        Arrays.fill(other, split.chosen() + 1, other.length, -1e3);
        SplitSeries changed = SplitSeries.of(other);
        Forecaster forecaster = Forecaster.create(3, 3, 2, RandomKey.of(2));
        assertThat(first(forecaster, changed)).containsExactly(first(forecaster, split));
    }

    private static double[] first(Forecaster forecaster, SplitSeries split) {
        Forecasts network = Forecasts.of(forecaster, split.toJudge(CUT));
        Forecasts formula = Forecasts.of(AutoRegression.fit(split.past()), split.numbers(), split.chosen(), 1, 2);
        return new double[] {
            network.mean(1)[0], network.mean(2)[0], network.deviation(2)[0], formula.mean(1)[0], formula.mean(2)[0]
        };
    }

    @Test
    void aChartHasWhatCameWhatWasExpectedAndTheInterval() {
        String chart = Chart.of(new double[] {0, 5, 10}, new double[] {0, 10, 100}, new double[] {0, 9, 0}, 3);
        assertThat(chart).isEqualTo("""
                  |  xo
                  |  o
                  | @.
                from -1.000 to 11.00""");
    }
}
