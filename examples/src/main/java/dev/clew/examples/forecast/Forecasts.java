package dev.clew.examples.forecast;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is expected 1, 2, ... steps after each of some times: a mean and a standard deviation, first by distance and then by time.
 */
final class Forecasts {
    private final double[][] mean;
    private final double[][] deviation;

    private Forecasts(double[][] mean, double[][] deviation) {
        this.mean = mean;
        this.deviation = deviation;
    }

    /** Of the network, of all windows, one behind the other. */
    static Forecasts of(Forecaster forecaster, SplitSeries.Windows windows) {
        Forecaster.Expected said = forecaster.expected(Tensor.of(windows.x()));
        int ahead = forecaster.ahead();
        return new Forecasts(
                byDistance(said.mean(), ahead), byDistance(said.logDeviation().exp(), ahead));
    }

    /** Shapes: (windows, time, ahead) → (ahead, windows · time). */
    private static double[][] byDistance(Tensor numbers, int ahead) {
        return numbers.reshape(-1, ahead).transpose().value().toRows();
    }

    /** Of the formula, from the time {@code from} on, so many times. */
    static Forecasts of(AutoRegression formula, double[] numbers, int from, int times, int ahead) {
        Forecasts forecasts = new Forecasts(new double[ahead][times], new double[ahead][times]);
        double[] deviations = formula.deviationsAhead(ahead);
        for (int t = 0; t < times; t++) {
            double[] means = formula.ahead(numbers[from + t - 1], numbers[from + t], ahead);
            for (int k = 0; k < ahead; k++) {
                forecasts.mean[k][t] = means[k];
                forecasts.deviation[k][t] = deviations[k];
            }
        }
        return forecasts;
    }

    /** What came so many steps after each of these times. */
    static double[] came(double[] numbers, int from, int times, int distance) {
        return Arrays.copyOfRange(numbers, from + distance, from + distance + times);
    }

    /** So many steps after each time. */
    double[] mean(int distance) {
        return mean[distance - 1].clone();
    }

    /** So many steps after each time. */
    double[] deviation(int distance) {
        return deviation[distance - 1].clone();
    }

    int times() {
        return mean[0].length;
    }

    /**
     * Beside what came, by distance.
     *
     * @param width of the interval, in standard deviations to each side
     */
    List<Judged> judged(double[] numbers, int from, double width) {
        List<Judged> judged = new ArrayList<>();
        for (int k = 0; k < mean.length; k++) {
            judged.add(Judged.of(mean[k], deviation[k], came(numbers, from, times(), k + 1), width));
        }
        return judged;
    }
}
